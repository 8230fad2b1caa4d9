import { beforeAll, describe, expect, inject, it } from 'vitest';
import { amending } from '../support/amendments.ts';
import { type AuthorizingShop, authorizingShop } from '../support/authorized.ts';
import { makeProduct, makeStock } from '../support/factories.ts';
import { expectInvariants } from '../support/invariants.ts';
import { paymentDouble } from '../support/payment-double.ts';
import { receiptOf } from '../support/receipts.ts';
import { openShop, type Shop } from '../support/shop.ts';

const double = paymentDouble(inject('paymentUrl'));
let shop: Shop;
let floor: AuthorizingShop;
let change: ReturnType<typeof amending>;
beforeAll(async () => {
  shop = await openShop({ env: { MOCKPAY_URL: double.url } });
  floor = await authorizingShop(shop);
  change = amending(shop);
});

const setMode = (mode: 'CHARGE' | 'AUTHORIZE') => shop.sql('update settings set payment_mode = $1', [mode]);

/** What the provider took or reserved for an order, less what it gave back. */
async function atProvider(number: string): Promise<{ reserved: number; taken: number }> {
  const charges = (await double.charges()).filter(
    ({ idempotency_key: key }) => key === number || key.startsWith(`${number}-`),
  );
  const sum = (status: string, amount: (one: any) => string) =>
    charges.filter((one) => one.status === status && !one.voided).reduce((all, one) => all + Number(amount(one)), 0);
  const refunds = await shop.sql<{ amount: string }>(
    `select coalesce(sum(r.amount - r.credit_amount), 0) as amount from refunds r join orders o on o.id = r.order_id
     where o.order_number = $1 and r.status = 'SUCCEEDED'`,
    [number],
  );
  return {
    reserved: sum('AUTHORIZED', (one) => one.amount),
    taken: sum('CAPTURED', (one) => one.captured_amount ?? one.amount) - Number(refunds[0]!.amount),
  };
}

const extra = async (price = '4.00', onHand = 9) => {
  const productId = await makeProduct(shop, { price });
  await makeStock(shop, { productId, branchId: floor.goods.warehouseId, onHand });
  return productId;
};

