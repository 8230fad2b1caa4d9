import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import wrangler from '../../wrangler.toml?raw';
import { makeBranch, makeUser, signIn, signInAs } from '../support/factories.ts';
import { placeOrder } from '../support/orders.ts';
import { openShop, type RequestOptions, type Shop, type ShopResponse } from '../support/shop.ts';

let shop: Shop;
let productIds: number[];
let branchId: number;
beforeAll(async () => {
  shop = await openShop();
  // The limiter knows users by their ids, and other files have users of their own.
  await shop.sql(`select setval(pg_get_serial_sequence('users', 'id'), 700000)`);
  branchId = await makeBranch(shop);
  const products = await shop.sql<{ id: number }>(
    `with category as (insert into categories (name) values ('Everything') returning id), product as (
       insert into products (name, sku, price, category_id)
       select 'Groceries ' || n, 'DAY-' || n, 5, category.id from category, generate_series(1, 300) n returning id
     ), shelf as (
       insert into inventory (product_id, branch_id) select id, $1 from product returning id, product_id
     ), movement as (insert into stock_movements (inventory_id, delta, reason) select id, 100, 'INITIAL' from shelf)
     select product_id as id from shelf order by 1`,
    [branchId],
  );
  productIds = products.map(({ id }) => id);
});

// No time passes, so a limit cannot recover within a test.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
});
afterEach(() => {
  vi.useRealTimers();
});

let addresses = 0;
const newAddress = () => `198.18.${addresses >> 8}.${addresses++ & 255}`;

/** Calls `atOnce` at a time; answers their statuses. */
async function burst(count: number, call: (i: number) => Promise<ShopResponse>, atOnce = 10): Promise<number[]> {
  const seen: number[] = [];
  for (let i = 0; i < count; i += atOnce) {
    const some = Array.from({ length: Math.min(atOnce, count - i) }, (_, j) => call(i + j));
    seen.push(...(await Promise.all(some)).map(({ status }) => status));
  }
  return seen;
}

const times = (count: number, status: number) => Array<number>(count).fill(status);

