import { beforeAll, describe, expect, test } from 'vitest';
import { fill, openWorld, type World } from '../support/calls/call.ts';
import { goodCalls, routes } from '../support/calls/index.ts';
import { type Customer, confirm, delivery, fillCart, newCustomer } from '../support/customer.ts';
import type { Fault } from '../support/database.ts';
import { makeProduct, makeStock, signInAs } from '../support/factories.ts';
import { openShop, type Shop, type ShopResponse } from '../support/shop.ts';
import { type StandardShop, standardShop } from '../support/standard-shop.ts';

const HASTY = { DATABASE_TIMEOUT_MS: '300' };
const NOBODY_HOME = { DATABASE_GATEWAY_URL: 'http://127.0.0.1:9/sql' };

let shop: Shop;
let goods: StandardShop;
let world: World;
beforeAll(async () => {
  shop = await openShop();
  goods = await standardShop(shop);
  world = await openWorld(shop, goods);
});

/** Lets the database fail while something is done. */
async function during<T>(fault: Fault, work: () => Promise<T>): Promise<T> {
  await shop.fault(fault);
  try {
    return await work();
  } finally {
    await shop.fault(null);
  }
}

function expectUnavailable(answer: ShopResponse): void {
  expect(answer.status, answer.text).toBe(503);
  expect(answer.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(answer.body.error).toMatchObject({ code: 'SERVICE_UNAVAILABLE', status_code: 503, details: {} });
}

describe('a database that fails', () => {
  test.each<[string, Fault]>([
    ['answers with an error', { mode: 'error' }],
    ['drops the connection', { mode: 'drop' }],
    ['loses its answer', { mode: 'drop', when: 'after' }],
    ['does not answer in time', { mode: 'hang', ms: 1_500 }],
  ])('which %s is a 503 to try again, and nothing more', async (_, fault) => {
    const { token } = await signInAs(shop);
    const started = Date.now();
    const answer = await during(fault, () => shop.request('GET', '/auth/me', { token, env: HASTY }));
    expect(Date.now() - started).toBeLessThan(1_400);
    expectUnavailable(answer);
    const again = await shop.request('GET', '/auth/me', { token });
    expect(again.status).toBe(200);
    expect(again.trips).toBe(1);
  });

  test('that cannot be reached at all is the same, and good again without a restart', async () => {
    const { token } = await signInAs(shop);
    expectUnavailable(await shop.request('GET', '/auth/me', { token, env: NOBODY_HOME }));
    expectUnavailable(await shop.request('GET', '/catalog/products', { env: NOBODY_HOME }));
    expect((await shop.request('GET', '/auth/me', { token })).status).toBe(200);
  });

  test('leaves the health check alone, which asks nothing of it', async () => {
    const answer = await during({ mode: 'error' }, () => shop.raw('GET', '/health'));
    expect(answer.status).toBe(200);
    expect(answer.trips).toBe(0);
  });

  test.each(routes)('is a 503 to $name', async ({ name, method, path }) => {
    const { params, ...options } = await goodCalls[name]!(world);
    expectUnavailable(await during({ mode: 'error' }, () => shop.request(method, fill(path, params), options)));
  });
});

describe('nothing is half done', () => {
  const counts = async () =>
    (
      await shop.sql(
        `select (select count(*) from audit_log) as audit, (select count(*) from orders) as orders,
                (select count(*) from cart_items) as lines, (select count(*) from stock_movements) as movements,
                (select count(*) from idempotency_keys) as keys, (select count(*) from outbox) as mails`,
      )
    )[0];

  async function shopper(): Promise<{ customer: Customer; terms: ReturnType<typeof delivery>; product: number }> {
    const customer = await newCustomer(shop);
    const product = await makeProduct(shop);
    await makeStock(shop, { productId: product, branchId: goods.warehouseId, onHand: 2 });
    const slotId = goods.slots.find((slot) => slot.branch_id === goods.warehouseId)!.id;
    return { customer, product, terms: delivery(await fillCart(shop, customer, [[product, 1]]), slotId) };
  }

  test.each<Fault>([{ mode: 'error' }, { mode: 'drop' }, { mode: 'hang', ms: 800 }])(
    'when a write meets %j',
    async (fault) => {
      const { customer, product, terms } = await shopper();
      const before = await counts();
      const env = HASTY;
      const attempts = await during(fault, async () => [
        await shop.request('POST', '/cart/items', {
          token: customer.token,
          body: { product_id: product, quantity: 1 },
          env,
        }),
        await confirm(shop, customer, terms, { env }),
      ]);
      for (const answer of attempts) expectUnavailable(answer);
      expect(await counts()).toEqual(before);
      expect((await confirm(shop, customer, terms)).status).toBe(201);
    },
  );
});
