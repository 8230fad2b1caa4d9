import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { features } from '../../src/app.ts';
import { captureLog } from '../support/captured-log.ts';
import { addToCart, delivery, newCustomer } from '../support/customer.ts';
import { makeProduct, makeStock, signInAs } from '../support/factories.ts';
import { openShop, type Shop, type ShopResponse } from '../support/shop.ts';
import { type StandardShop, standardShop } from '../support/standard-shop.ts';

let shop: Shop;
let goods: StandardShop;
beforeAll(async () => {
  shop = await openShop({ env: { PUBLIC_CACHE: 'on' } });
  goods = await standardShop(shop);
});

const realNow = Date.now;
let ahead = 0;
beforeEach(() => {
  // Every test begins when all that was stored before has gone.
  ahead += 120_000;
  vi.spyOn(Date, 'now').mockImplementation(() => realNow() + ahead);
});

/** Moves the Worker's clock and stops it there; the database keeps its own. */
function later(seconds: number) {
  const now = Date.now() + seconds * 1000;
  vi.spyOn(Date, 'now').mockReturnValue(now);
}

const rename = (id: number, name: string) => shop.sql('update products set name = $2 where id = $1', [id, name]);
const product = (index = 0) => `/catalog/products/${goods.products[index]!.id}`;
const boundOf = ({ headers }: ShopResponse) => {
  const [, fresh, stale] = /^public, max-age=(\d+), stale-while-revalidate=(\d+)$/.exec(headers.get('cache-control')!)!;
  return Number(fresh) + Number(stale);
};

describe('how old an answer can be', () => {
  it('is read once, then served from memory without the database', async () => {
    expect(await shop.request('GET', product())).toMatchObject({ status: 200, trips: 1 });
    expect(await shop.request('GET', product())).toMatchObject({ status: 200, trips: 0, backgroundTrips: 0 });
  });

  it('is never older than its bound, the browser included', async () => {
    later(0);
    const id = goods.products[1]!.id;
    const path = product(1);
    const first = await shop.request('GET', path);
    expect(boundOf(first)).toBe(10);
    await rename(id, 'Renamed behind the back');
    for (let age = 1; age <= 4; age++) {
      later(1);
      const answer = await shop.request('GET', path);
      expect(answer.body).toEqual(first.body);
      expect(answer.backgroundTrips).toBe(0);
      expect(boundOf(answer)).toBeLessThanOrEqual(10 - age);
    }
    later(5.5);
    const stale = await shop.request('GET', path);
    expect(stale).toMatchObject({ trips: 0, backgroundTrips: 1 });
    expect(stale.body).toEqual(first.body);
    expect(boundOf(stale)).toBe(0);
    const renewed = await shop.request('GET', path);
    expect(renewed).toMatchObject({ trips: 0, backgroundTrips: 0 });
    expect(renewed.body.data.name).toBe('Renamed behind the back');
    expect(boundOf(renewed)).toBe(10);
  });

  it('is read anew, and waited for, when the bound has passed', async () => {
    later(0);
    await shop.request('GET', product(2));
    await rename(goods.products[2]!.id, 'Renamed and waited for');
    later(10);
    const answer = await shop.request('GET', product(2));
    expect(answer.trips).toBe(1);
    expect(answer.body.data.name).toBe('Renamed and waited for');
  });

  it('counts from the read, also when an isolate takes it from the edge', async () => {
    later(0);
    const first = await shop.request('GET', product(3));
    later(4);
    // Other variables, so another memory: a second isolate.
    const elsewhere = await shop.request('GET', product(3), {
      env: { CORS_ALLOWED_ORIGINS: 'http://elsewhere.example' },
    });
    expect(elsewhere.trips).toBe(0);
    expect(elsewhere.body).toEqual(first.body);
    expect(boundOf(elsewhere)).toBeLessThanOrEqual(6);
    later(6);
    const expired = await shop.request('GET', product(3), {
      env: { CORS_ALLOWED_ORIGINS: 'http://elsewhere.example' },
    });
    expect(expired.trips).toBe(1);
  });

  it('is 60 seconds for categories, branches and policies', async () => {
    later(0);
    for (const path of ['/catalog/categories', '/catalog/categories/tree', '/branches', '/store/shipping-info']) {
      expect(boundOf(await shop.request('GET', path))).toBe(60);
    }
  });
});

