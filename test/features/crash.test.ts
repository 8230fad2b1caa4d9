import { afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { onCrashPoint } from '../../src/crash.ts';
import { dieAt } from '../support/crashing.ts';
import { type Customer, confirm, delivery, fillCart, newCustomer } from '../support/customer.ts';
import { makeProduct, makeStock } from '../support/factories.ts';
import { expectInvariants } from '../support/invariants.ts';
import { endLeases } from '../support/lock.ts';
import { IMPATIENT, paymentDouble } from '../support/payment-double.ts';
import { openShop, type Shop } from '../support/shop.ts';
import { type StandardShop, standardShop } from '../support/standard-shop.ts';

const double = paymentDouble(inject('paymentUrl'));
let shop: Shop;
let goods: StandardShop;
let slotId: number;
beforeAll(async () => {
  shop = await openShop({ env: { MOCKPAY_URL: double.url } });
  goods = await standardShop(shop);
  slotId = goods.slots.find((slot) => slot.branch_id === goods.warehouseId)!.id;
  await shop.sql('update delivery_slots set capacity = null');
});
afterEach(() => onCrashPoint(async () => {}));

/** A minute later: leases have run out, here and in the lock; payments are old enough for the scheduled job. */
async function timePasses(customer: Customer): Promise<void> {
  await shop.sql(`update idempotency_keys set leased_until = now() - interval '1 second' where user_id = $1`, [
    customer.id,
  ]);
  await shop.sql(
    `update payments set created_at = now() - interval '5 minutes', checked_at = null where status = 'PENDING'`,
  );
  await shop.sql(`update refunds set next_attempt_at = now() where status = 'PENDING'`);
  await endLeases(customer.id);
}

interface Purchase {
  customer: Customer;
  key: string;
  product: number;
  cartId: number;
  buy: () => ReturnType<typeof confirm>;
}

async function purchase(): Promise<Purchase> {
  const customer = await newCustomer(shop);
  const product = await makeProduct(shop);
  await makeStock(shop, { productId: product, branchId: goods.warehouseId, onHand: 3 });
  const cartId = await fillCart(shop, customer, [[product, 2]]);
  const key = crypto.randomUUID();
  return { customer, key, product, cartId, buy: () => confirm(shop, customer, delivery(cartId, slotId), { key }) };
}

/** Exactly one order and one charge, or none and everything released; never both, never half. */
async function outcomeOf({ customer, product, cartId }: Purchase) {
  const [facts] = await shop.sql(
    `select (select count(*) from orders where user_id = $1 and placed_at is not null) as placed,
            (select count(*) from payments p join orders o on o.id = p.order_id
             where o.user_id = $1 and p.status = 'PENDING') as pending,
            (select on_hand from inventory where product_id = $2) as on_hand,
            (select status from carts where id = $3) as cart,
            (select array_agg(order_number) from orders where user_id = $1) as numbers`,
    [customer.id, product, cartId],
  );
  const charges = (await double.charges()).filter(
    (charge) => facts!.numbers?.includes(charge.idempotency_key) && charge.status === 'CAPTURED',
  );
  return { ...facts!, charges: charges.length };
}

const ORDERED = { placed: 1, pending: 0, on_hand: 1, cart: 'CHECKED_OUT', charges: 1 };
const RELEASED = { placed: 0, pending: 0, on_hand: 3, cart: 'ACTIVE', charges: 0 };

describe('a Worker that dies during confirm', () => {
  it.each(['retry', 'job'] as const)(
    'leaves one order and one charge, or nothing, at every step (%s)',
    async (rescue) => {
      const points: string[] = [];
      for (let n = 1; ; n++) {
        const attempt = await purchase();
        const point = await dieAt(n, attempt.buy);
        if (!point) break;
        points.push(point);
        await timePasses(attempt.customer);
        if (rescue === 'job') await shop.scheduled('*/5 * * * *');
        const answer = await attempt.buy();
        const outcome = await outcomeOf(attempt);
        expect([200, 201, 402], `${point}: ${answer.text}`).toContain(answer.status);
        expect(outcome, point).toMatchObject(answer.status === 402 ? RELEASED : ORDERED);
        const again = await attempt.buy();
        expect([again.status, again.body.data ?? again.body.error.code], point).toEqual(
          answer.status === 402 ? [402, 'PAYMENT_FAILED'] : [200, answer.body.data],
        );
      }
      // What follows is the mail, after the response.
      expect(points.slice(0, 8)).toEqual([
        'before lock',
        'after lock',
        'before database',
        'after database',
        'before charge',
        'after charge',
        'before database',
        'after database',
      ]);
      await expectInvariants(shop);
    },
  );
});

describe('a Worker that dies after a refusal', () => {
  it('leaves the key free, at the latest when the lease of its lock is over', async () => {
    const points: string[] = [];
    for (let n = 1; ; n++) {
      const attempt = await purchase();
      const { customer, key, cartId } = attempt;
      const point = await dieAt(n, () => confirm(shop, customer, delivery(cartId, 999_999), { key }));
      if (!point) break;
      points.push(point);
      await timePasses(customer);
      expect((await attempt.buy()).status, point).toBe(201);
      expect(await outcomeOf(attempt), point).toMatchObject(ORDERED);
    }
    // The batch is refused, so nothing comes after it.
    expect(points).toEqual(['before lock', 'after lock', 'before database', 'before unlock', 'after unlock']);
    await expectInvariants(shop);
  });
});

describe('a provider that does not play along', () => {
  it('charges once when the answer is lost after charging', async () => {
    const attempt = await purchase();
    await double.script('timeout_after_charge');
    expect((await shop.withEnv(IMPATIENT, attempt.buy)).status).toBe(201);
    expect(await outcomeOf(attempt)).toMatchObject(ORDERED);
  });

  it.each(['timeout_before_charge', 'error_500'] as const)(
    'keeps the order pending after %s, then releases it',
    async (behaviour) => {
      const attempt = await purchase();
      await double.script(behaviour);
      const answer = await shop.withEnv(IMPATIENT, attempt.buy);
      expect(answer.status).toBe(503);
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      expect((await attempt.buy()).body.error.code).toBe('IDEMPOTENCY_IN_PROGRESS');
      await timePasses(attempt.customer);
      await shop.scheduled('*/5 * * * *');
      expect(await outcomeOf(attempt)).toMatchObject(RELEASED);
      expect((await attempt.buy()).status).toBe(402);
      await expectInvariants(shop);
    },
  );

  it('charges once when it answers 500 after charging', async () => {
    const attempt = await purchase();
    await double.script('error_500_after_charge');
    expect((await attempt.buy()).status).toBe(201);
    expect(await outcomeOf(attempt)).toMatchObject(ORDERED);
  });
});

describe('a database that goes away', () => {
  it('places the order later when the charge went through and the second batch did not', async () => {
    const attempt = await purchase();
    await shop.fault({ mode: 'error', when: 'before', skip: 1, times: 1 });
    const answer = await attempt.buy();
    expect(answer.status).toBe(503);
    await shop.fault(null);
    await timePasses(attempt.customer);
    await shop.scheduled('*/5 * * * *');
    expect(await outcomeOf(attempt)).toMatchObject(ORDERED);
    expect((await attempt.buy()).status).toBe(200);
  });

  it('finds its own order when the first batch was written and its answer lost', async () => {
    const attempt = await purchase();
    await shop.fault({ mode: 'drop', when: 'after', times: 1 });
    expect((await attempt.buy()).status).toBe(503);
    await shop.fault(null);
    await timePasses(attempt.customer);
    expect((await attempt.buy()).status).toBe(402);
    expect(await outcomeOf(attempt)).toMatchObject(RELEASED);
  });
});
