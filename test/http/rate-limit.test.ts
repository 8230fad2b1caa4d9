import { evictAllDurableObjects } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Decision } from '../../src/durable-objects/rate-limiter.ts';
import { IsolateCounts } from '../../src/http/rate-limit/isolate-counts.ts';
import { parsePolicy, type Window } from '../../src/rate-limits/policy.ts';
import {
  at,
  countedLimiters,
  limitersThat,
  neverAnswering,
  newAddress,
  openShop,
  START,
  statuses,
  unreachable,
} from '../support/limited-shop.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: START });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('what a client is told', () => {
  test('the policy and what is left of it', async () => {
    const send = openShop({ defaults: '200 per day, 50 per hour' });
    const response = await send('POST', '/cart');
    expect(response.status).toBe(201);
    expect(response.headers.get('RateLimit-Policy')).toBe('"day";q=200;w=86400, "hour";q=50;w=3600');
    expect(response.headers.get('RateLimit')).toBe('"hour";r=49;t=3600');
    const { headers } = response;
    expect(['Limit', 'Remaining', 'Reset'].map((name) => headers.get(`RateLimit-${name}`))).toEqual([
      '50',
      '49',
      '3600',
    ]);
    expect((await send('POST', '/cart')).headers.get('RateLimit')).toBe('"hour";r=48;t=3600');
  });

  test('the same on a public read, on an error and on a refusal, which says when to come back', async () => {
    const send = openShop();
    expect((await send('GET', '/products/1')).headers.get('RateLimit')).toBe('"minute";r=2;t=60');
    expect((await send('PUT', '/cart')).headers.get('RateLimit')).toBe('"minute";r=2;t=60');

    await statuses(3, () => send('POST', '/cart'));
    at(20);
    const refusal = await send('POST', '/cart');
    expect(refusal.status).toBe(429);
    expect(refusal.headers.get('Retry-After')).toBe('40');
    expect(refusal.headers.get('RateLimit')).toBe('"minute";r=0;t=40');
    expect(refusal.headers.get('RateLimit-Policy')).toBe('"minute";q=3;w=60');
    expect(await refusal.json()).toMatchObject({ error: { code: 'RATE_LIMITED', status_code: 429 } });
  });
});

describe.each(['POST /cart', 'GET /products/7'])('%s', (route) => {
  const [method = '', path = ''] = route.split(' ');

  test('is refused above the limit and served again when the window has passed', async () => {
    const send = openShop();
    const served = method === 'POST' ? 201 : 200;
    expect(await statuses(5, () => send(method, path))).toEqual([served, served, served, 429, 429]);
    at(60);
    expect((await send(method, path)).ok).toBe(true);
  });

  test('is counted across isolates and evictions', async () => {
    const address = newAddress();
    const one = openShop({ address });
    await statuses(3, () => one(method, path));
    await evictAllDurableObjects();
    const other = openShop({ address });
    const [first, second] = [await other(method, path), await other(method, path)];
    // A public read finds out with its first report.
    expect([first.status, second.status]).toEqual(method === 'GET' ? [200, 429] : [429, 429]);
  });

  test('once refused, is refused without a call until the reset', async () => {
    const { calls, limiters } = countedLimiters();
    const send = openShop({ limiters });
    await statuses(4, () => send(method, path));
    const before = { ...calls };
    expect(await statuses(20, () => send(method, path))).toEqual(Array(20).fill(429));
    expect(calls).toEqual(before);
    at(60);
    expect((await send(method, path)).ok).toBe(true);
  });

  test('goes on when the limiter is unreachable', async () => {
    const send = openShop({ limiters: unreachable, defaults: '50 per hour' });
    expect(await statuses(10, () => send(method, path))).not.toContain(429);
  });

  test('is not limited when the defaults are empty, and asks nobody', async () => {
    const { calls, limiters } = countedLimiters();
    const response = await openShop({ limiters, defaults: '' })(method, path);
    expect(response.ok).toBe(true);
    expect(response.headers.get('RateLimit-Policy')).toBeNull();
    expect(calls).toEqual({ hit: 0, report: 0 });
  });
});