describe('misses', () => {
  it('of one key at the same time make one query', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => shop.request('GET', product(4))));
    expect(answers.reduce((sum, { trips }) => sum + trips, 0)).toBe(1);
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  });

  it('are the same for all spellings of a query, and for whoever asks', async () => {
    const { token } = await signInAs(shop);
    const branch = goods.warehouseId;
    const first = await shop.request('GET', `/catalog/products?branch_id=${branch}&limit=20&sort=name_asc`);
    expect(first.trips).toBe(1);
    for (const query of [
      `sort=name&branchId=${branch}`,
      `utm_source=mail&sort=name_asc&branch_id=${branch}&offset=0`,
      `limit=020&sort=name_asc&branch_id=${branch}`,
    ]) {
      const answer = await shop.request('GET', `/catalog/products?${query}`, { token });
      expect(answer).toMatchObject({ status: 200, trips: 0, text: first.text });
    }
    const other = await shop.request('GET', `/catalog/products?branch_id=${goods.storeId}&sort=name_asc`);
    expect(other.trips).toBe(1);
    expect(other.body.data[0].branch_available_quantity).toBe(20);
  });
});

describe('a client who has the answer already', () => {
  it('gets 304 and no body', async () => {
    const first = await shop.request('GET', product(5));
    const etag = first.headers.get('etag')!;
    expect(etag).toMatch(/^"[0-9a-f]{32}"$/);
    for (const tag of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const answer = await shop.request('GET', product(5), { headers: { 'if-none-match': tag } });
      expect(answer).toMatchObject({ status: 304, text: '', trips: 0 });
      expect(answer.headers.get('etag')).toBe(etag);
      expect(answer.headers.get('cache-control')).toMatch(/^public/);
    }
    const changed = await shop.request('GET', product(5), { headers: { 'if-none-match': '"other"' } });
    expect(changed.status).toBe(200);
  });

  it('gets the same headers to HEAD', async () => {
    const got = await shop.request('GET', product(5));
    const head = await shop.request('HEAD', product(5));
    expect(head).toMatchObject({ status: 200, text: '', trips: 0 });
    expect(head.headers.get('etag')).toBe(got.headers.get('etag'));
  });

  it('gets headers of its own request', async () => {
    const headers = { origin: 'http://localhost:5173', 'x-request-id': 'first-request' };
    const first = await shop.request('GET', product(6), { headers });
    expect(first.headers.get('access-control-allow-origin')).toBe('http://localhost:5173');
    const second = await shop.request('GET', product(6), { headers: { 'x-request-id': 'second-request' } });
    expect(second.trips).toBe(0);
    expect(second.headers.get('x-request-id')).toBe('second-request');
    expect(second.headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('a URL that was asked for before', () => {
  const limited = { RATE_LIMIT_BROWSE: '3 per minute', PUBLIC_CACHE: 'on' };
  // Other variables are another configuration, with a memory of its own.
  const ask = (path: string, headers: Record<string, string> = {}, env?: Record<string, string>) =>
    shop.request('GET', path, { headers: { 'cf-connecting-ip': '192.0.2.77', ...headers }, ...(env && { env }) });
  const named = ({ headers }: ShopResponse) =>
    Object.fromEntries([...headers].filter(([name]) => !/^(x-request-id|server-timing|ratelimit.*)$/.test(name)));

  it('is answered as the first time, from an allowed origin, a strange one and none', async () => {
    for (const origin of ['http://localhost:5173', 'http://elsewhere.example', undefined]) {
      later(60);
      const headers = origin === undefined ? {} : { origin };
      const first = await ask('/catalog/products?limit=3', headers);
      const second = await ask('/catalog/products?limit=3', headers);
      expect([first.trips, second.trips]).toEqual([1, 0]);
      expect(second.text).toBe(first.text);
      expect(named(second)).toEqual(named(first));
      expect(second.headers.get('x-request-id')).not.toBe(first.headers.get('x-request-id'));
    }
  });

  it('is counted, and logged with the number after ten seconds', async () => {
    const path = product(4);
    const askTwice = async () => expect((await ask(path)).trips + (await ask(path)).trips).toBe(1);
    later(600);
    await askTwice();
    const log = captureLog();
    later(60);
    await askTwice();
    await ask(path);
    await ask(path, { 'if-none-match': '*' });
    later(60);
    await askTwice();
    const lines = log
      .text()
      .split('\n')
      .map((line) => JSON.parse(line));
    const counts = lines.filter(({ message }) => message === 'Answered from memory');
    // The last line tells of its own answer, and of the two since the line before it.
    expect(counts).toMatchObject([
      { answers: { 'GET /api/v1/catalog/products/:id 200': 1 } },
      {
        seconds: 60,
        answers: { 'GET /api/v1/catalog/products/:id 200': 2, 'GET /api/v1/catalog/products/:id 304': 1 },
      },
    ]);
  });

  it('writes a line of its own for a caller who names the request', async () => {
    const path = `${product(2)}?branch_id=${goods.storeId}`;
    await ask(path);
    const log = captureLog();
    await ask(path, { 'x-request-id': 'the-second-one' });
    expect(log.about('the-second-one')).toMatchObject([
      { method: 'GET', route: '/api/v1/catalog/products/:id', status: 200, db_trips: 0, client: '192.0.2.77' },
    ]);
  });

  it('counts against the quota of its client, and is refused with the rest of it', async () => {
    later(60);
    const path = '/catalog/products/featured?limit=2';
    const answers = [];
    for (let time = 0; time < 5; time++) answers.push(await ask(path, {}, limited));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429, 429]);
    expect(answers.slice(0, 3).map(({ headers }) => headers.get('ratelimit-remaining'))).toEqual(['2', '1', '0']);
    const elsewhere = await ask(path, { 'cf-connecting-ip': '192.0.2.78' }, limited);
    expect(elsewhere.status).toBe(200);
    // A signed-in caller is counted by user, wherever the request comes from.
    const { token } = await signInAs(shop);
    const signedIn = await ask(path, { authorization: `Bearer ${token}` }, limited);
    expect(signedIn).toMatchObject({ status: 200, text: elsewhere.text });
    expect(signedIn.headers.get('ratelimit-remaining')).toBe('2');
  });

  it('is not served where another method, or no cache, is asked for', async () => {
    const path = product(3);
    await ask(path);
    expect((await shop.request('DELETE', path)).status).toBe(405);
    expect(await ask(path, {}, { PUBLIC_CACHE: 'off' })).toMatchObject({ status: 200, trips: 1 });
  });
});

describe('a write of this isolate', () => {
  it('of a product is seen by the next read', async () => {
    const { token } = await signInAs(shop, 'ADMIN');
    const path = product(7);
    await Promise.all([shop.request('GET', path), shop.request('GET', '/catalog/products')]);
    const changed = await shop.request('PATCH', `/admin/products/${goods.products[7]!.id}`, {
      token,
      body: { name: 'Cherry tomatoes' },
    });
    expect(changed.status).toBe(200);
    expect((await shop.request('GET', path)).body.data.name).toBe('Cherry tomatoes');
    expect((await shop.request('GET', '/catalog/products')).text).toContain('Cherry tomatoes');
  });

  it('of the settings is seen by the policies, and leaves products alone', async () => {
    const { token } = await signInAs(shop, 'ADMIN');
    await shop.request('GET', '/store/shipping-info');
    await shop.request('GET', product(1));
    const changed = await shop.request('PUT', '/admin/settings', { token, body: { delivery_fee: '17.00' } });
    expect(changed.status).toBe(200);
    expect((await shop.request('GET', '/store/shipping-info')).text).toContain('17');
    expect((await shop.request('GET', product(1))).trips).toBe(0);
  });

  it('of stock is seen for the products it touched, and leaves the others alone', async () => {
    const customer = await newCustomer(shop);
    const [held, other] = [product(8), product(9)];
    const before = await shop.request('GET', held);
    await shop.request('GET', other);
    const inStock = '/catalog/products?in_stock=true';
    await shop.request('GET', inStock);

    const added = await addToCart(shop, customer, goods.products[8]!.id, 3);
    expect((await shop.request('GET', held)).trips).toBe(0);
    const slot = goods.slots.find(({ branch_id }) => branch_id === goods.warehouseId)!;
    const terms = delivery(added.body.data.id, slot.id);
    const preview = await shop.request('POST', '/checkout/preview', { token: customer.token, body: terms });
    expect(preview.status).toBe(200);
    const after = await shop.request('GET', held);
    expect(after.body.data.available_quantity).toBe(before.body.data.available_quantity - 3);
    expect((await shop.request('GET', other)).trips).toBe(0);
    expect((await shop.request('GET', inStock)).trips).toBe(1);

    const freed = await shop.request('DELETE', '/cart', { token: customer.token });
    expect(freed.status).toBe(200);
    expect((await shop.request('GET', held)).body.data.available_quantity).toBe(before.body.data.available_quantity);
  });

  it('of a name is seen in the reviews of its bearer', async () => {
    const customer = await newCustomer(shop);
    const reviews = `${product(6)}/reviews`;
    const posted = await shop.request('POST', reviews, {
      token: customer.token,
      body: { rating: 5, title: 'Good', body: 'Very' },
    });
    expect(posted.status).toBe(201);
    const authors = async () =>
      (await shop.request('GET', reviews)).body.data.items.map((review: any) => review.author);
    expect(await authors()).toEqual(['Dana L.']);
    await shop.request('GET', product(5));
    const renamed = await shop.request('PATCH', '/me', { token: customer.token, body: { full_name: 'Noa Katz' } });
    expect(renamed.status).toBe(200);
    expect(await authors()).toEqual(['Noa K.']);
    const { token } = await signInAs(shop, 'ADMIN');
    await shop.request('PATCH', `/admin/users/${customer.id}`, { token, body: { full_name: 'Gal Bar' } });
    expect(await authors()).toEqual(['Gal B.']);
    expect((await shop.request('GET', product(5))).trips).toBe(0);
  });

  it('of a hold is seen for a product that the new branch does not have', async () => {
    const customer = await newCustomer(shop);
    const id = await makeProduct(shop);
    await makeStock(shop, { productId: id, branchId: goods.warehouseId, onHand: 10 });
    await addToCart(shop, customer, id, 3);
    const added = await addToCart(shop, customer, goods.products[0]!.id, 1);
    const slot = goods.slots.find(({ branch_id }) => branch_id === goods.warehouseId)!;
    const preview = (body: object) => shop.request('POST', '/checkout/preview', { token: customer.token, body });
    expect((await preview(delivery(added.body.data.id, slot.id))).status).toBe(200);
    const available = async () =>
      (await shop.request('GET', `/catalog/products/${id}`)).body.data.available_quantity as number;
    expect(await available()).toBe(7);
    const pickup = { cart_id: added.body.data.id, fulfillment_type: 'PICKUP', branch_id: goods.storeId };
    expect((await preview(pickup)).status).toBe(200);
    expect(await available()).toBe(10);
  });
});

describe('what is never stored', () => {
  it('an error', async () => {
    for (const path of ['/catalog/products/999999', '/catalog/products/zero', '/catalog/products?limit=0']) {
      for (let time = 0; time < 2; time++) {
        const answer = await shop.request('GET', path);
        expect(answer.status).toBeGreaterThanOrEqual(400);
        expect(answer.headers.get('cache-control')).toBe('no-store');
        expect(answer.headers.get('etag')).toBeNull();
      }
    }
    const absent = product(9);
    later(120);
    await shop.fault({ mode: 'error', times: 1 });
    expect((await shop.request('GET', absent)).status).toBe(503);
    expect((await shop.request('GET', absent)).status).toBe(200);
  });

  const routes = features.flatMap(({ basePath, routes }) => routes.map((route) => ({ ...route, basePath })));
  const pathOf = (basePath: string, path: string) => `${basePath}${path}`.replaceAll(/\{.+?\}/g, '1');

  it('anything that depends on a signed-in user', async () => {
    const users = {
      CUSTOMER: await signInAs(shop, 'CUSTOMER'),
      ADMIN: await signInAs(shop, 'ADMIN'),
    };
    for (const { spec, roles, basePath } of routes) {
      if (roles === null) continue;
      expect(spec.cacheSeconds, `${spec.method} ${basePath}${spec.path}`).toBeUndefined();
      for (const token of [undefined, users.CUSTOMER.token, users.ADMIN.token]) {
        const path = pathOf(basePath, spec.path);
        const answer = await shop.request(spec.method.toUpperCase(), path, { token, body: spec.body && {} });
        expect(answer.headers.get('cache-control'), `${spec.method} ${path} ${answer.status}`).toBe('no-store');
      }
    }
  });

  it('a public answer that did not say how old it may be', async () => {
    for (const { spec, roles, basePath } of routes) {
      if (roles !== null || spec.cacheSeconds) continue;
      const answer = await shop.request(spec.method.toUpperCase(), pathOf(basePath, spec.path), {
        body: spec.body && {},
      });
      expect(answer.headers.get('cache-control'), spec.path).toBe('no-store');
    }
  });
});
