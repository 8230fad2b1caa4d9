import { beforeAll, describe, expect, it } from 'vitest';
import { amending, type Wanted } from '../support/amendments.ts';
import { type AuthorizingShop, authorizingShop } from '../support/authorized.ts';
import { newCustomer } from '../support/customer.ts';
import { makeSlot } from '../support/factories.ts';
import { expectInvariants } from '../support/invariants.ts';
import { openShop, type Shop } from '../support/shop.ts';

let shop: Shop;
let floor: AuthorizingShop;
let change: ReturnType<typeof amending>;
beforeAll(async () => {
  shop = await openShop();
  floor = await authorizingShop(shop);
  change = amending(shop);
  await shop.sql(`update settings set payment_mode = 'CHARGE'`);
});

it('a change that lapsed before what it held was deleted is in nobody’s way', async () => {
  const { id, customer, products } = await floor.ordered();
  const more: Wanted = [
    [products[0], 4],
    [products[1], 1],
  ];
  const slot = await makeSlot(shop, { branchId: floor.goods.warehouseId, dayOfWeek: 4, startTime: '20:00' });
  const terms = { delivery_slot_id: slot };
  const first = await change.preview(customer, id, more, terms);
  expect(first.status, first.text).toBe(200);
  await shop.sql(`update hold_lines set expires_at = now()`);
  await shop.sql(`update slot_holds set expires_at = now()`);
  await shop.sql(`update order_amendments set expires_at = now() where status = 'OPEN'`);
  await shop.sql('select lapse_amendments(100)');
  const again = await change.preview(customer, id, more, terms);
  expect(again.status, again.text).toBe(200);
  expect((await change.confirm(customer, id, again.body.data.amendment_id)).status).toBe(200);
  await expectInvariants(shop);
});

/** An order in whose first line the bank refused to pay a unit back; [that line's product, the other one]. */
async function withFailedRefund() {
  const order = await floor.ordered();
  const { id, customer } = order;
  const [item, other] = (await change.orderOf(customer, id)).items;
  const refund = await shop.request('POST', `/ops/orders/${id}/refunds`, {
    token: floor.admin,
    headers: { 'Idempotency-Key': crypto.randomUUID() },
    body: { items: [{ item_id: item.id, quantity: 1 }], reason: 'Goodwill' },
  });
  expect(refund.status, refund.text).toBe(201);
  const fail = () =>
    shop.sql(
      `update refunds set status = 'FAILED', settled_at = now(), failure_reason = 'card_closed' where order_id = $1`,
      [id],
    );
  return { ...order, fail, item, other };
}

it('a line that a failed refund names stays, and nothing is charged for the change', async () => {
  const { id, customer, fail, item, other } = await withFailedRefund();
  await fail();
  const gone = await change.preview(customer, id, [[other.product_id, 6]]);
  expect([gone.status, gone.body.error?.code], gone.text).toEqual([409, 'NOTHING_LEFT_TO_REFUND']);
  const kept = await change.amend(customer, id, [
    [item.product_id, 1],
    [other.product_id, 6],
  ]);
  expect(kept.status, kept.text).toBe(200);
  expect(await shop.sql(`select 1 from order_amendments where status in ('OPEN', 'PAYING')`)).toEqual([]);
  await expectInvariants(shop);
});

describe('changes that come to nothing for an hour', () => {
  /** An order whose changes would take all that is left, after an hour of previews, each a quarter after the one before. */
  async function hourOfPreviews() {
    const { id, customer, products } = await floor.ordered();
    const other = await newCustomer(shop);
    const preview = () =>
      change.preview(customer, id, [
        [products[0], 9],
        [products[1], 1],
      ]);
    /** Whether somebody else can have a unit now. */
    const isFree = async () => {
      const body = { product_id: products[0], quantity: 1 };
      return (await shop.request('POST', '/cart/items', { token: other.token, body })).status === 201;
    };
    const later = async (minutes: number) => {
      await shop.sql(
        `update order_amendments set created_at = created_at - $2::interval, expires_at = expires_at - $2::interval
         where order_id = $1`,
        [id, `${minutes} minutes`],
      );
      await shop.sql('delete from hold_lines');
    };
    for (let minute = 0; minute < 60; minute += 15) {
      expect((await preview()).status).toBe(200);
      expect(await isFree()).toBe(false);
      await later(15);
    }
    return { id, customer, preview, isFree, later };
  }

  it('hold nothing more, and are confirmed as long as there is stock', async () => {
    const { id, customer, preview, isFree } = await hourOfPreviews();
    const planned = await preview();
    expect(planned.body.data.missing_items).toEqual([]);
    expect(await isFree()).toBe(true);
    expect((await change.confirm(customer, id, planned.body.data.amendment_id)).status).toBe(200);
    expect(await isFree()).toBe(false);
    await expectInvariants(shop);
  });

  it('hold again after a pause of ten minutes', async () => {
    const { preview, isFree, later } = await hourOfPreviews();
    await later(5);
    expect((await preview()).status).toBe(200);
    expect(await isFree()).toBe(false);
  });
});