describe('under the variables of production', () => {
  const [, table = ''] = /\[env\.production\.vars\]\n([\s\S]*?)\n\n/.exec(wrangler) ?? [];
  const variables = [...table.matchAll(/^(\w+) = "(.*)"$/gm)].map(([, name = '', value = '']) => [name, value]);
  const env: Record<string, string | undefined> = {
    ...Object.fromEntries(variables),
    BREVO_API_KEY: 'a-key',
    ALLOW_MOCKPAY: 'true',
    PUBLIC_CACHE: undefined,
    // Production may not name the gateway; the driver knows it from the requests that prepared the test.
    DATABASE_GATEWAY_URL: undefined,
  };

  it('the limits are those of the contract', () => {
    expect(env).toMatchObject({
      APP_ENV: 'production',
      RATE_LIMIT_BROWSE: '600 per minute',
      RATE_LIMIT_SHOP: '240 per minute',
      RATE_LIMIT_STAFF: '1200 per minute',
      RATE_LIMIT_DEFAULTS: '200 per day, 50 per hour',
    });
  });

  it('an hour of picking, 300 lines, meets no 429', async () => {
    const employee = await signInAs(shop, 'EMPLOYEE');
    const { id: userId } = await makeUser(shop);
    // Ten orders, so that the picks do not wait for each other.
    const orders = await Promise.all(
      Array.from({ length: 10 }, (_, i) => {
        const lines = productIds.slice(i * 30, i * 30 + 30).map((productId) => ({ productId }));
        return placeOrder(shop, { userId, branchId, status: 'IN_PROGRESS', lines });
      }),
    );
    const pick = (i: number) => {
      const { id, itemIds } = orders[i % 10]!;
      return shop.request('PATCH', `/ops/orders/${id}/items/${itemIds[Math.floor(i / 10)]}/picked-status`, {
        token: employee.token,
        body: { picked_status: 'PICKED' },
        env,
      });
    };
    expect(await burst(300, pick)).toEqual(times(300, 200));
  });

  it('an hour of browsing with autocomplete, 400 reads, meets no 429, signed in or not', async () => {
    const { token } = await signInAs(shop);
    for (const client of [{ ip: newAddress() }, { ip: newAddress(), token }]) {
      const type = (i: number) =>
        shop.request('GET', '/catalog/products/autocomplete', {
          query: { q: 'groceries'.slice(0, 2 + (i % 8)) },
          ...client,
          env,
        });
      expect(await burst(400, type)).toEqual(times(400, 200));
    }
  });

  it('a basket of 80 lines meets no 429', async () => {
    const { token } = await signInAs(shop);
    const add = (i: number) =>
      shop.request('POST', '/cart/items', { token, body: { product_id: productIds[i], quantity: 1 }, env });
    expect(await burst(80, add, 1)).toEqual(times(80, 201));
  });

  // A try counts before its body is looked at; the short password spares the test fifty hashes.
  it.each([
    ['a password', 5, '/auth/login', { email: 'dana@example.com', password: 'Password2' }],
    ['a registration code', 10, '/auth/register/verify-otp', { email: 'dana@example.com', code: '1234' }],
    [
      'a reset token',
      50,
      '/auth/reset-password',
      { email: 'dana@example.com', token: 'A'.repeat(43), new_password: 'short' },
    ],
    ['a refresh token', 50, '/auth/refresh', { refresh_token: 'a.b.c' }],
  ])('who guesses %s meets 429 after %i tries', async (_, limit, path, body) => {
    const ip = newAddress();
    const seen = await burst(limit + 3, () => shop.request('POST', path, { body, ip, env }));
    expect(seen.filter((status) => status !== 429)).toHaveLength(limit);
  });

  it('who guesses ids of orders meets 429 after 240 tries', async () => {
    const { token } = await signInAs(shop);
    const seen = await burst(243, (i) => shop.request('GET', `/orders/${i + 1}`, { token, env }));
    expect(seen.filter((status) => status === 404)).toHaveLength(240);
    expect(seen.filter((status) => status === 429)).toHaveLength(3);
  });
});

describe('preflights and health', () => {
  const once = '1 per minute';
  const env = { RATE_LIMIT_BROWSE: once, RATE_LIMIT_SHOP: once, RATE_LIMIT_STAFF: once, RATE_LIMIT_DEFAULTS: once };

  it.each([
    ['OPTIONS', '/api/v1/auth/register', 204],
    ['OPTIONS', '/api/v1/catalog/products', 204],
    ['GET', '/health', 200],
    ['GET', '/api/v1/health/ready', 200],
  ])('%s %s is not limited', async (method, path, status) => {
    const headers = { origin: 'http://localhost:5173', 'access-control-request-method': 'POST' };
    const ip = newAddress();
    expect(await burst(5, () => shop.raw(method, path, { ip, headers, env }))).toEqual(times(5, status));
  });
});

it('a signed-in read waits for no limiter: a customer of two isolates is refused once both have reported', async () => {
  const { token } = await signInAs(shop);
  const isolates = [1, 2].map(() => ({ RATE_LIMIT_SHOP: '4 per minute' }));
  const seen = [];
  for (let i = 0; i < 10; i++)
    seen.push((await shop.request('GET', '/cart', { token, env: isolates[i % 2] ?? {} })).status);
  expect(seen.filter((status) => status === 200).length).toBeLessThanOrEqual(8);
  expect(seen.slice(-2)).toEqual([429, 429]);
});

