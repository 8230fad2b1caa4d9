import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { openFloor } from '../support/orders.ts';
import { askRefund } from '../support/paying-back.ts';
import { cents, type PromotingShop, promotingShop } from '../support/promotions.ts';
import { buy, pick, stockedProduct } from '../support/receipts.ts';

let floor: PromotingShop;
let staff: Awaited<ReturnType<typeof openFloor>>;
let products: number[];
let replacement: number;
beforeAll(async () => {
  floor = await promotingShop();
  const { shop, goods } = floor;
  staff = await openFloor(shop);
  products = [
    await stockedProduct(shop, goods, { price: '3.33', deposit: '0.30' }),
    await stockedProduct(shop, goods, { price: '7.77', taxClass: 'ZERO' }),
    await stockedProduct(shop, goods, { price: '0.05', deposit: '1.20', taxClass: 'ZERO' }),
    await stockedProduct(shop, goods, { price: '19.99' }),
  ];
  replacement = await stockedProduct(shop, goods, { price: '2.49', deposit: '0.10' });
});

const MISSING = { picked_status: 'MISSING' };
const PICKED = { picked_status: 'PICKED' };
const replaced = () => ({ picked_status: 'REPLACED', replacement_product_id: replacement });

const sum = (amounts: string[]) => amounts.reduce((total, amount) => total + cents(amount), 0);

/** Receipt, credit notes and order agree to the agora. */
async function expectExact(bought: Parameters<PromotingShop['orderOf']>[0]) {
  const order = await floor.orderOf(bought);
  const { lines, deposits, vat, total, delivery_fee, credit_notes: notes } = await floor.receipt(bought);
  expect(
    sum(lines.map((line: any) => line.amount)) + sum(deposits.map((line: any) => line.amount)) + cents(delivery_fee),
  ).toBe(cents(total));
  expect(sum(vat.flatMap((row: any) => [row.net, row.vat])) + sum(deposits.map((line: any) => line.amount))).toBe(
    cents(total),
  );
  const left = cents(total) - sum(notes.map((note: any) => note.amount));
  expect(left).toBe(cents(order.total_amount) - cents(order.refunded_amount));
  expect(left).toBeGreaterThanOrEqual(0);
  expect(sum(order.discounts.map((one: any) => one.amount))).toBe(sum(order.items.map((item: any) => item.discount)));
  return order;
}

describe('orders with promotions', () => {
  it.each(['CHARGE', 'AUTHORIZE'])(
    'sum exactly whatever is missing, replaced or refunded, and never pay back more than was paid: %s',
    async (mode) => {
      const { shop, goods } = floor;
      await shop.sql('update settings set payment_mode = $1', [mode]);
      await floor.promote({ kind: 'MULTI_BUY', take: 3, pay: 2, product_ids: products.slice(0, 3) });
      await floor.promote({
        kind: 'MULTI_BUY',
        take: 2,
        bundle_price: '21.11',
        product_ids: products.slice(1),
        group: 'one',
      });
      await floor.promote({ kind: 'PERCENT', value: '12.34', group: 'one', priority: 1 });
      await floor.promote({ kind: 'COUPON_FIXED', value: '5.55', code: `SUM-${mode}` });
      const four = { minLength: 4, maxLength: 4 };
      const outcome = fc.constantFrom('picked', 'missing', 'replaced');
      const refund = fc.oneof(
        fc.record({ cents: fc.integer({ min: 1, max: 2500 }) }),
        fc.record({ line: fc.nat(3), units: fc.integer({ min: 1, max: 4 }) }),
      );
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.integer({ min: 1, max: 4 }), four),
          fc.array(outcome, four).filter((all) => all.some((one) => one !== 'missing')),
          fc.array(refund, { maxLength: 5 }),
          fc.boolean(),
          async (quantities, outcomes, refunds, hasCoupon) => {
            const lines = quantities.map((quantity, index): [number, number] => [products[index]!, quantity]);
            const { customer } = await floor.withCart(lines.slice(0, 1));
            if (hasCoupon) expect((await floor.enter(customer, `SUM-${mode}`)).status).toBe(200);
            await shop.request('DELETE', '/cart', { token: customer.token });
            const bought = await buy(shop, goods, lines, { customer });
            const ways = { picked: PICKED, missing: MISSING, replaced: replaced() };
            await pick(
              shop,
              staff.manager.token,
              bought,
              outcomes.map((one) => ways[one as keyof typeof ways]),
            );
            await expectExact(bought);
            for (const one of refunds) {
              const wanted =
                'cents' in one
                  ? { amount: (one.cents / 100).toFixed(2) }
                  : { items: [{ item_id: bought.items[one.line]!.id, quantity: one.units }] };
              expect([201, 409]).toContain((await askRefund(shop, staff.manager.token, bought.id, wanted)).status);
            }
            await expectExact(bought);
          },
        ),
        { seed: 20_260_504, numRuns: 10 },
      );
      await floor.switchAllOff();
      await shop.sql(`update settings set payment_mode = 'CHARGE'`);
    },
    240_000,
  );
});

