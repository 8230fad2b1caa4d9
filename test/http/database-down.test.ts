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

/** A write whose answer is lost may have happened, and says so; a read never does. */
function expectUnavailable(answer: ShopResponse, details: object = {}): void {
  expect(answer.status, answer.text).toBe(503);
  expect(answer.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(answer.body.error).toMatchObject({ code: 'SERVICE_UNAVAILABLE', status_code: 503, details });
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
    const answer = await during({ mode: 'error' }, () => shop.request(method, fill(path, params), options));
    expectUnavailable(answer, method === 'GET' ? {} : { may_have_happened: true });
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
      for (const answer of attempts) expectUnavailable(answer, { may_have_happened: true });
      expect(await counts()).toEqual(before);
      expect((await confirm(shop, customer, terms)).status).toBe(201);
    },
  );
});

describe('a write that failed tells the truth', () => {
  const addItem = async (fault: Fault) => {
    const { token } = await newCustomer(shop);
    const product = await makeProduct(shop);
    await makeStock(shop, { productId: product, branchId: goods.warehouseId, onHand: 5 });
    const body = { product_id: product, quantity: 1 };
    const answer = await during(fault, () => shop.request('POST', '/cart/items', { token, body, env: HASTY }));
    const cart = await shop.request('GET', '/cart', { token });
    return { answer, lines: cart.body.data.items.length as number };
  };

  test('it happened, its answer was lost: it may have happened', async () => {
    const { answer, lines } = await addItem({ mode: 'drop', when: 'after' });
    expectUnavailable(answer, { may_have_happened: true });
    expect(lines).toBe(1);
  });

  test('PostgreSQL ended it and rolled it back: it did not happen, and nothing says that it may have', async () => {
    await shop.sql(
      `create function cancel() returns trigger language plpgsql as
       $$ begin raise exception using errcode = '57014', message = 'canceling statement due to statement timeout'; end $$`,
    );
    await shop.sql('create trigger cancel before insert on cart_items for each row execute function cancel()');
    try {
      const { token } = await newCustomer(shop);
      const product = await makeProduct(shop);
      await makeStock(shop, { productId: product, branchId: goods.warehouseId, onHand: 5 });
      const body = { product_id: product, quantity: 1 };
      expectUnavailable(await shop.request('POST', '/cart/items', { token, body }));
      expect((await shop.request('GET', '/cart', { token })).body.data.items).toEqual([]);
    } finally {
      await shop.sql('drop trigger cancel on cart_items');
    }
  });

  test('an import whose answer was lost is found out by its key, and lands once', async () => {
    const { token } = await signInAs(shop, 'MANAGER');
    const product = await makeProduct(shop);
    const send = () => {
      const form = new FormData();
      form.set(
        'file',
        new File([`product_id,branch_id,available_quantity\n${product},${goods.warehouseId},7`], 'stock.csv'),
      );
      const headers = { 'Idempotency-Key': 'lost-import' };
      return shop.request('POST', '/admin/inventory/bulk', { token, rawBody: form, headers, env: HASTY });
    };
    expectUnavailable(await during({ mode: 'drop', when: 'after' }, send), { may_have_happened: true });
    const again = await send();
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([202, 'true']);
    expect(again.body.data).toMatchObject({ success: 1, results: [{ action: 'created' }] });
    const moved = await shop.sql(
      'select delta from stock_movements m join inventory i on i.id = m.inventory_id where i.product_id = $1',
      [product],
    );
    expect(moved).toEqual([{ delta: 7 }]);
  });
});
