import { afterEach, beforeAll, beforeEach, describe, expect, inject, it, vi } from 'vitest';
import { captureLog } from '../support/captured-log.ts';
import { type Customer, confirm, delivery, fillCart, newCustomer } from '../support/customer.ts';
import { signInAs } from '../support/factories.ts';
import { expectInvariants } from '../support/invariants.ts';
import { paymentDouble } from '../support/payment-double.ts';
import { openShop, type Shop } from '../support/shop.ts';
import { type StandardShop, standardShop } from '../support/standard-shop.ts';

const double = paymentDouble(inject('paymentUrl'));
let shop: Shop;
let goods: StandardShop;
let slotId: number;
let log: ReturnType<typeof captureLog>;

beforeAll(async () => {
  shop = await openShop({ env: { MOCKPAY_URL: double.url } });
  goods = await standardShop(shop);
  slotId = goods.slots.find((slot) => slot.branch_id === goods.warehouseId)!.id;
});
beforeEach(() => {
  log = captureLog();
});
afterEach(async () => {
  vi.restoreAllMocks();
  expect(log.text()).not.toMatch(/tok_|@example\.com/);
  await expectInvariants(shop);
  // What one test left open is no business of the next.
  await shop.sql(`update payments set created_at = now() + interval '1 day' where status = 'PENDING'`);
});

const runJobs = () => shop.scheduled('*/5 * * * *');
const payments = (numbers: string[]) =>
  shop.sql('select * from payments where idempotency_key = any($1) order by id', [numbers]);

interface Stuck {
  customer: Customer;
  key: string;
  terms: ReturnType<typeof delivery>;
  number: string;
}

/** A confirm whose charge got no answer, three minutes ago. */
async function stuckConfirm(behaviour: 'error_500' | 'error_500_after_charge'): Promise<Stuck> {
  const customer = await newCustomer(shop);
  const key = crypto.randomUUID();
  const terms = delivery(await fillCart(shop, customer, [[goods.products[0]!.id, 2]]), slotId);
  await double.script(behaviour, { behaviour: 'error_500', on: 'find' });
  const answer = await confirm(shop, customer, terms, { key });
  expect(answer.status).toBe(503);
  const [payment] = await shop.sql(
    `update payments p set created_at = now() - interval '3 minutes' from orders o
     where o.id = p.order_id and o.user_id = $1 returning p.idempotency_key`,
    [customer.id],
  );
  await shop.sql(`update idempotency_keys set leased_until = now() where user_id = $1`, [customer.id]);
  return { customer, key, terms, number: payment!.idempotency_key };
}

const onHand = async () =>
  (
    await shop.sql('select on_hand from inventory where product_id = $1 and branch_id = $2', [
      goods.products[0]!.id,
      goods.warehouseId,
    ])
  )[0]!.on_hand;

describe('a charge whose answer never came', () => {
  it('that was made becomes an order, with its mail, and the retry gets the answer', async () => {
    const { customer, key, terms, number } = await stuckConfirm('error_500_after_charge');
    await runJobs();
    expect(await payments([number])).toMatchObject([{ status: 'CAPTURED', check_count: 1 }]);
    expect(log.of('settle_payments')).toMatchObject([
      { level: 'info', captured: 1, declined: 0, unknown: 0, failed: 0 },
    ]);
    expect(await shop.sql(`select status from outbox where kind = 'ORDER_CONFIRMED'`)).toEqual([{ status: 'SENT' }]);
    const retry = await confirm(shop, customer, terms, { key });
    expect(retry.status).toBe(200);
    expect(retry.body.data.order_number).toBe(number);
    expect((await double.charges()).filter((charge) => charge.idempotency_key === number)).toHaveLength(1);
  });

  it('that was not made sets cart and stock free, for another try', async () => {
    const before = await onHand();
    const { customer, key, terms, number } = await stuckConfirm('error_500');
    expect(await onHand()).toBe(before - 2);
    await runJobs();
    expect(await payments([number])).toMatchObject([{ status: 'DECLINED' }]);
    expect(log.of('settle_payments')).toMatchObject([{ declined: 1 }]);
    expect(await onHand()).toBe(before);
    expect((await confirm(shop, customer, terms, { key })).status).toBe(402);
    expect((await confirm(shop, customer, terms)).status).toBe(201);
  });

  it('is left alone while its request may still be at work', async () => {
    const { number } = await stuckConfirm('error_500_after_charge');
    await shop.sql(`update payments set created_at = now() - interval '100 seconds' where idempotency_key = $1`, [
      number,
    ]);
    await runJobs();
    expect(await payments([number])).toMatchObject([{ status: 'PENDING', check_count: 0 }]);
  });

  it('stays open while the provider is silent, is not asked every moment, and a human is called in the end', async () => {
    const { number } = await stuckConfirm('error_500_after_charge');
    await double.script({ behaviour: 'error_500', on: 'find' });
    await runJobs();
    await runJobs();
    expect(await payments([number])).toMatchObject([{ status: 'PENDING', check_count: 1 }]);
    expect(log.of('settle_payments')).toMatchObject([{ unknown: 1 }, { unknown: 0, captured: 0 }]);
    expect(log.of('watch').filter((line) => line.level === 'alert')).toEqual([]);
    await shop.sql(`update payments set created_at = now() - interval '16 minutes' where idempotency_key = $1`, [
      number,
    ]);
    await runJobs();
    expect(log.of('watch')).toContainEqual(expect.objectContaining({ level: 'alert', payments_stuck: 1 }));
    await shop.sql(`update payments set checked_at = now() - interval '2 minutes' where idempotency_key = $1`, [
      number,
    ]);
    await runJobs();
    expect(await payments([number])).toMatchObject([{ status: 'CAPTURED', check_count: 2 }]);
  });
});