describe('a shortage by the shop', () => {
  it('takes away no discount of what was delivered: what is left of three for two stays discounted', async () => {
    const { shop, goods } = floor;
    await floor.promote({ kind: 'MULTI_BUY', take: 3, pay: 2, product_ids: [products[0], products[1], products[3]] });
    await floor.promote({ kind: 'COUPON_FIXED', value: '3.00', code: 'SHORT', minimum_total: '25.00' });
    const { customer } = await floor.withCart([
      [products[3]!, 1],
      [products[1]!, 1],
    ]);
    expect((await floor.enter(customer, 'SHORT')).status).toBe(200);
    const bought = await buy(shop, goods, [[products[0]!, 1]], { customer });
    expect(bought.items.map((item) => item.discount)).toEqual(['2.16', '0.84', '3.33']);
    await pick(shop, staff.manager.token, bought, [MISSING, PICKED, PICKED]);
    const order = await expectExact(bought);
    // 19.99 less its 2.16: what was paid for the missing line, no less because of the others.
    expect(order.refunded_amount).toBe('17.83');
    expect(cents(order.total_amount) - cents(order.refunded_amount)).toBe(cents('7.77') - 84 + 30);
    await floor.switchAllOff();
  });

  it('that replaces a line by a cheaper one keeps the discount of the line', async () => {
    const { shop, goods } = floor;
    await floor.promote({ kind: 'FIXED', value: '1.00', product_ids: [products[0]] });
    const bought = await buy(shop, goods, [[products[0]!, 2]]);
    expect(bought.total).toBe('5.26');
    await pick(shop, staff.manager.token, bought, [replaced()]);
    const order = await expectExact(bought);
    // Two units of 2.49 less 2.00, with deposits of 0.10.
    expect(cents(order.total_amount) - cents(order.refunded_amount)).toBe(298 + 20);
    await floor.switchAllOff();
  });

  it('is a claim about what was paid: never more than the discounted price', async () => {
    const { shop, goods } = floor;
    await floor.promote({ kind: 'PERCENT', value: 50, product_ids: [products[3]] });
    const bought = await buy(shop, goods, [[products[3]!, 3]]);
    await pick(shop, staff.manager.token, bought, [PICKED]);
    const item_id = bought.items[0]!.id;
    const answers = [];
    for (let unit = 0; unit < 4; unit++) {
      const { status, body } = await askRefund(shop, staff.manager.token, bought.id, {
        items: [{ item_id, quantity: 1 }],
      });
      answers.push([status, body.data?.amount]);
    }
    // 59.97 less 29.99, rounded half up once.
    expect(answers).toEqual([
      [201, '9.99'],
      [201, '10.00'],
      [201, '9.99'],
      [409, undefined],
    ]);
    await expectExact(bought);
    await floor.switchAllOff();
  });
});
