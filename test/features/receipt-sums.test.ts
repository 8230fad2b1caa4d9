import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { openFloor } from '../support/orders.ts';
import { askRefund, decideClaim, fileClaim } from '../support/paying-back.ts';
import { type Bought, buy, pick, receiptOf, stockedProduct } from '../support/receipts.ts';
import { openShop, type Shop } from '../support/shop.ts';
import { type StandardShop, standardShop } from '../support/standard-shop.ts';

let shop: Shop;
let goods: StandardShop;
let floor: Awaited<ReturnType<typeof openFloor>>;
beforeAll(async () => {
  shop = await openShop();
  goods = await standardShop(shop);
  floor = await openFloor(shop);
});

const RUNS = 10_000;
const agorot = fc.integer({ min: 1, max: 20_000 });

/** A basket: lines with a discount each, deposits, a delivery fee; then refunds of lines and of amounts, some of which fail. */
const basket = fc.record({
  rate: fc.constantFrom('17.00', '18.00', '0.00', '7.50', '100.00'),
  fee: fc.constantFrom(0, 3000),
  lines: fc.array(
    fc.record({
      price: agorot,
      quantity: fc.integer({ min: 1, max: 9 }),
      discount: fc.integer({ min: 0, max: 100 }),
      deposit: fc.constantFrom(0, 0, 30, 120),
      isZero: fc.boolean(),
    }),
    { minLength: 1, maxLength: 6 },
  ),
  refunds: fc.array(
    fc.record({
      // Of what is left, in percent; the last one may take all.
      share: fc.integer({ min: 1, max: 100 }),
      line: fc.option(fc.nat(5), { nil: null }),
      fails: fc.boolean(),
    }),
    { maxLength: 6 },
  ),
});

/**
 * Does with each basket what `issue_receipt` and `issue_credit_note` do, with their functions, and answers the baskets that went
 * wrong: a part below zero, parts or VAT that do not add up, more paid back than was paid.
 */
const WALK = `
  create function walk(baskets jsonb) returns setof jsonb language plpgsql as $$
  declare
    basket jsonb;
    refund jsonb;
    line jsonb;
    rate numeric;
    total numeric; standard numeric; zero numeric; deposit numeric; vat numeric;
    noted numeric;
    amount numeric;
    part record;
    wrong text;
  begin
    for basket in select * from jsonb_array_elements(baskets) loop
      rate := basket ->> 'rate';
      select coalesce(sum(l.amount) filter (where not l.zero), 0) + (basket ->> 'fee')::numeric / 100,
          coalesce(sum(l.amount) filter (where l.zero), 0), sum(l.deposit)
        into standard, zero, deposit
        from (
          select (x ->> 'isZero')::boolean as zero, (x ->> 'quantity')::numeric * (x ->> 'deposit')::numeric / 100 as deposit,
            (x ->> 'price')::numeric / 100 * (x ->> 'quantity')::numeric
              - round((x ->> 'price')::numeric / 100 * (x ->> 'quantity')::numeric * (x ->> 'discount')::numeric / 100, 2) as amount
          from jsonb_array_elements(basket -> 'lines') x
        ) l;
      total := standard + zero + deposit;
      vat := vat_in(standard, rate);
      noted := 0;
      wrong := null;
      for refund in select * from jsonb_array_elements(basket -> 'refunds') loop
        amount := round((total - noted) * (refund ->> 'share')::numeric / 100, 2);
        continue when amount = 0;
        line := basket -> 'lines' -> (refund ->> 'line')::integer;
        select * into part from split_credit(amount,
          case when line is not null then case when (line ->> 'isZero')::boolean then 0 else amount end end,
          case when line is not null then case when (line ->> 'isZero')::boolean then amount else 0 end end,
          case when line is not null then 0 end, standard, zero, deposit);
        if part.standard + part.zero + part.deposit <> amount or least(part.standard, part.zero, part.deposit) < 0
            or part.standard > standard or part.zero > zero or part.deposit > deposit then
          wrong := 'parts';
        end if;
        if part.deposit > 0 and amount <= standard + zero then
          wrong := 'a deposit was touched';
        end if;
        continue when (refund ->> 'fails')::boolean;
        vat := vat - (vat_in(standard, rate) - vat_in(standard - part.standard, rate));
        standard := standard - part.standard;
        zero := zero - part.zero;
        deposit := deposit - part.deposit;
        noted := noted + amount;
        if vat <> vat_in(standard, rate) or vat < 0 or vat > standard then
          wrong := 'vat';
        end if;
      end loop;
      if noted > total or total - noted <> standard + zero + deposit then
        wrong := 'sum';
      end if;
      if wrong is not null then
        return next basket || jsonb_build_object('wrong', wrong);
      end if;
    end loop;
  end $$`;

describe(`${RUNS.toLocaleString('en')} random baskets`, () => {
  it('sum exactly with discounts, deposits, VAT and refunds in any order, and never pay back more than was paid', async () => {
    const baskets = fc.sample(basket, { numRuns: RUNS, seed: 20_260_401 });
    await shop.sql(WALK);
    const wrong = [];
    for (let first = 0; first < RUNS; first += 2000) {
      const part = JSON.stringify(baskets.slice(first, first + 2000));
      wrong.push(...(await shop.sql('select walk($1::jsonb) as basket', [part])));
    }
    await shop.sql('drop function walk(jsonb)');
    expect(wrong).toEqual([]);
  });

  it('round VAT half up, once a rate', async () => {
    const [row] = await shop.sql<{ off: number }>(`
      select count(*)::int as off from generate_series(1, 10000) n cross join (values (17), (18)) r (rate)
      where vat_in(n / 100.0, rate) <> floor((n::numeric * rate * 2 + (100 + rate)) / (2 * (100 + rate))) / 100`);
    expect(row!.off).toBe(0);
  });
});

