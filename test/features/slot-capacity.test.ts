import { beforeAll, describe, expect, it } from 'vitest';
import { brokenInvariants, CHECK_INVARIANTS } from '../../scripts/invariants.ts';
import { confirm, delivery, fillCart, newCustomer } from '../support/customer.ts';
import { makeProduct, makeSlot, makeStock, makeUser, signInAs } from '../support/factories.ts';
import { openShop, type Shop } from '../support/shop.ts';
import { type StandardShop, standardShop } from '../support/standard-shop.ts';

let shop: Shop;
let goods: StandardShop;
let manager: string;
let slotId: number;
let productId: number;
beforeAll(async () => {
  // The last test books by hand what the API would not.
  shop = await openShop({ invariants: false });
  goods = await standardShop(shop);
  manager = (await signInAs(shop, 'MANAGER')).token;
  const day = (new Date().getDay() + 3) % 7;
  await shop.sql('delete from delivery_slots where branch_id = $1 and day_of_week = $2', [goods.warehouseId, day]);
  slotId = await makeSlot(shop, { branchId: goods.warehouseId, dayOfWeek: day, capacity: 3 });
  productId = await makeProduct(shop, { price: '10.00' });
  await makeStock(shop, { productId, branchId: goods.warehouseId, onHand: 100 });
});

const buyer = async () => {
  const customer = await newCustomer(shop);
  return { customer, terms: delivery(await fillCart(shop, customer, [[productId, 1]]), slotId) };
};
const book = async () => {
  const { customer, terms } = await buyer();
  const answer = await confirm(shop, customer, terms);
  return {
    token: customer.token,
    status: answer.status,
    code: answer.body.error?.code,
    id: answer.body.data?.order_id,
  };
};
const resize = async (capacity: number | null) => {
  const answer = await shop.request('PATCH', `/admin/delivery-slots/${slotId}`, { token: manager, body: { capacity } });
  expect([answer.status, answer.body.data.capacity]).toEqual([200, capacity]);
};
const remaining = async () =>
  (await shop.request('GET', '/delivery-slots', { query: { branch_id: goods.warehouseId } })).body.data.find(
    (slot: { id: number }) => slot.id === slotId,
  ).remaining;
const broken = async () => brokenInvariants((await shop.sql(CHECK_INVARIANTS))[0]!);

describe('a capacity below what is booked', () => {
  it('is accepted: the booked keep their place, nobody else gets one, and nothing is wrong with it', async () => {
    const orders = [await book(), await book(), await book()];
    expect(orders.map(({ status }) => status)).toEqual([201, 201, 201]);
    await resize(1);
    expect(await remaining()).toBe(0);
    expect(await book()).toMatchObject({ status: 409, code: 'SLOT_FULL' });
    expect(await broken()).toEqual({});

    for (const { id, token } of orders.slice(0, 2)) await shop.request('POST', `/orders/${id}/cancel`, { token });
    expect(await remaining()).toBe(0);
    expect((await book()).status).toBe(409);
    await shop.request('POST', `/orders/${orders[2]!.id}/cancel`, { token: orders[2]!.token });
    expect(await remaining()).toBe(1);
    expect((await book()).status).toBe(201);
    expect(await broken()).toEqual({});
  });

  it('ends the place that a checkout holds beyond it', async () => {
    await resize(2);
    const { customer, terms } = await buyer();
    const preview = await shop.request('POST', '/checkout/preview', { token: customer.token, body: terms });
    expect(preview.body.data.slot_held).toBe(true);
    await resize(1);
    expect(await remaining()).toBe(0);
    expect((await confirm(shop, customer, terms)).body.error.code).toBe('SLOT_FULL');
    expect(await broken()).toEqual({});
  });

  it('excuses no order that came after it', async () => {
    const { id } = await makeUser(shop);
    await shop.sql(
      `insert into orders (order_number, user_id, fulfillment_type, branch_id, goods_total, total_amount, currency,
         delivery_slot_id, delivery_date, delivery_address, window_start, window_end)
       select gen_random_uuid()::text, $1, 'DELIVERY', branch_id, 0, 0, 'ILS', delivery_slot_id, delivery_date,
         delivery_address, window_start, window_end
       from orders where delivery_slot_id = $2 and status <> 'CANCELED' limit 1`,
      [id, slotId],
    );
    expect(Object.keys(await broken())).toContain('an order in a slot found a place within its capacity');
  });
});
