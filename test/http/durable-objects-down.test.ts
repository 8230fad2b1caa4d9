import { beforeAll, describe, expect, it } from 'vitest';
import { addToCart, confirm, delivery, fillCart, newCustomer } from '../support/customer.ts';
import { makeUser } from '../support/factories.ts';
import { type EnvOverrides, openShop, type Shop } from '../support/shop.ts';
import { type StandardShop, standardShop } from '../support/standard-shop.ts';

let shop: Shop;
let goods: StandardShop;
let slotId: number;
beforeAll(async () => {
  shop = await openShop();
  goods = await standardShop(shop);
  slotId = goods.slots.find((slot) => slot.branch_id === goods.warehouseId)!.id;
});

const namespaceOf = (call: () => Promise<never>) => ({
  getByName: () => ({ acquire: call, release: call, hit: call, report: call }),
});
const THROWS = namespaceOf(() => Promise.reject(new Error('Durable Object reset because its code was updated.')));
const HANGS = namespaceOf(() => new Promise(() => {}));

describe.each([
  ['throw', THROWS],
  ['hang', HANGS],
])('Durable Objects that %s', (_, namespace) => {
  // The limits are on: without them the limiter is not asked.
  const env = {
    RATE_LIMITER: namespace,
    IDEMPOTENCY_LOCK: namespace,
    RATE_LIMIT_BROWSE: '100 per minute',
    RATE_LIMIT_SHOP: '100 per minute',
  } as unknown as EnvOverrides;

  it('leave the catalogue open', async () => {
    const answer = await shop.request('GET', '/catalog/products', { env, background: 'leave' });
    expect(answer.status).toBe(200);
  });

  it('let customers shop and pay: one order for one key, whoever asks again', async () => {
    const customer = await newCustomer(shop);
    const product = goods.products[0]!.id;
    expect((await shop.request('GET', '/cart', { token: customer.token, env })).status).toBe(200);
    expect((await addToCart(shop, customer, product)).status).toBe(201);
    const terms = delivery(await fillCart(shop, customer, [[product, 1]]), slotId);
    const key = crypto.randomUUID();
    const pay = () => confirm(shop, customer, terms, { key, env: env as Record<string, string> });
    const twins = await Promise.all([pay(), pay(), pay()]);
    expect(twins.map((answer) => answer.status).filter((status) => status === 201)).toHaveLength(1);
    expect(twins.every((answer) => [200, 201, 409].includes(answer.status))).toBe(true);
    expect((await pay()).status).toBe(200);
    const orders = await shop.sql('select id from orders where user_id = $1', [customer.id]);
    expect(orders).toHaveLength(1);
  });

  it('close signing in, which must not be open to guessing', async () => {
    const user = await makeUser(shop);
    const answer = await shop.request('POST', '/auth/login', {
      body: { email: user.email, password: user.password },
      env,
    });
    expect([answer.status, answer.body.error.code]).toEqual([503, 'SERVICE_UNAVAILABLE']);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  });
});
