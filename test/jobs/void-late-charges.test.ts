import { afterEach, beforeAll, beforeEach, describe, expect, inject, it, vi } from 'vitest';
import { captureLog } from '../support/captured-log.ts';
import { type Customer, confirm, delivery, fillCart, newCustomer } from '../support/customer.ts';
import { signInAs } from '../support/factories.ts';
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
  // What one test left open is no business of the next.
  await shop.sql(`update orders set canceled_at = now() - interval '3 days' where status = 'CANCELED'`);
});

const runJobs = () => shop.scheduled('*/5 * * * *');
const payment = async ({ number }: Released) =>
  (await shop.sql('select * from payments where idempotency_key = $1', [number]))[0]!;
const charge = async ({ number }: Released) => (await double.charges()).find((one) => one.idempotency_key === number);
const minutesLater = ({ number }: Released, minutes: number) =>
  shop.sql(
    `with older as (
       update payments set created_at = created_at - make_interval(mins => $2), checked_at = checked_at - make_interval(mins => $2)
       where idempotency_key = $1 returning order_id
     )
     update orders o set canceled_at = canceled_at - make_interval(mins => $2) from older where o.id = older.order_id`,
    [number, minutes],
  );

interface Released {
  customer: Customer;
  number: string;
  amount: string;
}

/** A confirm whose charge was not there when the job asked, this much later: the order is released. */
async function released(after = '3 minutes'): Promise<Released> {
  const customer = await newCustomer(shop);
  const cartId = await fillCart(shop, customer, [[goods.products[0]!.id, 2]]);
  await double.script('error_500', { behaviour: 'error_500', on: 'find' });
  expect((await confirm(shop, customer, delivery(cartId, slotId))).status).toBe(503);
  const [pending] = await shop.sql(
    `update payments p set created_at = now() - $2::interval from orders o
     where o.id = p.order_id and o.user_id = $1 returning p.idempotency_key as number, p.amount`,
    [customer.id, after],
  );
  await runJobs();
  const made = { customer, number: pending!.number, amount: pending!.amount };
  expect(await payment(made)).toMatchObject({ status: 'DECLINED', decline_reason: 'not_charged' });
  return made;
}

/** The charge that was on its way all the time. */
async function arrives({ number, amount }: Released): Promise<void> {
  await fetch(`${double.url}/charges`, {
    method: 'POST',
    headers: { 'idempotency-key': number },
    body: JSON.stringify({ amount, currency: 'ILS', provider_token: 'tok_approve_1' }),
  });
}

describe('a charge that arrives after its order was released', () => {
  it('is taken back as a whole, once, and signed', async () => {
    const late = await released();
    await arrives(late);
    await minutesLater(late, 10);
    await runJobs();
    const there = await charge(late);
    expect(there).toMatchObject({ status: 'CAPTURED', voided: true });
    expect(await payment(late)).toMatchObject({
      status: 'DECLINED',
      decline_reason: 'late_charge_voided',
      reference: there!.reference,
    });
    expect(log.of('void_late_charges').at(-1)).toMatchObject({ level: 'info', voided: 1, refused: 0, unknown: 0 });
    const signed = await shop.sql(
      `select new_value ->> 'decline_reason' as became, context ->> 'request_id' as by from audit_log
       where entity_type = 'payment' and entity_id = $1 and new_value ? 'decline_reason' order by id`,
      [(await payment(late)).id],
    );
    expect(signed.slice(-2)).toEqual([
      { became: 'late_charge', by: expect.stringMatching(/^job-/) },
      { became: 'late_charge_voided', by: expect.stringMatching(/^job-/) },
    ]);
    await minutesLater(late, 1440);
    await runJobs();
    expect(log.of('void_late_charges').at(-1)).toMatchObject({ voided: 0, none: 0, unknown: 0 });
  });

  it('is looked for a day long, with growing pauses', async () => {
    const late = await released();
    const looks: number[] = [];
    let minutes = 0;
    for (const age of [9, 11, 15, 21, 59, 61, 120, 241, 721, 1439, 1441, 2000]) {
      await minutesLater(late, age - minutes);
      minutes = age;
      await runJobs();
      await runJobs();
      const none = log.of('void_late_charges').reduce((sum, line) => sum + line.none, 0);
      if (none > looks.length) looks.push(age);
    }
    expect(looks).toEqual([11, 21, 61, 241, 721, 1441]);
    expect((await payment(late)).decline_reason).toBe('not_charged');
  });

  it('is looked for as long when the provider was silent for a day before', async () => {
    const late = await released('25 hours');
    await arrives(late);
    await minutesLater(late, 10);
    await runJobs();
    expect(await charge(late)).toMatchObject({ voided: true });
  });

  it('is looked for again soon when the provider did not answer', async () => {
    const late = await released();
    await arrives(late);
    await minutesLater(late, 10);
    await double.script({ behaviour: 'error_500', on: 'find' });
    await runJobs();
    expect(log.of('void_late_charges').at(-1)).toMatchObject({ unknown: 1, voided: 0 });
    await runJobs();
    expect(await charge(late)).toMatchObject({ voided: true });
  });

  it('is voided in the end when the answer to the first attempt was lost', async () => {
    const late = await released();
    await arrives(late);
    await minutesLater(late, 10);
    await double.script({ behaviour: 'error_500_after_charge', on: 'void' });
    await runJobs();
    expect(await payment(late)).toMatchObject({ decline_reason: 'late_charge' });
    await minutesLater(late, 5);
    await runJobs();
    expect(await payment(late)).toMatchObject({ decline_reason: 'late_charge_voided' });
  });

  it('calls for a human when the provider will not void it', async () => {
    const admin = await signInAs(shop, 'ADMIN');
    const late = await released();
    await arrives(late);
    await minutesLater(late, 30);
    await double.script({ behaviour: 'decline', on: 'void', reason: 'already_settled' });
    await runJobs();
    expect(await payment(late)).toMatchObject({ decline_reason: 'late_charge_kept' });
    expect(log.of('watch')).toContainEqual(expect.objectContaining({ level: 'alert', late_charges_kept: 1 }));
    const alerts = await shop.request('GET', '/ops/alerts', { token: admin.token });
    expect(alerts.body.data).toContainEqual(
      expect.objectContaining({
        type: 'LATE_CHARGE',
        severity: 'critical',
        text: expect.stringContaining(late.number),
      }),
    );
  });
});

it('two runs at once void each charge once, and one that fails fails alone', async () => {
  const late: Released[] = [];
  for (let i = 0; i < 7; i++) late.push(await released());
  for (const each of late) {
    await arrives(each);
    await minutesLater(each, 10);
  }
  await shop.sql(`update payments set provider = 'nopay' where idempotency_key = $1`, [late[0]!.number]);
  await Promise.all([runJobs(), runJobs()]);
  const reasons = await Promise.all(late.map(async (each) => (await payment(each)).decline_reason));
  expect(reasons).toEqual(['not_charged', ...Array(6).fill('late_charge_voided')]);
  const lines = log.of('void_late_charges').filter((line) => line.level === 'info');
  expect(lines.reduce((sum, line) => sum + line.voided, 0)).toBe(6);
  expect(lines.reduce((sum, line) => sum + line.failed, 0)).toBe(1);
});
