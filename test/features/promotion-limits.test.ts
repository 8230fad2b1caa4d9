import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { onCrashPoint } from '../../src/crash.ts';
import { amending } from '../support/amendments.ts';
import { dieAt } from '../support/crashing.ts';
import { type Customer, confirm, newCustomer } from '../support/customer.ts';
import { makePaymentToken } from '../support/factories.ts';
import { endLeases } from '../support/lock.ts';
import { overlap } from '../support/overlap.ts';
import { type PromotingShop, promotingShop } from '../support/promotions.ts';
import { stockedProduct } from '../support/receipts.ts';

let floor: PromotingShop;
let product: number;
beforeAll(async () => {
  floor = await promotingShop();
  product = await stockedProduct(floor.shop, floor.goods, { price: '10.00' });
});
afterEach(async () => {
  onCrashPoint(async () => {});
  await floor.switchAllOff();
});

const cancel = ({ token }: Customer, id: number) => floor.shop.request('POST', `/orders/${id}/cancel`, { token });

const usedOf = async (id: number) => {
  const { body } = await floor.shop.request('GET', '/admin/promotions', {
    token: floor.manager,
    query: { limit: 100 },
  });
  return body.data.find((one: any) => one.id === id).used;
};

/** A customer with one unit in the cart, the coupon entered and the total shown. */
async function ready(code?: string, card?: string) {
  const customer = await newCustomer(floor.shop, card === undefined ? {} : { providerToken: card });
  const { pickup } = await floor.withCart([[product, 1]], customer);
  if (code) expect((await floor.enter(customer, code)).status).toBe(200);
  await floor.preview(customer, pickup);
  return { customer, pickup, buy: () => confirm(floor.shop, customer, pickup) };
}

const inTurns = async <T>(count: number, make: () => Promise<T>): Promise<T[]> => {
  const all = [];
  for (let n = 0; n < count; n++) all.push(await make());
  return all;
};

describe('a coupon for ten orders', () => {
  it('is had by exactly ten of a hundred customers at once', async () => {
    const id = await floor.promote({ kind: 'COUPON_FIXED', value: 4, code: 'TEN', limit_total: 10 });
    const customers = await inTurns(100, () => ready('TEN'));
    const answers = await Promise.all(customers.map(({ buy }) => buy()));
    const won = answers.filter(({ status }) => status === 201);
    expect(won.map(({ body }) => body.data.total_paid)).toEqual(Array(10).fill('6.00'));
    const lost = answers.filter(({ status }) => status !== 201);
    expect(lost.map(({ status, body }) => [status, body.error.code])).toEqual(
      Array(90).fill([409, 'COUPON_EXHAUSTED']),
    );
    expect(lost[0]!.body.error.details).toMatchObject({ promotion_id: id, reason: 'EXHAUSTED' });
    expect(await usedOf(id)).toBe(10);
    // Who lost goes on without it, by a new preview.
    const { customer, pickup, buy } = customers[answers.indexOf(lost[0]!)]!;
    expect((await floor.preview(customer, pickup)).body.data).toMatchObject({ total_amount: '10.00', discounts: [] });
    expect((await floor.cartOf(customer)).coupon).toMatchObject({ is_applied: false, reason: 'EXHAUSTED' });
    expect((await buy()).body.data.total_paid).toBe('10.00');
  });
});

