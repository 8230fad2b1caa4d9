import { afterEach, beforeAll, expect, inject, it } from 'vitest';
import { onCrashPoint } from '../../src/crash.ts';
import { type AuthorizingShop, authorizingShop } from '../support/authorized.ts';
import { dieAt } from '../support/crashing.ts';
import { type Customer, confirm, delivery, fillCart, newCustomer } from '../support/customer.ts';
import { makeProduct, makeStock } from '../support/factories.ts';
import { expectInvariants } from '../support/invariants.ts';
import { onHand } from '../support/orders.ts';
import { paymentDouble } from '../support/payment-double.ts';
import { openShop, type Shop } from '../support/shop.ts';

const double = paymentDouble(inject('paymentUrl'));
let shop: Shop;
let floor: AuthorizingShop;
/** 20.00 a kilogram, 500 g a piece. */
let cheese: number;
let bread: number;

beforeAll(async () => {
  shop = await openShop({ env: { MOCKPAY_URL: double.url } });
  floor = await authorizingShop(shop);
  cheese = await makeProduct(shop, { pricePerKg: '20.00', nominalGrams: 500 });
  bread = await makeProduct(shop, { price: '9.00' });
  for (const productId of [cheese, bread])
    await makeStock(shop, { productId, branchId: floor.goods.warehouseId, onHand: 500 });
});
afterEach(() => onCrashPoint(async () => {}));

async function ordered(): Promise<{ id: number; customer: Customer; itemId: number }> {
  const customer = await newCustomer(shop);
  const cartId = await fillCart(shop, customer, [[cheese, 2]]);
  const { body, status, text } = await confirm(shop, customer, delivery(cartId, floor.slotId));
  if (status !== 201) throw new Error(text);
  const order = await floor.orderOf(customer, body.data.order_id);
  return { id: order.id, customer, itemId: order.items[0].id };
}

it('a handheld whose answer was lost sends everything again, and it counts once', async () => {
  const order = await ordered();
  const before = await onHand(shop, floor.goods.warehouseId, bread);
  const operation = {
    op_id: crypto.randomUUID(),
    order_id: order.id,
    item_id: order.itemId,
    picked_status: 'REPLACED',
    replacement_product_id: bread,
    at: new Date().toISOString(),
  };
  const send = () => shop.request('POST', '/ops/picks', { token: floor.admin, body: { operations: [operation] } });
  await shop.fault({ mode: 'drop', when: 'after', times: 1 });
  expect((await send()).status).toBe(503);
  await shop.fault(null);
  expect((await send()).body.data.results[0].result).toBe('repeated');
  expect(await onHand(shop, floor.goods.warehouseId, bread)).toBe(before - 2);
});

it('an approval whose answer was lost is the same approval when it is sent again', async () => {
  const order = await ordered();
  const path = `/ops/orders/${order.id}/items/${order.itemId}/proposals`;
  const proposed = await shop.request('POST', path, { token: floor.admin, body: { product_id: bread } });
  const approve = () =>
    shop.request('POST', `/orders/${order.id}/proposals/${proposed.body.data.id}/approve`, {
      token: order.customer.token,
    });
  const before = await onHand(shop, floor.goods.warehouseId, bread);
  await shop.fault({ mode: 'drop', when: 'after', times: 1 });
  expect((await approve()).status).toBe(503);
  await shop.fault(null);
  expect((await approve()).body.data.status).toBe('APPROVED');
  expect(await onHand(shop, floor.goods.warehouseId, bread)).toBe(before - 2);
});

it('what weighs more is captured once at its weight, wherever READY dies', async () => {
  await shop.request('PUT', '/admin/settings', {
    token: floor.admin,
    body: { weight_overage: 'CHARGE', authorization_margin_percent: '10.00' },
  });
  for (let at = 1; at <= 12; at++) {
    const order = await ordered();
    await shop.request('PATCH', `/ops/orders/${order.id}/items/${order.itemId}/picked-status`, {
      token: floor.admin,
      body: { picked_status: 'PICKED', picked_grams: 1080 },
    });
    const died = await dieAt(at, () => floor.move(order.id, 'READY'));
    if ((await floor.orderOf(order.customer, order.id)).status !== 'READY') await floor.move(order.id, 'READY');
    await shop.sql(
      `update payments set checked_at = now() - interval '1 hour', capture_due_at = now() - interval '1 hour'
                    where order_id = $1 and status = 'AUTHORIZED'`,
      [order.id],
    );
    await floor.runJobs();
    expect(await floor.orderOf(order.customer, order.id), died).toMatchObject({
      status: 'READY',
      total_amount: '26.60',
      captured_amount: '26.60',
      refunded_amount: '0.00',
    });
    if (died === undefined) break;
  }
  await expectInvariants(shop);
});
