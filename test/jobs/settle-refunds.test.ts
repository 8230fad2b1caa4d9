import { afterEach, beforeAll, beforeEach, expect, inject, it, vi } from 'vitest';
import { configOf } from '../../src/config.ts';
import { Database } from '../../src/db/database.ts';
import { settleRefunds } from '../../src/features/payments/refunds.ts';
import { captureLog } from '../support/captured-log.ts';
import { confirm, delivery, fillCart, newCustomer } from '../support/customer.ts';
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
  await expectInvariants(shop);
  await shop.sql(`update refunds set next_attempt_at = now() + interval '1 day' where status = 'PENDING'`);
});

const runJobs = () => shop.scheduled('*/5 * * * *');
const refund = async (id: number) =>
  (
    await shop.sql(
      `select r.*, round(extract(epoch from next_attempt_at - now()))::int as wait, p.refunded_amount
       from refunds r join payments p on p.id = r.payment_id where r.id = $1`,
      [id],
    )
  )[0]!;
const atProvider = async (id: number) =>
  (await double.refunds()).filter((one) => one.idempotency_key === `refund-${id}`);

/** A paid order and a promise to pay it back. */
async function promisedRefund(providerToken?: string): Promise<{ id: number; orderId: number }> {
  const customer = await newCustomer(shop, providerToken === undefined ? {} : { providerToken });
  const cartId = await fillCart(shop, customer, [[goods.products[0]!.id, 1]]);
  const { body } = await confirm(shop, customer, delivery(cartId, slotId));
  const orderId: number = body.data.order_id;
  const [made] = await shop.sql<{ id: number }>(
    `insert into refunds (order_id, payment_id, amount, reason)
     select order_id, id, amount, 'CANCEL' from payments where order_id = $1 returning id`,
    [orderId],
  );
  return { id: made!.id, orderId };
}

it('pays back, once, and signs it', async () => {
  const { id } = await promisedRefund();
  await runJobs();
  const [paid] = await atProvider(id);
  expect(paid).toMatchObject({ status: 'SUCCEEDED', amount: '37.90', requests: 1 });
  expect(await refund(id)).toMatchObject({
    status: 'SUCCEEDED',
    reference: paid!.reference,
    settled_at: expect.any(String),
    refunded_amount: '37.90',
  });
  expect(log.of('settle_refunds')).toMatchObject([{ level: 'info', succeeded: 1, failed: 0, retried: 0 }]);
  const signed = await shop.sql(
    `select context, actor_user_id from audit_log where entity_type = 'refund' and action = 'UPDATE' and entity_id = $1`,
    [id],
  );
  expect(signed).toMatchObject([{ context: { request_id: expect.stringMatching(/^job-/) }, actor_user_id: null }]);
  await runJobs();
  expect((await atProvider(id))[0]!.requests).toBe(1);
});

it('a refusal for good fails, promises nothing more, and calls for a human', async () => {
  const { id } = await promisedRefund('tok_refund_fails_1');
  await runJobs();
  expect(await refund(id)).toMatchObject({
    status: 'FAILED',
    failure_reason: 'refund_refused',
    refunded_amount: '0.00',
  });
  expect(log.of('watch')).toContainEqual(expect.objectContaining({ level: 'alert', refunds_failed: 1 }));
});

it('asks again when the answer was lost, and pays once', async () => {
  const { id } = await promisedRefund();
  await double.script({ behaviour: 'error_500_after_charge', on: 'refund' });
  await runJobs();
  const waiting = await refund(id);
  expect(waiting).toMatchObject({ status: 'PENDING', attempts: 1, refunded_amount: '37.90' });
  expect(waiting.wait).toBeGreaterThan(50);
  expect(waiting.wait).toBeLessThanOrEqual(60);
  expect(log.of('settle_refunds')).toMatchObject([
    { level: 'warn', reason: 'http_500', refund_id: id },
    { retried: 1 },
  ]);
  await shop.sql('update refunds set next_attempt_at = now() where id = $1', [id]);
  await runJobs();
  expect(await refund(id)).toMatchObject({ status: 'SUCCEEDED', attempts: 2 });
  expect(await atProvider(id)).toMatchObject([{ requests: 2 }]);
});

it('never gives money up: it asks hourly in the end, and a human knows', async () => {
  const { id } = await promisedRefund();
  await shop.sql(`update refunds set attempts = 30, created_at = now() - interval '2 days' where id = $1`, [id]);
  await double.script({ behaviour: 'error_500', on: 'refund' });
  await runJobs();
  const waiting = await refund(id);
  expect(waiting.status).toBe('PENDING');
  expect(Math.abs(waiting.wait - 3600)).toBeLessThan(10);
  expect(log.of('watch')).toContainEqual(expect.objectContaining({ level: 'alert', refunds_stuck: 1 }));
});

it('two runs at once ask for each refund once', async () => {
  const promised = [];
  for (let i = 0; i < 8; i++) promised.push(await promisedRefund());
  await Promise.all([runJobs(), runJobs()]);
  for (const { id } of promised) {
    expect(await refund(id)).toMatchObject({ status: 'SUCCEEDED', attempts: 1 });
    expect(await atProvider(id)).toMatchObject([{ requests: 1 }]);
  }
});

it('settles those of one order alone when a command asks for it', async () => {
  const mine = await promisedRefund();
  const other = await promisedRefund();
  const config = configOf(shop.env);
  const services = { config, database: new Database(config), requestId: 'one-order' };
  expect(await settleRefunds(services, undefined, mine.orderId)).toEqual({ succeeded: 1, failed: 0, retried: 0 });
  expect((await refund(mine.id)).status).toBe('SUCCEEDED');
  expect((await refund(other.id)).status).toBe('PENDING');
});
