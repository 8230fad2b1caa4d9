import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Config } from '../../src/config.ts';
import { API_SCOPES } from '../../src/db/schema/words.ts';
import { isProvenKey, rememberKey } from '../../src/http/rate-limit/sessions.ts';
import { fill, openWorld, type World } from '../support/calls/call.ts';
import { goodCalls, routes } from '../support/calls/index.ts';
import { captureLog } from '../support/captured-log.ts';
import { makeCategory, signInAs } from '../support/factories.ts';
import { openShop, type RequestOptions, type Shop, type ShopResponse } from '../support/shop.ts';
import { standardShop } from '../support/standard-shop.ts';

let shop: Shop;
let world: World;
beforeAll(async () => {
  shop = await openShop();
  world = await openWorld(shop, await standardShop(shop));
});
afterEach(() => {
  vi.restoreAllMocks();
});

const create = (body: object, token = world.staff.ADMIN.token) =>
  shop.request('POST', '/admin/api-keys', { token, body: { name: 'Scanner', ...body } });
async function keyWith(scopes: readonly string[], token?: string): Promise<{ id: number; key: string }> {
  const { status, body, text } = await create({ scopes }, token);
  if (status !== 201) throw new Error(text);
  return body.data;
}
const outcome = ({ status, body }: ShopResponse) => [status, body?.error?.code];
const orders = (token: string, options: RequestOptions = {}) =>
  shop.request('GET', '/ops/orders', { token, ...options });

describe('a new API key', () => {
  it('is shown once, stored as a hash, and never in the list, the log or the audit', async () => {
    const log = captureLog();
    const { body } = await create({ scopes: ['ops:read', 'orders:write'], expires_at: '2040-01-01T00:00:00+02:00' });
    const { key, ...shown } = body.data;
    expect(key).toMatch(/^mami_\d+_[a-z2-7]{40}[0-9a-f]{8}$/);
    expect(shown).toMatchObject({
      scopes: ['ops:read', 'orders:write'],
      hint: key.slice(-4),
      branch_id: null,
      expires_at: '2039-12-31T22:00:00.000Z',
      created_by: world.staff.ADMIN.id,
      revoked_at: null,
    });
    await orders(key);
    const list = await shop.request('GET', '/admin/api-keys', { token: world.staff.ADMIN.token });
    expect(list.body.data[0]).toMatchObject({ id: shown.id, last_used_at: expect.any(String) });
    const [stored] = await shop.sql(
      `select (select json_agg(k) from api_keys k)::text || (select json_agg(a) from audit_log a)::text as text`,
    );
    for (const text of [list.text, stored!.text, log.text()]) expect(text).not.toContain(key.slice(5, -8));
  });

  it.each([
    ['scopes', { scopes: ['users:write'] }],
    ['scopes', { scopes: [] }],
    ['scopes', { scopes: ['ops:read', 'ops:read'] }],
    ['scopes', {}],
    ['expires_at', { scopes: ['ops:read'], expires_at: '2020-01-01T00:00:00Z' }],
    ['expires_at', { scopes: ['ops:read'], expires_at: 'tomorrow' }],
    ['name', { scopes: ['ops:read'], name: ' ' }],
    ['branch_id', { scopes: ['ops:read'], branch_id: 0 }],
  ])('is refused for its %s: %j', async (path, body) => {
    const answer = await create(body);
    expect(outcome(answer)).toEqual([400, 'VALIDATION_ERROR']);
    expect(answer.body.error.details.errors[0].path.split('.')[0]).toBe(path);
  });

  it('has a branch that exists', async () => {
    expect(outcome(await create({ scopes: ['ops:read'], branch_id: 2_147_483_647 }))).toEqual([404, 'NOT_FOUND']);
  });
});

