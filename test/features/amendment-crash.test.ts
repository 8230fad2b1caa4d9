import { afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { onCrashPoint } from '../../src/crash.ts';
import { amending, type Wanted } from '../support/amendments.ts';
import { type AuthorizingShop, authorizingShop } from '../support/authorized.ts';
import { dieAt } from '../support/crashing.ts';
import type { Customer } from '../support/customer.ts';
import { expectInvariants } from '../support/invariants.ts';
import { IMPATIENT, paymentDouble } from '../support/payment-double.ts';
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
afterEach(() => onCrashPoint(async () => {}));

/** Five minutes later: leases have run out, and what is unknown is old enough for the scheduled job. */
async function timePasses(customer: Customer): Promise<void> {
  await shop.sql(`update idempotency_keys set leased_until = now() - interval '1 second' where user_id = $1`, [
    customer.id,
  ]);
  await shop.sql(`update payment_attempts set created_at = now() - interval '5 minutes', checked_at = null`);
  await shop.sql(`update payment_voids set next_attempt_at = now() where status = 'PENDING'`);
  await shop.sql(`update refunds set next_attempt_at = now() where status = 'PENDING'`);
}

async function atProvider(number: string): Promise<number> {
  const charges = (await double.charges()).filter(
    ({ idempotency_key: key }) => key === number || key.startsWith(`${number}-`),
  );
  return charges
    .filter((one) => one.status !== 'DECLINED' && one.status !== 'VOIDED' && !one.voided)
    .reduce((sum, one) => sum + Number(one.captured_amount ?? one.amount), 0);
}

const more = (products: readonly [number, number]): Wanted => [
  [products[0], 4],
  [products[1], 1],
];

describe.each(['CHARGE', 'AUTHORIZE'])('a Worker that dies while it amends (%s)', (mode) => {
  beforeAll(() => shop.sql('update settings set payment_mode = $1', [mode]));

  it.each(['retry', 'job'] as const)('leaves it amended and paid, or neither, at every step (%s)', async (rescue) => {
    const points: string[] = [];
    for (let n = 1; ; n++) {
      const { id, number, customer, products } = await floor.ordered();
      const { amendment_id: aid } = (await change.preview(customer, id, more(products))).body.data;
      const key = crypto.randomUUID();
      const confirm = () => change.confirm(customer, id, aid, { key });
      const point = await dieAt(n, confirm);
      if (!point) break;
      points.push(point);
      await timePasses(customer);
      if (rescue === 'job') await floor.runJobs();
      const answer = await confirm();
      expect([200, 402], `${point}: ${answer.text}`).toContain(answer.status);
      await timePasses(customer);
      await floor.runJobs();
      const order = await change.orderOf(customer, id);
      const isAmended = answer.status === 200;
      expect(order.amendments, point).toHaveLength(isAmended ? 1 : 0);
      expect(Number(order.total_amount), point).toBe(isAmended ? 52.5 : 32.5);
      expect(await atProvider(number), point).toBe(isAmended ? 52.5 : 32.5);
      expect(
        await shop.sql(`select 1 from order_amendments where order_id = $1 and status in ('OPEN', 'PAYING')`, [id]),
      ).toEqual([]);
    }
    expect(points).toContain(mode === 'CHARGE' ? 'after charge' : 'after authorize');
    await expectInvariants(shop);
  });

  it('gives the money back when the order was started meanwhile', async () => {
    const { id, number, customer, products } = await floor.ordered();
    const { amendment_id: aid } = (await change.preview(customer, id, more(products))).body.data;
    const key = crypto.randomUUID();
    const confirm = () => change.confirm(customer, id, aid, { key });
    expect(await dieAt(mode === 'CHARGE' ? 'after charge' : 'after authorize', confirm)).toBeDefined();
    await floor.move(id, 'IN_PROGRESS');
    await timePasses(customer);
    const answer = await confirm();
    expect([answer.status, answer.body.error.code]).toEqual([409, 'INVALID_STATUS']);
    await timePasses(customer);
    await floor.runJobs();
    expect(await atProvider(number)).toBe(32.5);
    expect(await change.orderOf(customer, id)).toMatchObject({ total_amount: '32.50', amendments: [] });
    await expectInvariants(shop);
  });

  it('lets go of money that arrives after it was given up', async () => {
    const { id, number, customer, products } = await floor.ordered();
    const { amendment_id: aid } = (await change.preview(customer, id, more(products))).body.data;
    const on = mode === 'CHARGE' ? 'charge' : 'authorize';
    await double.script({ behaviour: 'held', on });
    expect((await shop.withEnv(IMPATIENT, () => change.confirm(customer, id, aid))).status).toBe(503);
    await timePasses(customer);
    await floor.runJobs();
    expect((await change.orderOf(customer, id)).amendments).toEqual([]);
    await double.release();
    // The difference, or the new total beside the old one.
    expect(await atProvider(number)).toBe(mode === 'CHARGE' ? 52.5 : 85);
    await shop.sql(`update payment_attempts set created_at = now() - interval '11 minutes', checked_at = null`);
    await floor.runJobs();
    await floor.runJobs();
    expect(await atProvider(number)).toBe(32.5);
    await expectInvariants(shop);
  });

  it('finds out what became of an answer that was lost', async () => {
    const { id, number, customer, products } = await floor.ordered();
    const { amendment_id: aid } = (await change.preview(customer, id, more(products))).body.data;
    const lost = await floor.anotherCard(customer, 'tok_timeout_captured_1');
    const answer = await change.confirm(customer, id, aid, { payment_token_id: lost });
    expect([200, 503], answer.text).toContain(answer.status);
    await timePasses(customer);
    await floor.runJobs();
    await floor.runJobs();
    const order = await change.orderOf(customer, id);
    expect(await atProvider(number)).toBe(Number(order.total_amount));
    await expectInvariants(shop);
  });
});