describe('limits', () => {
  it('of an offer without a code hold for fifty customers at once, who buy, cancel, are declined and buy again', async () => {
    const id = await floor.promote({ kind: 'PERCENT', value: 40, limit_total: 7 });
    const customers = await inTurns(50, async () =>
      ready(undefined, Math.random() < 0.2 ? 'tok_decline_1' : undefined),
    );
    const round = async ({ customer, pickup, buy }: (typeof customers)[number]) => {
      for (let turn = 0; turn < 3; turn++) {
        const answer = await buy();
        expect([201, 402, 409], answer.text).toContain(answer.status);
        if (answer.status === 201 && Math.random() < 0.7) {
          expect((await cancel(customer, answer.body.data.order_id)).status).toBe(200);
          await floor.withCart([[product, 1]], customer).then((next) => Object.assign(pickup, next.pickup));
        } else if (answer.status === 201) return;
        await floor.preview(customer, pickup);
      }
    };
    await Promise.all(customers.map(round));
    const [{ live }] = (await floor.shop.sql<{ live: number }>(
      `select count(*)::int as live from order_discounts where promotion_id = $1 and released_at is null`,
      [id],
    )) as [{ live: number }];
    expect(live).toBeLessThanOrEqual(7);
    expect(await usedOf(id)).toBe(live);
  });

  it('for each customer count the orders that stand, and nobody else’s', async () => {
    await floor.promote({ kind: 'COUPON_FIXED', value: 4, code: 'ONCE', limit_per_customer: 1 });
    const { customer, buy } = await ready('ONCE');
    const first = await buy();
    expect(first.body.data.total_paid).toBe('6.00');
    const { pickup } = await floor.withCart([[product, 1]], customer);
    const again = await floor.enter(customer, 'ONCE');
    expect([again.status, again.body.error.details.reason]).toEqual([422, 'USED']);
    await cancel(customer, first.body.data.order_id);
    expect((await floor.enter(customer, 'ONCE')).status).toBe(200);
    expect((await confirm(floor.shop, customer, pickup)).body.data.total_paid).toBe('6.00');
    expect((await (await ready('ONCE')).buy()).body.data.total_paid).toBe('6.00');
  });

  it('are given back once by a decline, and once by a cancel however often it is asked for', async () => {
    const id = await floor.promote({ kind: 'COUPON_FIXED', value: 4, code: 'TWO', limit_total: 2 });
    const declined = await ready('TWO', 'tok_decline_1');
    expect((await declined.buy()).status).toBe(402);
    expect(await usedOf(id)).toBe(0);
    expect((await floor.cartOf(declined.customer)).coupon).toMatchObject({ code: 'TWO', is_applied: true });
    const { customer, buy } = await ready('TWO');
    const orderId = (await buy()).body.data.order_id;
    await (await ready('TWO')).buy();
    expect(await usedOf(id)).toBe(2);
    const statuses = (await Promise.all(Array.from({ length: 5 }, () => cancel(customer, orderId)))).map(
      ({ status }) => status,
    );
    expect(statuses.sort()).toEqual([200, 409, 409, 409, 409]);
    expect(await usedOf(id)).toBe(1);
  });

  it('that are introduced later count the purchase that is in progress', async () => {
    const id = await floor.promote({ kind: 'COUPON_FIXED', value: 4, code: 'LATER' });
    await (await ready('LATER')).buy();
    const { buy } = await ready('LATER');
    // The manager has the row locked, and commits once the purchase waits for it.
    const steps = `
      perform from promotions where id = ${id} for update;
      update promotions set limit_total = 1 where id = ${id}`;
    const { status, body } = await overlap(floor.shop, { steps }, buy);
    expect([status, body.error.code]).toEqual([409, 'COUPON_EXHAUSTED']);
    expect(await usedOf(id)).toBe(1);
  });

  it('cannot be set below what is used', async () => {
    const id = await floor.promote({ kind: 'COUPON_FIXED', value: 4, code: 'LOWER' });
    for (let n = 0; n < 2; n++) await (await ready('LOWER')).buy();
    const lower = await floor.change(id, { limit_total: 1 });
    expect([lower.status, lower.body.error.code, lower.body.error.details]).toEqual([
      409,
      'LIMIT_BELOW_USES',
      { used: 2 },
    ]);
    expect((await floor.change(id, { limit_total: 2 })).body.data).toMatchObject({ limit_total: 2, used: 2 });
    expect((await floor.enter((await ready()).customer, 'LOWER')).body.error.details.reason).toBe('EXHAUSTED');
    expect((await floor.change(id, { limit_total: null })).status).toBe(200);
    expect((await (await ready('LOWER')).buy()).status).toBe(201);
  });
});