describe('a call with an API key', () => {
  it('takes one trip', async () => {
    const { key } = await keyWith(['orders:read']);
    expect(await orders(key)).toMatchObject({ status: 200, trips: 1 });
  });

  const closed = routes.filter(({ route }) => route.roles !== null);
  const withScope = closed.filter(({ route }) => route.spec.scopes);
  const without = closed.filter(({ route }) => !route.spec.scopes);

  it.each(withScope)('$name is open to a key with each of its scopes, and to no key without', async (declared) => {
    const { name, method, path, route } = declared;
    for (const scope of route.spec.scopes!) {
      const { key } = await keyWith([scope]);
      const { params, ...options } = await goodCalls[name]!(world);
      const answer = await shop.request(method, fill(path, params), { ...options, token: key });
      expect(answer.status, answer.text).not.toBe(401);
      expect(outcome(answer), answer.text).not.toEqual([403, 'AUTHORIZATION_ERROR']);
    }
    const others = API_SCOPES.filter((scope) => !route.spec.scopes!.includes(scope));
    const { key } = await keyWith(others);
    for (const options of [{}, { rawBody: '{"unknown', headers: { 'content-type': 'text/nonsense' } }]) {
      const sent = method === 'GET' ? {} : options;
      expect(outcome(await shop.request(method, fill(path), { ...sent, token: key }))).toEqual([
        403,
        'AUTHORIZATION_ERROR',
      ]);
    }
  });

  it.each(without)('$name is closed to a key with every scope', async ({ method, path }) => {
    const { key } = await keyWith(API_SCOPES);
    const answer = await shop.request(method, fill(path), { token: key });
    expect([...outcome(answer), answer.trips]).toEqual([403, 'AUTHORIZATION_ERROR', 1]);
  });

  it('never administers users, keys or settings', () => {
    const administration = routes.filter(({ path }) =>
      /^\/(admin\/(users|api-keys|settings|audit)|auth|me)\b/.test(path),
    );
    expect(administration.length).toBeGreaterThan(20);
    expect(administration.filter(({ route }) => route.spec.scopes).map(({ name }) => name)).toEqual([]);
  });

  it('is signed in the audit as what it is: the key, for its creator', async () => {
    const { id, key } = await keyWith(['catalog:write']);
    const categoryId = await makeCategory(shop);
    await shop.request('PATCH', `/admin/categories/${categoryId}`, {
      token: key,
      body: { description: 'By a program' },
    });
    const { body } = await shop.request('GET', '/admin/audit', {
      token: world.staff.ADMIN.token,
      query: { actor_api_key_id: id },
    });
    expect(body.data).toMatchObject([
      { entity_type: 'category', actor_user_id: world.staff.ADMIN.id, actor_api_key_id: id },
    ]);
    await shop.request('PATCH', `/admin/categories/${categoryId}`, {
      token: world.staff.ADMIN.token,
      body: { description: 'By a person' },
    });
    const all = await shop.request('GET', '/admin/audit', {
      token: world.staff.ADMIN.token,
      query: { entity_type: 'category', entity_id: categoryId },
    });
    expect(all.body.data[0]).not.toHaveProperty('actor_api_key_id');
  });

  it('reads public routes as anybody does, whatever the key', async () => {
    const { key } = await keyWith(['ops:read']);
    for (const token of [key, 'mami_none']) {
      expect((await shop.request('GET', '/catalog/products', { token })).status).toBe(200);
    }
  });
});

describe('an API key ends', () => {
  const REFUSED = [401, 'AUTH_REQUIRED'];

  it('at the very next request when it is revoked, which can be repeated', async () => {
    const { id, key } = await keyWith(['orders:read']);
    expect((await orders(key)).status).toBe(200);
    const revoke = () => shop.request('DELETE', `/admin/api-keys/${id}`, { token: world.staff.ADMIN.token });
    expect((await revoke()).status).toBe(200);
    expect(outcome(await orders(key))).toEqual(REFUSED);
    expect((await revoke()).status).toBe(200);
    const audited = await shop.sql(
      `select action from audit_log where entity_type = 'api_key' and entity_id = $1 order by id`,
      [id],
    );
    expect(audited.map(({ action }) => action)).toEqual(['CREATE', 'REVOKE']);
  });

  it('when it expires', async () => {
    const { id, key } = await keyWith(['orders:read']);
    await shop.sql(`update api_keys set expires_at = now() where id = $1`, [id]);
    expect(outcome(await orders(key))).toEqual(REFUSED);
  });

  it.each(['is_active = false', "role = 'MANAGER'"])('when of its creator %s', async (change) => {
    const creator = await signInAs(shop, 'ADMIN');
    const { key } = await keyWith(['orders:read'], creator.token);
    expect((await orders(key)).status).toBe(200);
    await shop.sql(`update users set ${change} where id = $1`, [creator.id]);
    expect(outcome(await orders(key))).toEqual(REFUSED);
  });

  it('is told so before anything of scopes', async () => {
    const { id, key } = await keyWith(['orders:read']);
    await shop.request('DELETE', `/admin/api-keys/${id}`, { token: world.staff.ADMIN.token });
    expect(outcome(await shop.request('GET', '/me', { token: key }))).toEqual(REFUSED);
  });
});