describe.each(['CHARGE', 'AUTHORIZE'] as const)('an order in %s', (mode) => {
  beforeAll(() => setMode(mode));
  const paid = (amount: number) =>
    mode === 'CHARGE' ? { reserved: 0, taken: amount } : { reserved: amount, taken: 0 };

  it('takes more: what is added is paid, the total rises, stock is taken', async () => {
    const { id, number, customer, products } = await floor.ordered();
    const added = await extra('4.00');
    const planned = await change.preview(customer, id, [
      [products[0], 3],
      [products[1], 1],
      [added, 2],
    ]);
    expect(planned.status, planned.text).toBe(200);
    expect(planned.body.data).toMatchObject({ total: '50.50', difference: '18.00', missing_items: [] });
    expect(planned.trips).toBe(1);
    const done = await change.confirm(customer, id, planned.body.data.amendment_id, { expected_total: '50.50' });
    expect(done.status, done.text).toBe(200);
    expect(done.trips).toBe(2);
    expect(done.body.data).toMatchObject({ total_amount: '50.50', refunded_amount: '0.00', items_count: 6 });
    expect(done.body.data.items.map((item: any) => [item.product_id, item.quantity])).toEqual([
      [products[0], 3],
      [products[1], 1],
      [added, 2],
    ]);
    expect(done.body.data.amendments).toMatchObject([
      { difference: '18.00', total: '50.50', before: { total: '32.50' }, after: { total: '50.50' } },
    ]);
    await floor.runJobs();
    expect(await atProvider(number)).toEqual(paid(50.5));
    await expectInvariants(shop);
  });

  it('takes less: it is paid back or not taken, the total stays', async () => {
    const { id, number, customer, products } = await floor.ordered();
    const done = await change.amend(customer, id, [[products[0], 1]]);
    expect(done.status, done.text).toBe(200);
    expect(done.body.data).toMatchObject({ total_amount: '32.50', refunded_amount: '17.50', items_count: 1 });
    await floor.runJobs();
    const { taken, reserved } = await atProvider(number);
    expect(mode === 'CHARGE' ? taken : reserved).toBe(mode === 'CHARGE' ? 15 : 32.5);
    await floor.pick(id);
    expect((await floor.move(id, 'READY')).status).toBe(200);
    await floor.runJobs();
    expect(await atProvider(number)).toEqual({ reserved: 0, taken: 15 });
    const order = await change.orderOf(customer, id);
    expect(order).toMatchObject({ total_amount: '32.50', refunded_amount: '17.50' });
    await expectInvariants(shop);
  });

  it('is right after many changes, shorts and a receipt', async () => {
    const { id, number, customer, products } = await floor.ordered();
    const added = await extra('12.00');
    await change.amend(customer, id, [[products[0], 1]]);
    await change.amend(customer, id, [
      [products[0], 2],
      [added, 2],
    ]);
    await change.amend(customer, id, [
      [products[0], 2],
      [added, 1],
    ]);
    const amended = await change.orderOf(customer, id);
    expect(amended.amendments.map((one: any) => one.difference)).toEqual(['-17.50', '34.00', '-12.00']);
    expect(Number(amended.total_amount) - Number(amended.refunded_amount)).toBe(37);
    await floor.pick(id, { missing: 1 });
    expect((await floor.move(id, 'READY')).status).toBe(200);
    await floor.runJobs();
    expect(await atProvider(number)).toEqual({ reserved: 0, taken: 17 });
    const { body } = await receiptOf(shop, customer.token, id);
    const noted = body.data.credit_notes.reduce((sum: number, note: any) => sum + Number(note.amount), 0);
    expect(Number(body.data.total) - noted).toBe(17);
    if (mode === 'CHARGE') expect(body.data.lines.map((one: any) => one.quantity)).toEqual([2, 1]);
    await expectInvariants(shop);
  });

  it('stays exactly as it was after a decline', async () => {
    const { id, customer, products } = await floor.ordered();
    const before = await change.orderOf(customer, id);
    const declining = await floor.anotherCard(customer, 'tok_decline_1');
    const planned = await change.preview(customer, id, [
      [products[0], 5],
      [products[1], 1],
    ]);
    const refused = await change.confirm(customer, id, planned.body.data.amendment_id, { payment_token_id: declining });
    expect(refused.status, refused.text).toBe(402);
    expect(await change.orderOf(customer, id)).toEqual(before);
    expect(
      await shop.sql('select 1 from hold_lines h join orders o on o.cart_id = h.cart_id where o.id = $1', [id]),
    ).toEqual([]);
    const again = await change.confirm(customer, id, planned.body.data.amendment_id);
    expect([again.status, again.body.error.code]).toEqual([409, 'AMENDMENT_CLOSED']);
    expect((await change.amend(customer, id, [[products[0], 5]])).status).toBe(200);
    await expectInvariants(shop);
  });

  it('is canceled after it was changed: all of it comes back', async () => {
    const { id, number, customer, products } = await floor.ordered();
    await change.amend(customer, id, [
      [products[0], 4],
      [products[1], 2],
    ]);
    expect((await shop.request('POST', `/orders/${id}/cancel`, { token: customer.token })).status).toBe(200);
    await floor.runJobs();
    await floor.runJobs();
    expect(await atProvider(number)).toEqual({ reserved: 0, taken: 0 });
    await expectInvariants(shop);
  });

  it('answers a repeat with the order, and refuses another body under the same key', async () => {
    const { id, customer, products } = await floor.ordered();
    const planned = await change.preview(customer, id, [[products[0], 3]]);
    const key = crypto.randomUUID();
    const aid = planned.body.data.amendment_id;
    const first = await change.confirm(customer, id, aid, { key });
    const second = await change.confirm(customer, id, aid, { key });
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    expect(second.body.data.amendments).toHaveLength(1);
    const other = await change.confirm(customer, id, aid, { key, expected_total: '1.00' });
    expect(other.body.error.code).toBe('IDEMPOTENCY_KEY_REUSE_MISMATCH');
  });
});