type Step =
  | { kind: 'amount'; cents: number; to: 'CARD' | 'CREDIT' | undefined }
  | { kind: 'items'; line: number; units: number }
  | { kind: 'claim'; line: number; units: number; approve: boolean }
  | { kind: 'fail' };

const line = fc.nat(3);
const units = fc.integer({ min: 1, max: 3 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant('amount' as const),
    cents: fc.integer({ min: 1, max: 3000 }),
    to: fc.constantFrom('CARD' as const, 'CREDIT' as const, undefined),
  }),
  fc.record({ kind: fc.constant('items' as const), line, units }),
  fc.record({ kind: fc.constant('claim' as const), line, units, approve: fc.boolean() }),
  fc.record({ kind: fc.constant('fail' as const) }),
);

async function take({ id, items, customer }: Bought, one: Step): Promise<number> {
  switch (one.kind) {
    case 'amount':
      return (await askRefund(shop, floor.manager.token, id, { amount: (one.cents / 100).toFixed(2), to: one.to }))
        .status;
    case 'items': {
      const refunded = [{ item_id: items[one.line]!.id, quantity: one.units }];
      return (await askRefund(shop, floor.manager.token, id, { items: refunded })).status;
    }
    case 'claim': {
      const item_id = items[one.line]!.id;
      const claim = await fileClaim(shop, customer.token, id, [{ item_id, quantity: one.units }], 'CREDIT');
      if (claim.status !== 201) return claim.status;
      const decisions = [{ item_id, quantity: one.units, approve: one.approve }];
      return (await decideClaim(shop, floor.manager.token, claim.body.data.id, decisions)).status;
    }
    case 'fail':
      // The provider refuses the latest one that it was asked for.
      await shop.sql(
        `update refunds set status = 'FAILED', settled_at = now() where id = (
           select id from refunds where order_id = $1 and credit_amount < amount order by id desc limit 1)`,
        [id],
      );
      return 200;
  }
}

/** In agorot. */
const sum = (amounts: string[]) => amounts.reduce((total, amount) => total + Math.round(Number(amount) * 100), 0);

describe('real orders', () => {
  it('have a receipt that adds up with its credit notes, whatever is missing, replaced, refunded, claimed or failed', async () => {
    const products = [
      await stockedProduct(shop, goods, { price: '3.33', deposit: '0.30' }),
      await stockedProduct(shop, goods, { price: '7.77', taxClass: 'ZERO' }),
      await stockedProduct(shop, goods, { price: '0.05', deposit: '1.20', taxClass: 'ZERO' }),
      await stockedProduct(shop, goods, { price: '19.99' }),
    ];
    const cheap = await stockedProduct(shop, goods, { price: '2.49', deposit: '0.10', taxClass: 'ZERO' });
    await shop.sql('update settings set claim_hours = 48');
    const outcome = fc.constantFrom(
      { picked_status: 'PICKED' },
      { picked_status: 'MISSING' },
      { picked_status: 'REPLACED', replacement_product_id: cheap },
    );
    const four = { minLength: 4, maxLength: 4 };
    await fc.assert(
      fc.asyncProperty(
        fc.array(units, four),
        fc.array(outcome, four).filter((all) => all.some(({ picked_status }) => picked_status !== 'MISSING')),
        fc.array(step, { maxLength: 6 }),
        async (quantities, outcomes, steps) => {
          const bought = await buy(
            shop,
            goods,
            quantities.map((quantity, index): [number, number] => [products[index]!, quantity]),
          );
          await pick(shop, floor.manager.token, bought, outcomes);
          await shop.sql(`update orders set status = 'DELIVERED', delivered_at = now() where id = $1`, [bought.id]);
          for (const one of steps) expect([200, 201, 409, 422], JSON.stringify(one)).toContain(await take(bought, one));
          const receipt = (await receiptOf(shop, bought.customer.token, bought.id)).body.data;
          const order = (await shop.request('GET', `/orders/${bought.id}`, { token: bought.customer.token })).body.data;
          const { lines, deposits, vat, total, credit_notes: notes } = receipt;
          const parts = (one: any) => sum(one.vat.flatMap((row: any) => [row.net, row.vat]));
          expect(sum(lines.map((one: any) => one.amount)) + sum(deposits.map((one: any) => one.amount))).toBe(
            sum([total]),
          );
          expect(parts({ vat }) + sum(deposits.map((one: any) => one.amount))).toBe(sum([total]));
          for (const note of notes) expect(parts(note) + sum([note.deposit_total])).toBe(sum([note.amount]));
          const left = sum([total]) - sum(notes.map((note: any) => note.amount));
          expect(left).toBe(sum([order.total_amount]) - sum([order.refunded_amount]));
          expect(left).toBeGreaterThanOrEqual(0);
        },
      ),
      { seed: 20_260_402, numRuns: 25 },
    );
  });
});
