import { afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { onCrashPoint } from '../../src/crash.ts';
import { type AuthorizingShop, authorizingShop } from '../support/authorized.ts';
import { dieAt, dieInJobs } from '../support/crashing.ts';
import type { Customer } from '../support/customer.ts';
import { expectInvariants } from '../support/invariants.ts';
import { endLeases } from '../support/lock.ts';
import { IMPATIENT, paymentDouble } from '../support/payment-double.ts';
import { openShop, type Shop } from '../support/shop.ts';

const double = paymentDouble(inject('paymentUrl'));
let shop: Shop;
let floor: AuthorizingShop;
beforeAll(async () => {
  shop = await openShop({ env: { MOCKPAY_URL: double.url } });
  floor = await authorizingShop(shop);
});
afterEach(() => onCrashPoint(async () => {}));

/** Five minutes later: leases have run out, and what is unknown is old enough for the scheduled job. */
async function timePasses(customer: Customer): Promise<void> {
  await shop.sql(`update idempotency_keys set leased_until = now() - interval '1 second' where user_id = $1`, [
    customer.id,
  ]);
  await shop.sql(`update payments set created_at = now() - interval '5 minutes', checked_at = null`);
  await shop.sql(`update payment_attempts set created_at = now() - interval '5 minutes', checked_at = null`);
  await shop.sql(`update payment_voids set next_attempt_at = now() where status = 'PENDING'`);
  await shop.sql(`update refunds set next_attempt_at = now() where status = 'PENDING'`);
  await endLeases(customer.id);
}

/** What the provider has of an order, under all of its keys. */
async function atProvider(number: string | undefined) {
  const charges = (await double.charges()).filter(
    ({ idempotency_key: key }) => number && (key === number || key.startsWith(`${number}-`)),
  );
  return {
    authorized: charges.filter(({ status }) => status === 'AUTHORIZED').length,
    captured: charges
      .filter(({ status, voided }) => status === 'CAPTURED' && !voided)
      .map((one) => one.captured_amount),
  };
}

async function facts(customer: Customer) {
  const [row] = await shop.sql<Record<string, any>>(
    `select o.id, o.order_number, o.status, o.placed_at is not null as placed, p.status as payment, p.captured_amount
     from orders o join payments p on p.order_id = o.id where o.user_id = $1 order by o.id desc limit 1`,
    [customer.id],
  );
  return row;
}

/** What a death left of an order's money; undefined while something of it is under way. */
async function settledMoney(orderId: number): Promise<string | undefined> {
  const [row] = await shop.sql<{ left: string }>(
    `select concat_ws(' ', p.status, (select string_agg(a.status, ',' order by a.id) from payment_attempts a where a.payment_id = p.id),
       (select string_agg(v.status, ',' order by v.id) from payment_voids v where v.payment_id = p.id)) as left
     from payments p where p.order_id = $1`,
    [orderId],
  );
  return row!.left.includes('PENDING') ? undefined : row!.left;
}

describe('a Worker that dies while it authorises', () => {
  it.each(['retry', 'job'] as const)('leaves one authorisation or none, at every step (%s)', async (rescue) => {
    const points: string[] = [];
    for (let n = 1; ; n++) {
      const { customer, buy } = await floor.basket();
      const point = await dieAt(n, buy);
      if (!point) break;
      points.push(point);
      await timePasses(customer);
      if (rescue === 'job') await floor.runJobs();
      const answer = await buy();
      expect([200, 201, 402], `${point}: ${answer.text}`).toContain(answer.status);
      const order = await facts(customer);
      const isPlaced = answer.status !== 402;
      expect(order, point).toMatchObject({ placed: isPlaced, payment: isPlaced ? 'AUTHORIZED' : 'DECLINED' });
      expect(await atProvider(order!.order_number), point).toEqual({ authorized: isPlaced ? 1 : 0, captured: [] });
    }
    expect(points).toContain('after authorize');
    await expectInvariants(shop);
  });
});

describe('an authorisation that arrives late', () => {
  it('is voided when its order was released before', async () => {
    const { customer, buy } = await floor.basket();
    await double.script({ behaviour: 'held', on: 'authorize' });
    expect((await shop.withEnv(IMPATIENT, buy)).status).toBe(503);
    await timePasses(customer);
    await floor.runJobs();
    const order = await facts(customer);
    expect(order).toMatchObject({ placed: false, payment: 'DECLINED' });
    await double.release();
    expect((await atProvider(order!.order_number)).authorized).toBe(1);
    await timePasses(customer);
    await shop.sql(`update orders set canceled_at = now() - interval '11 minutes' where id = $1`, [order!.id]);
    await floor.runJobs();
    expect(await atProvider(order!.order_number)).toEqual({ authorized: 0, captured: [] });
    await expectInvariants(shop);
  });
});

describe('a Worker that dies around 3-D Secure', () => {
  it('leaves one authorisation, at every step of asking', async () => {
    for (let n = 1; ; n++) {
      const { customer, buy } = await floor.basket('tok_action_required_1');
      const point = await dieAt(n, buy);
      if (!point) break;
      await timePasses(customer);
      const waiting = await buy();
      expect([202, 402], `${point}: ${waiting.text}`).toContain(waiting.status);
      if (waiting.status === 402) continue;
      const { order_number } = waiting.body.data;
      await double.settleAction(order_number, true);
      expect((await buy()).status, point).toBe(201);
      expect(await atProvider(order_number), point).toEqual({ authorized: 1, captured: [] });
    }
    await expectInvariants(shop);
  });

  it.each([true, false])('leaves one order or nothing, at every step of finishing (passed: %s)', async (hasPassed) => {
    const points: string[] = [];
    for (let n = 1; ; n++) {
      const { customer, buy } = await floor.basket('tok_action_required_1');
      const { order_number } = (await buy()).body.data;
      await double.settleAction(order_number, hasPassed);
      const point = await dieAt(n, buy);
      if (!point) break;
      points.push(point);
      await timePasses(customer);
      await floor.runJobs();
      expect(hasPassed ? [200, 201] : [402], point).toContain((await buy()).status);
      expect(await atProvider(order_number), point).toEqual({ authorized: hasPassed ? 1 : 0, captured: [] });
    }
    expect(points).toContain('after find');
    await expectInvariants(shop);
  });

  it('lets go of what was paid too late, at every step', async () => {
    const points: string[] = [];
    for (let n = 1; ; n++) {
      const { customer, buy } = await floor.basket('tok_action_required_1');
      const { order_id, order_number } = (await buy()).body.data;
      await shop.sql(
        `update payments set action_expires_at = now() - interval '1 second', checked_at = null where order_id = $1`,
        [order_id],
      );
      const point = await dieInJobs(n, floor.runJobs);
      await double.settleAction(order_number, true).catch(() => {});
      if (!point) break;
      points.push(point);
      await timePasses(customer);
      await floor.runJobs();
      await timePasses(customer);
      await floor.runJobs();
      const order = await facts(customer);
      const isPlaced = order!.payment === 'AUTHORIZED';
      expect([order!.payment, order!.placed], point).toEqual(isPlaced ? ['AUTHORIZED', true] : ['DECLINED', false]);
      expect(await atProvider(order_number), point).toEqual({ authorized: isPlaced ? 1 : 0, captured: [] });
    }
    expect(points).toContain('after void');
    await expectInvariants(shop);
  });
});

describe('a Worker that dies while it captures', () => {
  it('captures once what is due, at every step', async () => {
    const points: string[] = [];
    for (let n = 1; ; n++) {
      const { id, customer, number } = await floor.ordered();
      await floor.pick(id, { missing: 1 });
      const point = await dieAt(n, () => floor.move(id, 'READY'));
      if (!point) break;
      points.push(point);
      await timePasses(customer);
      await floor.runJobs();
      if ((await facts(customer))!.status !== 'READY') await floor.move(id, 'READY');
      expect(await facts(customer), point).toMatchObject({
        status: 'READY',
        payment: 'CAPTURED',
        captured_amount: '12.50',
      });
      expect(await atProvider(number), point).toEqual({ authorized: 0, captured: ['12.50'] });
    }
    expect(points).toEqual(expect.arrayContaining(['before capture', 'after capture']));
    await expectInvariants(shop);
  });

  it.each(['timeout_before_charge', 'timeout_after_charge', 'error_500_after_charge', 'drop_after_charge'] as const)(
    'captures once after %s',
    async (behaviour) => {
      const { id, customer, number } = await floor.ordered();
      await floor.pick(id);
      await double.script({ behaviour, on: 'capture' }, { behaviour: 'error_500', on: 'find' });
      const ready = await shop.withEnv(IMPATIENT, () => floor.move(id, 'READY'));
      expect(ready.body.data).toMatchObject({ status: 'READY', payment_status: 'AUTHORIZED' });
      expect((await floor.move(id, 'OUT_FOR_DELIVERY')).body.error.code).toBe('PAYMENT_NOT_CAPTURED');
      expect((await floor.move(id, 'CANCELED')).body.error.code).toBe('PAYMENT_NOT_CAPTURED');
      await timePasses(customer);
      await floor.runJobs();
      expect(await facts(customer)).toMatchObject({ payment: 'CAPTURED' });
      expect(await atProvider(number)).toEqual({ authorized: 0, captured: ['32.50'] });
    },
  );
});

describe('a Worker that dies while it cancels or renews', () => {
  it('voids once, at every step', async () => {
    for (let n = 0; ; n++) {
      const { id, customer, number } = await floor.ordered();
      const cancel = () => shop.request('POST', `/orders/${id}/cancel`, { token: customer.token });
      const point = await dieAt(n || 'after void', cancel);
      if (n === 0) expect(point).toBe('after void');
      if (!point) break;
      await timePasses(customer);
      await floor.runJobs();
      const order = await facts(customer);
      const isCanceled = order!.status === 'CANCELED';
      expect(order!.payment, point).toBe(isCanceled ? 'VOIDED' : 'AUTHORIZED');
      expect(await atProvider(number), point).toEqual({ authorized: isCanceled ? 0 : 1, captured: [] });
    }
    await expectInvariants(shop);
  });

  it('leaves one authorisation, at every step of a renewal', async () => {
    const points: string[] = [];
    let before: string | undefined;
    for (let n = 1; ; n++) {
      const { id, customer, number } = await floor.ordered();
      await floor.lapseIn(id, 20);
      const point = await dieInJobs(n, floor.runJobs);
      if (!point) break;
      points.push(point);
      // Steps of other jobs leave what the step before left, and the rescue of that was seen.
      const left = await settledMoney(id);
      const isKnown = left !== undefined && left === before;
      for (let run = 0; run < (isKnown ? 0 : 3); run++) {
        await timePasses(customer);
        await floor.runJobs();
      }
      before = left;
      expect(await facts(customer), point).toMatchObject({ status: 'CREATED', payment: 'AUTHORIZED' });
      expect(await atProvider(number), point).toEqual({ authorized: 1, captured: [] });
      await shop.request('POST', `/orders/${id}/cancel`, { token: customer.token });
    }
    expect(points).toEqual(expect.arrayContaining(['before authorize', 'after authorize']));
    await expectInvariants(shop);
  });

  it('leaves one authorisation, at every step of paying with another card', async () => {
    const points: string[] = [];
    for (let n = 1; ; n++) {
      const { id, customer, number } = await floor.ordered('tok_capture_fails_1');
      await floor.pick(id);
      await floor.move(id, 'READY');
      const card = await floor.anotherCard(customer);
      const key = crypto.randomUUID();
      const point = await dieAt(n, () => floor.payWith(customer, id, card, key));
      if (!point) break;
      points.push(point);
      await timePasses(customer);
      await floor.runJobs();
      const again = await floor.payWith(customer, id, card, key);
      if (again.status === 402) expect((await floor.payWith(customer, id, card)).status, point).toBe(200);
      for (let run = 0; run < 2; run++) {
        await timePasses(customer);
        await floor.runJobs();
      }
      expect(await facts(customer), point).toMatchObject({ status: 'READY', payment: 'CAPTURED' });
      expect(await atProvider(number), point).toEqual({ authorized: 0, captured: ['32.50'] });
    }
    expect(points).toEqual(expect.arrayContaining(['after authorize', 'after capture']));
    await expectInvariants(shop);
  });
});