describe('what is no API key', () => {
  it.each([
    ['a wrong checksum', (key: string) => key.slice(0, -1) + (key.endsWith('0') ? '1' : '0'), 0],
    [
      'a letter changed',
      (key: string) => key.replace(/_(.)(?=[a-z2-7]{39})/, (_, letter) => `_${letter === 'a' ? 'b' : 'a'}`),
      0,
    ],
    ['its user alone', (key: string) => key.slice(0, 8), 0],
    ['capitals', (key: string) => key.toUpperCase().replace('MAMI_', 'mami_'), 0],
  ])('is refused without a trip: %s', async (_, spoil, trips) => {
    const { key } = await keyWith(['orders:read']);
    const answer = await orders(spoil(key));
    expect([...outcome(answer), answer.trips]).toEqual([401, 'AUTH_REQUIRED', trips]);
  });

  it('is refused when it is well made by a stranger', async () => {
    const { newApiKey } = await import('../../src/http/api-key.ts');
    expect(outcome(await orders(await newApiKey(world.staff.ADMIN.id)))).toEqual([401, 'AUTH_REQUIRED']);
  });
});

describe('the rate limit of API keys', () => {
  it('is one for all routes of a key, and leaves people and other keys alone', async () => {
    const env = { RATE_LIMIT_API_KEYS: '5 per minute' };
    const [one, other] = [await keyWith(['orders:read', 'ops:read']), await keyWith(['orders:read'])];
    // Until the database has found it valid, a key is counted by its address.
    expect((await orders(one.key, { env })).status).toBe(200);
    const answers = [];
    for (let i = 0; i < 6; i++) {
      const path = i % 2 ? '/ops/orders' : '/ops/alerts';
      answers.push(await shop.request('GET', path, { token: one.key, env }));
    }
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 429]);
    expect(answers[5]!.headers.get('retry-after')).toBeTruthy();
    expect(answers[0]!.headers.get('ratelimit-limit')).toBe('5');
    expect((await orders(other.key, { env })).status).toBe(200);
    expect((await orders(world.staff.MANAGER.token, { env })).status).toBe(200);
  });

  it('counts invented keys by address, so that inventing many buys nothing', async () => {
    const { newApiKey } = await import('../../src/http/api-key.ts');
    const env = { RATE_LIMIT_STAFF: '3 per minute' };
    const statuses = [];
    for (let i = 0; i < 4; i++) {
      const token = await newApiKey(world.staff.ADMIN.id);
      statuses.push((await orders(token, { env, ip: '203.0.113.9' })).status);
    }
    expect(statuses).toEqual([401, 401, 401, 429]);
  });

  const signIn = (token: string, ip: string) =>
    shop.request('POST', '/auth/login', {
      token,
      ip,
      body: { email: `${crypto.randomUUID()}@example.com`, password: 'not-the-password' },
    });
  /** From an address that signs in nowhere else in the suite: its objects are shared by all files. */
  const loginsWith = async (token: string, ip: string) => {
    const statuses = [];
    for (let i = 0; i < 6; i++) statuses.push((await signIn(token, ip)).status);
    return statuses;
  };

  it('lets no invented key that went along to a public route buy more tries to sign in', async () => {
    const { newApiKey } = await import('../../src/http/api-key.ts');
    const token = await newApiKey(world.staff.ADMIN.id);
    expect(await shop.request('GET', '/delivery-slots', { token })).toMatchObject({ status: 200, trips: 1 });
    expect(await loginsWith(token, '172.16.0.1')).toEqual([401, 401, 401, 401, 401, 429]);
  });

  it('lets no genuine key buy more tries to sign in either', async () => {
    const { key } = await keyWith(['orders:read']);
    expect((await orders(key)).status).toBe(200);
    expect(await loginsWith(key, '172.16.0.2')).toEqual([401, 401, 401, 401, 401, 429]);
  });

  it('counts a genuine key by itself on its own routes, and by address on public ones', async () => {
    const env = { RATE_LIMIT_API_KEYS: '3 per minute', RATE_LIMIT_BROWSE: '2 per minute' };
    const { key } = await keyWith(['orders:read']);
    const ip = '203.0.113.11';
    expect((await orders(key, { env, ip })).status).toBe(200);
    const slots = [];
    for (let i = 0; i < 3; i++) slots.push(await shop.request('GET', '/delivery-slots', { token: key, env, ip }));
    expect(slots.map(({ status }) => status)).toEqual([200, 200, 429]);
    const answers = [];
    for (let i = 0; i < 4; i++) answers.push(await orders(key, { env, ip }));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429]);
  });

  it('remembers the last keys that were found valid, however many come', async () => {
    const config = {} as Config;
    for (let i = 0; i < 1_001; i++) rememberKey(config, String(i), true);
    expect([0, 1, 1_000].map((i) => isProvenKey(config, String(i)))).toEqual([false, true, true]);
  });
});