describe('clients and routes are counted apart', () => {
  test('by address: IPv6 subscribers by their /64', async () => {
    const send = openShop({ defaults: '1 per minute' });
    const from = (address: string) => send('POST', '/cart', { 'CF-Connecting-IP': address });
    expect((await from('2001:db8:0:1::1')).status).toBe(201);
    expect((await from('2001:db8:0:1:ffff::2')).status).toBe(429);
    expect((await from('2001:db8:0:2::1')).status).toBe(201);
  });

  test.each(['POST /cart', 'GET /products/7'])(
    'by address: IPv6 networks by their /48, ten times as wide: %s',
    async (route) => {
      const [method = '', path = ''] = route.split(' ');
      const send = openShop({ defaults: '2 per minute' });
      const from = async (address: string) => (await send(method, path, { 'CF-Connecting-IP': address })).ok;
      const network = `2001:db8:${method === 'GET' ? 'a' : 'b'}`;
      // What its own quota refuses to one subscriber costs the network nothing.
      expect(await statuses(5, () => send(method, path, { 'CF-Connecting-IP': `${network}:1::1` }))).toEqual([
        ...(method === 'GET' ? [200, 200] : [201, 201]),
        ...[429, 429, 429],
      ]);
      for (let subscriber = 2; subscriber <= 10; subscriber++) {
        expect([await from(`${network}:${subscriber}::1`), await from(`${network}:${subscriber}::2`)]).toEqual([
          true,
          true,
        ]);
      }
      expect(await from(`${network}:ff::1`)).toBe(false);
      expect(await from('2001:db8:c:1::1')).toBe(true);
    },
  );

  test('a signed-in user is one client from anywhere, and does not use up the address', async () => {
    const send = openShop({ defaults: '1 per minute' });
    const as = (user: string, address: string) =>
      send('POST', '/cart', { 'X-Test-User': user, 'CF-Connecting-IP': address });
    expect((await as('501', '203.0.113.1')).status).toBe(201);
    expect((await as('501', '203.0.113.2')).status).toBe(429);
    expect((await as('502', '203.0.113.1')).status).toBe(201);
    expect((await send('POST', '/cart', { 'CF-Connecting-IP': '203.0.113.1' })).status).toBe(201);
  });

  test('by the pattern of the route: another id is no new quota, another method is', async () => {
    const send = openShop({ defaults: '2 per minute' });
    expect(await statuses(2, () => send('GET', '/products/1'))).toEqual([200, 200]);
    expect((await send('GET', '/products/2')).status).toBe(429);
    expect((await send('HEAD', '/products/3')).status).toBe(429);
    expect((await send('POST', '/cart')).status).toBe(201);
    expect((await send('PUT', '/cart')).status).toBe(404);
  });
});

describe('signing in', () => {
  test('has its own limit even when the defaults are empty', async () => {
    const send = openShop({ defaults: '' });
    expect(await statuses(3, () => send('POST', '/login'))).toEqual([200, 200, 429]);
  });

  test("is counted by address whoever's token comes along", async () => {
    const send = openShop();
    const users = ['601', '602', '603'];
    const seen = [];
    for (const user of users) seen.push((await send('POST', '/login', { 'X-Test-User': user })).status);
    expect(seen).toEqual([200, 200, 429]);
  });

  test('is counted by user where only the signed-in get in', async () => {
    const [one, other] = [openShop(), openShop()];
    const seen = [];
    for (const [send, user] of [
      [one, '611'],
      [other, '611'],
      [one, '611'],
      [other, '611'],
      [one, '612'],
    ] as const)
      seen.push((await send('POST', '/change-password', { 'X-Test-User': user })).status);
    expect(seen).toEqual([200, 200, 200, 429, 200]);
  });

  test('is refused when the limiter is unreachable', async () => {
    const response = await openShop({ limiters: unreachable })('POST', '/login');
    expect(response.status).toBe(503);
    expect(response.headers.get('Retry-After')).toMatch(/^\d+$/);
    expect(await response.json()).toMatchObject({ error: { code: 'SERVICE_UNAVAILABLE' } });
  });

  test('is refused within about a second when the limiter does not answer', async () => {
    vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'], now: START });
    const silent = limitersThat(() => neverAnswering);
    const response = openShop({ limiters: silent })('POST', '/login');
    await vi.advanceTimersByTimeAsync(1_500);
    expect((await response).status).toBe(503);
  });

  test('of 20 attempts at once exactly the limit is let through', async () => {
    const send = openShop();
    const answers = await Promise.all(Array.from({ length: 20 }, () => send('POST', '/login')));
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(2);
  });
});