it('3-D Secure whose time is over waits for the provider to answer, and a human is called meanwhile', async () => {
  const customer = await newCustomer(shop, { providerToken: 'tok_action_required_1' });
  const terms = delivery(await fillCart(shop, customer, [[goods.products[0]!.id, 2]]), slotId);
  const { order_number: number } = (await confirm(shop, customer, terms)).body.data;
  const { token } = await signInAs(shop, 'ADMIN');
  const alerts = async () =>
    (await shop.request('GET', '/ops/alerts', { token })).body.data.map((one: any) => one.type);
  const expired = (minutes: number) =>
    shop.sql(
      `update payments set action_expires_at = now() - make_interval(mins => $2), checked_at = null where idempotency_key = $1`,
      [number, minutes],
    );
  await double.script({ behaviour: 'error_500', on: 'find' }, { behaviour: 'error_500', on: 'find' });
  await expired(14);
  await runJobs();
  expect(log.of('watch').filter((line) => line.level === 'alert')).toEqual([]);
  expect(await alerts()).not.toContain('PAYMENT_STUCK');
  await expired(16);
  await runJobs();
  expect(log.of('watch')).toContainEqual(expect.objectContaining({ level: 'alert', payments_stuck: 1 }));
  expect(await alerts()).toContain('PAYMENT_STUCK');
  expect(await payments([number])).toMatchObject([{ status: 'ACTION_REQUIRED' }]);
  await shop.sql('update payments set checked_at = null where idempotency_key = $1', [number]);
  await runJobs();
  expect(await payments([number])).toMatchObject([{ status: 'DECLINED', decline_reason: 'action_expired' }]);
});

it('two runs at once share the work, and one hopeless payment does not stop the others', async () => {
  const stuck: Stuck[] = [];
  for (let i = 0; i < 7; i++) stuck.push(await stuckConfirm(i % 2 ? 'error_500' : 'error_500_after_charge'));
  const numbers = stuck.map((each) => each.number);
  await shop.sql(`update payments set provider = 'nopay' where idempotency_key = $1`, [numbers[0]]);
  await Promise.all([runJobs(), runJobs()]);
  const settled = await payments(numbers);
  expect(settled.map((payment) => payment.status)).toEqual([
    'PENDING',
    'DECLINED',
    'CAPTURED',
    'DECLINED',
    'CAPTURED',
    'DECLINED',
    'CAPTURED',
  ]);
  expect(settled.map((payment) => payment.check_count)).toEqual([1, 1, 1, 1, 1, 1, 1]);
  const lines = log.of('settle_payments');
  expect(lines.filter((line) => line.level === 'error')).toMatchObject([{ error: { name: 'UnknownPaymentProvider' } }]);
  const sum = (name: string) => lines.reduce((total, line) => total + (line[name] ?? 0), 0);
  expect([sum('captured'), sum('declined'), sum('failed')]).toEqual([3, 3, 1]);
});
