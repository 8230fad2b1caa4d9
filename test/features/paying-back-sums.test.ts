import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Customer, confirm, fillCart, newCustomer } from '../support/customer.ts';
import { makeProduct, makeStock, signInAs } from '../support/factories.ts';
import { expectInvariants } from '../support/invariants.ts';
import { askRefund, balanceOf, decideClaim, fileClaim, giveCredit, setSettings } from '../support/paying-back.ts';
import { openShop, type Shop } from '../support/shop.ts';
import { type StandardShop, standardShop } from '../support/standard-shop.ts';

let shop: Shop;
let goods: StandardShop;
let manager: { token: string };
let products: number[];
let customer: Customer;

beforeAll(async () => {
  shop = await openShop();
  goods = await standardShop(shop);
  manager = await signInAs(shop, 'MANAGER');
  customer = await newCustomer(shop);
  await setSettings(shop, { claim_hours: 48 });
  products = await Promise.all(['3.33', '0.01', '19.99'].map((price) => makeProduct(shop, { price })));
  for (const productId of products) {
    await makeStock(shop, { productId, branchId: goods.storeId, onHand: 100_000 });
    await makeStock(shop, { productId, branchId: goods.warehouseId, onHand: 100_000 });
  }
});

describe('units of a line', () => {
  it('are worth what was paid for the line, in whatever portions they are paid back', async () => {
    // 10,000 lines of 1 to 30 units that cost 0.01 to 300.00, each taken apart at three random places.
    const [broken] = await shop.sql<{ count: number }>(`
      select count(*) from (
        select paid, units, a, b, units_amount(paid, units, 0, a) as first,
          units_amount(paid, units, a, b - a) as second, units_amount(paid, units, b, units - b) as third
        from (
          select *, floor(random() * (b + 1))::int as a
          from (
            select *, floor(random() * (units + 1))::int as b
            from (
              select round((0.01 + random() * 300)::numeric, 2) as paid, 1 + floor(random() * 30)::int as units
              from generate_series(1, 10000)
            ) line
          ) split
        ) splits
      ) parts
      where first + second + third <> paid or least(first, second, third) < 0`);
    expect(broken!.count).toBe(0);
  });
});

type Step =
  | { kind: 'amount'; cents: number; to: 'CARD' | 'CREDIT' | undefined }
  | { kind: 'items'; line: number; units: number; to: 'CARD' | 'CREDIT' | undefined }
  | { kind: 'claim'; line: number; units: number; approved: number; wanted: 'REFUND' | 'CREDIT' };

const target = fc.constantFrom('CARD', 'CREDIT', undefined) as fc.Arbitrary<'CARD' | 'CREDIT' | undefined>;
const line = fc.nat(2);
const units = fc.integer({ min: 1, max: 4 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('amount' as const), cents: fc.integer({ min: 1, max: 4000 }), to: target }),
  fc.record({ kind: fc.constant('items' as const), line, units, to: target }),
  fc.record({
    kind: fc.constant('claim' as const),
    line,
    units,
    approved: fc.nat(4),
    wanted: fc.constantFrom('REFUND' as const, 'CREDIT' as const),
  }),
);

/** Bought with some credit, delivered. */
async function purchase(
  credit: number,
  quantities: number[],
): Promise<{ id: number; itemIds: number[]; total: number }> {
  if (credit > 0) await giveCredit(shop, customer.id, (credit / 100).toFixed(2));
  const cartId = await fillCart(
    shop,
    customer,
    quantities.map((quantity, n): [number, number] => [products[n]!, quantity]),
  );
  const terms = { cart_id: cartId, fulfillment_type: 'PICKUP', branch_id: goods.storeId, use_credit: true };
  const { body } = await confirm(shop, customer, terms);
  const id: number = body.data.order_id;
  await shop.sql(`update order_items set picked_status = 'PICKED' where order_id = $1`, [id]);
  await shop.sql(`update orders set status = 'DELIVERED', delivered_at = now() where id = $1`, [id]);
  const items = await shop.sql<{ id: number }>('select id from order_items where order_id = $1 order by id', [id]);
  return { id, itemIds: items.map((item) => item.id), total: Number(body.data.total_paid) };
}

async function take(orderId: number, itemIds: number[], one: Step): Promise<number> {
  if (one.kind === 'amount') {
    return (await askRefund(shop, manager.token, orderId, { amount: (one.cents / 100).toFixed(2), to: one.to })).status;
  }
  const item_id = itemIds[one.line];
  if (one.kind === 'items') {
    const items = [{ item_id, quantity: one.units }];
    return (await askRefund(shop, manager.token, orderId, { items, to: one.to })).status;
  }
  const { status, body } = await fileClaim(
    shop,
    customer.token,
    orderId,
    [{ item_id, quantity: one.units }],
    one.wanted,
  );
  if (status !== 201) return status;
  const decisions = [{ item_id, quantity: Math.max(one.approved, 1), approve: one.approved > 0 }];
  return (await decideClaim(shop, manager.token, body.data.id, decisions)).status;
}

describe('paying back', () => {
  it('in any order and by any way sums exactly, and never comes to more than was paid', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(9000),
        fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 3, maxLength: 3 }),
        fc.array(step, { minLength: 1, maxLength: 8 }),
        async (credit, quantities, steps) => {
          const before = Number(await balanceOf(shop, customer.id));
          const { id, itemIds, total } = await purchase(credit, quantities);
          for (const one of steps)
            expect([200, 201, 409, 422], JSON.stringify(one)).toContain(await take(id, itemIds, one));
          const { data } = (await shop.request('GET', `/orders/${id}`, { token: customer.token })).body;
          const [card] = await shop.sql<{ amount: string; returned: string; credited: string }>(
            `select p.amount, coalesce(sum(r.amount - r.credit_amount), 0)::numeric(12, 2) as returned,
               coalesce(sum(r.credit_amount), 0)::numeric(12, 2) as credited
             from payments p left join refunds r on r.payment_id = p.id where p.order_id = $1 group by p.id`,
            [id],
          );
          const { amount, returned, credited } = card!;
          expect(Number(returned)).toBeLessThanOrEqual(Number(amount));
          expect(Number(data.refunded_amount)).toBeLessThanOrEqual(total);
          expect(Number(data.refunded_amount)).toBeCloseTo(Number(returned) + Number(credited));
          const after = Number(await balanceOf(shop, customer.id));
          expect(after).toBeCloseTo(before + credit / 100 - Number(data.credit_amount) + Number(credited));
        },
      ),
      { seed: 20_260_301, numRuns: 40 },
    );
    await expectInvariants(shop);
  });
});