describe('a token whose session has ended', () => {
  const limits = { RATE_LIMIT_BROWSE: '5 per minute', RATE_LIMIT_SHOP: '5 per minute' };
  const env = { ...limits };

  /** Signed in, and again after a change of the password. */
  async function changedPassword() {
    const user = await signInAs(shop);
    const body = { current_password: user.password, new_password: 'Password1-changed' };
    const changed = await shop.request('POST', '/auth/change-password', { token: user.token, body });
    return { ...user, oldToken: user.token, token: changed.body.data.access_token as string };
  }

  const call = (method: string, path: string, options: RequestOptions) =>
    shop.request(method, path, { env, ...options });
  const me = (token: string, ip?: string, options: RequestOptions = {}) =>
    call('GET', '/auth/me', { token, ...(ip !== undefined && { ip }), ...options });

  /** A write asks the limiter first, so it is refused exactly at the limit. */
  const rename = (token: string, ip?: string, options: RequestOptions = {}) =>
    call('PATCH', '/me', { token, body: { full_name: 'Dana Levi' }, ...(ip !== undefined && { ip }), ...options });

  it('is counted by address, and the owner keeps a whole quota, even at that address', async () => {
    const { token, oldToken } = await changedPassword();
    const ip = newAddress();
    expect(await burst(55, () => me(oldToken, ip), 1)).toEqual([...times(5, 401), ...times(50, 429)]);
    expect(await burst(6, () => me(token, ip), 1)).toEqual([...times(5, 200), 429]);
  });

  it('does not keep the owner out while hundreds of requests of it are under way', async () => {
    const { token, oldToken } = await changedPassword();
    const old = Array.from({ length: 200 }, () => me(oldToken, newAddress()));
    const own = Array.from({ length: 5 }, () => me(token));
    await Promise.all(old);
    expect((await Promise.all(own)).map(({ status }) => status)).toEqual(times(5, 200));
  });

  it('cannot use up the public reads of its owner either', async () => {
    const { token, oldToken } = await changedPassword();
    const read = (bearer: string, ip?: string) =>
      call('GET', '/branches', { token: bearer, ...(ip !== undefined && { ip }) });
    await burst(20, () => read(oldToken));
    expect(await burst(6, () => read(token), 1)).toEqual([...times(5, 200), 429]);
    // What the owner's requests brought to light counts by address from here on.
    const ip = newAddress();
    expect(await burst(6, () => read(oldToken, ip), 1)).toEqual([...times(5, 200), 429]);
    expect((await call('GET', '/branches', { ip })).status).toBe(429);
  });

  it('is known to other isolates, which ask no database about it', async () => {
    const { oldToken } = await changedPassword();
    const ip = newAddress();
    await burst(5, () => rename(oldToken, ip), 1);
    // Other variables are another configuration, with a memory of its own.
    const elsewhere = { ...limits };
    const answer = await rename(oldToken, ip, { env: elsewhere });
    expect(answer).toMatchObject({ status: 429, trips: 0 });
  });

  it('costs a live session no further trip to the database', async () => {
    const { token } = await signInAs(shop);
    const answers = [];
    for (let i = 0; i < 6; i++) answers.push(await me(token));
    expect(answers.map(({ status, trips }) => [status, trips])).toEqual([...Array(5).fill([200, 1]), [429, 0]]);
  });

  it('is not taken for ended by a session of the same user that lives: they share one quota', async () => {
    const user = await signInAs(shop);
    const other = await signIn(shop, user);
    const statuses = [];
    for (const token of [user.token, other, user.token, other, user.token, other, user.token]) {
      statuses.push((await rename(token)).status);
    }
    expect(statuses).toEqual([...times(5, 200), 429, 429]);
  });

  it('is counted by user again when the database accepts its session once more', async () => {
    const { id, token } = await signInAs(shop);
    const ip = newAddress();
    await shop.sql('update sessions set revoked_at = now() where user_id = $1', [id]);
    expect((await rename(token, ip)).status).toBe(401);
    await shop.sql('update sessions set revoked_at = null where user_id = $1', [id]);
    expect((await rename(token, ip)).headers.get('ratelimit-remaining')).toBe('3');
    expect((await rename(token, ip)).headers.get('ratelimit-remaining')).toBe('4');
  });
});