describe('a limit for each customer, when orders are changed', () => {
  let change: ReturnType<typeof amending>;
  let other: number;
  beforeAll(async () => {
    change = amending(floor.shop);
    other = await stockedProduct(floor.shop, floor.goods, { price: '10.00' });
  });

  /** Two orders of a customer, and a planned change of each that adds half a product, once for each customer. */
  async function twoChanges() {
    const customer = await newCustomer(floor.shop);
    const limited = await floor.promote({ kind: 'PERCENT', value: 50, product_ids: [product], limit_per_customer: 1 });
    const changes = await inTurns(2, async () => {
      const { delivered } = await floor.withCart([[other, 1]], customer);
      const id: number = (await confirm(floor.shop, customer, delivered)).body.data.order_id;
      const planned = await change.preview(customer, id, [
        [other, 1],
        [product, 1],
      ]);
      expect(planned.body.data).toMatchObject({ difference: '5.00' });
      return { id, confirm: (terms = {}) => change.confirm(customer, id, planned.body.data.amendment_id, terms) };
    });
    return { customer, limited, changes: changes as [(typeof changes)[0], (typeof changes)[0]] };
  }

  const attemptsFor = (id: number) =>
    floor.shop.sql(
      'select a.status from payment_attempts a join payments p on p.id = a.payment_id where p.order_id = $1',
      [id],
    );

  it('holds for two of them: the second is refused before any money moves', async () => {
    const { limited, changes } = await twoChanges();
    expect((await changes[0].confirm()).status).toBe(200);
    const { status, body } = await changes[1].confirm();
    expect([status, body.error.code]).toEqual([409, 'COUPON_EXHAUSTED']);
    expect(body.error.details).toMatchObject({ promotion_id: limited, reason: 'USED' });
    expect(await attemptsFor(changes[1].id)).toEqual([]);
  });

  it('holds for two at once, and for one and a purchase at once', async () => {
    for (let round = 0; round < 5; round++) {
      const { changes } = await twoChanges();
      const both = await Promise.all(changes.map((one) => one.confirm()));
      expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
      await floor.switchAllOff();
      const {
        customer,
        limited,
        changes: [first],
      } = await twoChanges();
      const { pickup } = await floor.withCart([[product, 1]], customer);
      expect((await floor.preview(customer, pickup)).body.data.total_amount).toBe('5.00');
      await Promise.all([first.confirm(), confirm(floor.shop, customer, pickup)]);
      const [uses] = await floor.shop.sql('select count(*)::int from order_discounts where promotion_id = $1', [
        limited,
      ]);
      expect(uses).toEqual({ count: 1 });
      await floor.switchAllOff();
    }
  });

  it('counts one that waits for the bank', async () => {
    const { customer, changes } = await twoChanges();
    const card = await makePaymentToken(floor.shop, {
      userId: customer.id,
      providerToken: 'tok_action_required_2',
      isDefault: false,
    });
    expect((await changes[0].confirm({ payment_token_id: card })).status).toBe(202);
    expect((await changes[1].confirm()).body.error?.code).toBe('COUPON_EXHAUSTED');
    const { pickup } = await floor.withCart([[product, 1]], customer);
    expect((await floor.preview(customer, pickup)).body.data).toMatchObject({ total_amount: '10.00', discounts: [] });
  });
});

describe('a Worker that dies while it confirms', () => {
  it('leaves a coupon used by an order that stands, or by none, at every step', async () => {
    const id = await floor.promote({ kind: 'COUPON_FIXED', value: 4, code: 'CRASH', limit_total: 100 });
    let placed = 0;
    for (let n = 1; ; n++) {
      const { customer, pickup } = await ready('CRASH');
      const key = crypto.randomUUID();
      const buy = () => confirm(floor.shop, customer, pickup, { key });
      const point = await dieAt(n, buy);
      if (!point) break;
      await floor.shop.sql(
        `update idempotency_keys set leased_until = now() - interval '1 second' where user_id = $1`,
        [customer.id],
      );
      await endLeases(customer.id);
      const answer = await buy();
      expect([200, 201, 402], `${point}: ${answer.text}`).toContain(answer.status);
      if (answer.status !== 402) placed += 1;
      expect(await usedOf(id), point).toBe(placed);
    }
    expect(placed).toBeGreaterThan(2);
  });
});
