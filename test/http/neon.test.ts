import { beforeAll, describe, expect, inject, test } from 'vitest';
import { type Customer, newCustomer } from '../support/customer.ts';
import { makeProduct, makeStock, signInAs } from '../support/factories.ts';
import { openShop, type Shop, type ShopResponse } from '../support/shop.ts';
import { type StandardShop, standardShop } from '../support/standard-shop.ts';

const HASTY = { DATABASE_TIMEOUT_MS: '2000' };

let shop: Shop;
let goods: StandardShop;
beforeAll(async () => {
  shop = await openShop({ env: { DATABASE_GATEWAY_URL: inject('neonUrl') } });
  goods = await standardShop(shop);
});

const control = async (method: string, path: string, body?: unknown) => {
  const init = { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
  return (await fetch(inject('neonControlUrl') + path, init)).json() as Promise<any>;
};
/** The proxy waits `wakeLimitMs` for a compute that needs `wakeMs` to wake. */
const suspend = (wakeMs: number, wakeLimitMs: number) => control('POST', '/suspend', { wakeMs, wakeLimitMs });
const opened = async (): Promise<number> => (await control('GET', '/connections')).opened;

const add = (token: string, productId: number, env?: typeof HASTY): Promise<ShopResponse> =>
  shop.request('POST', '/cart/items', { token, body: { product_id: productId, quantity: 1 }, ...(env && { env }) });

async function soldProduct(): Promise<number> {
  const product = await makeProduct(shop);
  await makeStock(shop, { productId: product, branchId: goods.warehouseId, onHand: 9 });
  return product;
}

describe('a suspended compute', () => {
  test('answers the first request when it is awake', async () => {
    const { token } = await signInAs(shop);
    await suspend(300, 6_000);
    const answer = await shop.request('GET', '/auth/me', { token });
    expect(answer.status, answer.text).toBe(200);
    expect(answer.trips).toBe(1);
  });

  test('that wakes too slowly for the proxy answers the first write nevertheless, and does it once', async () => {
    const { token } = await newCustomer(shop);
    const product = await soldProduct();
    await suspend(400, 50);
    const answer = await add(token, product);
    expect(answer.status, answer.text).toBeLessThan(300);
    expect(answer.body.data.items).toMatchObject([{ product_id: product, quantity: 1 }]);
    expect(answer.trips).toBeGreaterThan(1);
  });

  test('that does not wake is a 503 to try again, and nothing was done', async () => {
    const { token } = await newCustomer(shop);
    const product = await soldProduct();
    await suspend(600_000, 50);
    const answer = await add(token, product, HASTY);
    await suspend(0, 6_000);
    expect(answer.status, answer.text).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('5');
    expect(answer.body.error).toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    expect(answer.body.error.details).toEqual({});
    expect((await shop.request('GET', '/cart', { token })).body.data.items).toEqual([]);
  });

  test('says it for health as well', async () => {
    await suspend(600_000, 50);
    const answer = await shop.raw('GET', '/health/ready', { env: HASTY });
    await suspend(0, 6_000);
    expect(answer.status).toBe(503);
  });
});

describe('a refusal keeps its connection', () => {
  test.each<[string, (token: string) => Promise<ShopResponse>, string]>([
    ['a product that is not sold', (token) => add(token, 999_999_999), 'PRODUCT_INACTIVE'],
    ['a cart line that is not there', (token) => shop.request('DELETE', '/cart/items/999999', { token }), 'NOT_FOUND'],
  ])('%s', async (_, refused, code) => {
    const { token } = await newCustomer(shop);
    await suspend(0, 6_000);
    expect((await shop.request('GET', '/cart', { token })).status).toBe(200);
    const before = await opened();
    for (let turn = 0; turn < 3; turn++) {
      const answer = await refused(token);
      expect(answer.body.error.code, answer.text).toBe(code);
    }
    expect(await opened()).toBe(before);
  });

  test('a session that has ended', async () => {
    const [customer, other] = [await newCustomer(shop), await newCustomer(shop)];
    const read = async ({ token }: Customer) => (await shop.request('GET', '/cart', { token })).status;
    await suspend(0, 6_000);
    expect(await read(customer)).toBe(200);
    await shop.sql('update sessions set revoked_at = now() where user_id = $1', [customer.id]);
    const before = await opened();
    expect(await read(customer)).toBe(401);
    expect(await read(other)).toBe(200);
    expect(await opened()).toBe(before);
  });
});

test('what may have happened is never sent again', async () => {
  const { token } = await newCustomer(shop);
  const product = await soldProduct();
  await control('POST', `/fault?database=${shop.database}`, { mode: 'drop', when: 'after' });
  const answer = await add(token, product);
  await control('POST', `/fault?database=${shop.database}`, {});
  expect(answer.status).toBe(503);
  expect(answer.trips).toBe(1);
  expect(answer.body.error.details).toEqual({ may_have_happened: true });
  expect((await shop.request('GET', '/cart', { token })).body.data.items).toMatchObject([{ quantity: 1 }]);
});