describe('a read', () => {
  test.each([
    ['of an address', {}],
    ['of a customer', { 'X-Test-User': '1' }],
  ])('%s is answered before the limiter has been heard', async (_, headers) => {
    const heard = Promise.withResolvers<void>();
    const slow = limitersThat((name) => ({
      ...neverAnswering,
      async report(route: string, windows: Window[], count: number) {
        await heard.promise;
        return env.RATE_LIMITER.getByName(name).report(route, windows, count);
      },
    }));
    const send = openShop({ limiters: slow });
    const { response, settled } = await send.leaving('GET', '/products/1', headers);
    expect(response.status).toBe(200);
    heard.resolve();
    await settled();
  });

  test('in a burst is refused from exactly the limit on', async () => {
    const send = openShop({ defaults: '10 per minute' });
    const answers = await Promise.all(Array.from({ length: 50 }, () => send('GET', '/products/1')));
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(10);
  });

  test('in a burst is reported in few calls, and every one is counted', async () => {
    const { calls, limiters } = countedLimiters();
    const address = newAddress();
    const send = openShop({ limiters, address, defaults: '100 per minute' });
    await Promise.all(Array.from({ length: 50 }, () => send('GET', '/products/1')));
    expect(calls.report).toBeLessThan(25);
    const seen = await env.RATE_LIMITER.getByName(`ip:${address}`).hit(
      'GET /products/:id',
      parsePolicy('100 per minute'),
    );
    expect(seen.remaining).toBe(49);
  });

  test('is limited by the isolate alone while the limiter is unreachable, and starts afresh after the window', async () => {
    const send = openShop({ limiters: unreachable });
    expect(await statuses(4, () => send('GET', '/products/1'))).toEqual([200, 200, 200, 429]);
    at(60);
    expect((await send('GET', '/products/1')).status).toBe(200);
  });
});

describe('reports of an isolate', () => {
  const windows = [{ limit: 10, seconds: 60 }];
  const left = (remaining: number): Decision => ({
    allowed: true,
    limit: 10,
    seconds: 60,
    remaining,
    resetSeconds: 60,
    retryAfterSeconds: 0,
  });

  test('what is served while one is under way is taken off its answer, and reported next', async () => {
    const counts = new IsolateCounts();
    counts.take('a', windows, START);
    const sent: number[] = [];
    await counts
      .report('a', async (count) => {
        sent.push(count);
        if (sent.length > 1) throw new Error('The object is overloaded');
        counts.take('a', windows, START);
        counts.take('a', windows, START);
        return left(5);
      })
      .catch(() => {});
    expect(sent).toEqual([1, 2]);
    expect(counts.take('a', windows, START).remaining).toBe(2);
  });

  test('what could not be sent goes with the next one', async () => {
    const counts = new IsolateCounts();
    counts.take('a', windows, START);
    await expect(counts.report('a', () => Promise.reject(new Error('The object is overloaded')))).rejects.toThrow();
    counts.take('a', windows, START);
    const sent: number[] = [];
    await counts.report('a', async (count) => {
      sent.push(count);
      return left(8);
    });
    expect(sent).toEqual([2]);
  });
});

test('an isolate remembers a bounded number of clients and forgets the ones it has not seen for longest', () => {
  const counts = new IsolateCounts(3);
  const one = [{ limit: 1, seconds: 60 }];
  for (const client of ['a', 'b', 'c', 'a', 'd']) counts.take(client, one, START);
  expect(counts.size).toBe(3);
  expect(counts.refusal('b', START)).toBeUndefined();
  expect(counts.refusal('a', START)).toMatchObject({ remaining: 0, retryAfterSeconds: 60 });
});
