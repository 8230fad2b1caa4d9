import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { addHits, countHits, liveSlots, type Slots, standing } from '../../src/durable-objects/sliding-window.ts';
import { parsePolicy } from '../../src/rate-limits/policy.ts';

const START = Date.UTC(2030, 0, 1);
const ROUTE = 'POST /api/v1/auth/login';
const LOGIN = parsePolicy('5 per minute');

const limiter = (name: string = crypto.randomUUID()) => env.RATE_LIMITER.getByName(name);
const at = (seconds: number) => vi.setSystemTime(START + seconds * 1000);
const storedKeys = (stub: ReturnType<typeof limiter>) =>
  runInDurableObject(stub, async (_, state) => [...(await state.storage.list()).keys()]);

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: START });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a sliding window', () => {
  test('lets the limit through, then says when to come back', async () => {
    const stub = limiter();
    for (const [second, remaining] of [
      [0, 4],
      [10, 3],
      [20, 2],
      [30, 1],
      [40, 0],
    ] as const) {
      at(second);
      expect(await stub.hit(ROUTE, LOGIN)).toMatchObject({ allowed: true, limit: 5, seconds: 60, remaining });
    }
    at(45);
    expect(await stub.hit(ROUTE, LOGIN)).toMatchObject({
      allowed: false,
      remaining: 0,
      retryAfterSeconds: 15,
      resetSeconds: 15,
    });
  });

  test('does not reset at once: each request comes free one window after it was made', async () => {
    const stub = limiter();
    for (const second of [0, 10, 20, 30, 40]) {
      at(second);
      await stub.hit(ROUTE, LOGIN);
    }
    at(59.9);
    expect((await stub.hit(ROUTE, LOGIN)).allowed).toBe(false);
    at(60);
    expect((await stub.hit(ROUTE, LOGIN)).allowed).toBe(true);
    expect((await stub.hit(ROUTE, LOGIN)).allowed).toBe(false);
    at(70);
    expect((await stub.hit(ROUTE, LOGIN)).allowed).toBe(true);
  });

  test('a refused request costs nothing', async () => {
    const stub = limiter();
    for (let i = 0; i < 5; i++) await stub.hit(ROUTE, LOGIN);
    for (let second = 1; second < 60; second++) {
      at(second);
      expect((await stub.hit(ROUTE, LOGIN)).allowed).toBe(false);
    }
    at(60);
    expect(await stub.hit(ROUTE, LOGIN)).toMatchObject({ allowed: true, remaining: 4 });
  });

  test('the tightest of several windows answers, and a refusal by one is counted in none', async () => {
    const stub = limiter();
    const windows = parsePolicy('6 per hour, 4 per minute');
    expect(await stub.hit(ROUTE, windows)).toMatchObject({ limit: 4, remaining: 3, resetSeconds: 60 });
    for (let i = 0; i < 3; i++) await stub.hit(ROUTE, windows);
    for (let i = 0; i < 10; i++) {
      expect(await stub.hit(ROUTE, windows)).toMatchObject({ allowed: false, seconds: 60, retryAfterSeconds: 60 });
    }
    at(60);
    expect(await stub.hit(ROUTE, windows)).toMatchObject({ allowed: true, limit: 6, remaining: 1, resetSeconds: 3540 });
    expect(await stub.hit(ROUTE, windows)).toMatchObject({ allowed: true, remaining: 0, retryAfterSeconds: 3540 });
    expect(await stub.hit(ROUTE, windows)).toMatchObject({ allowed: false, seconds: 3600, retryAfterSeconds: 3540 });
  });

  test('a clock that steps back frees nothing early', async () => {
    const stub = limiter();
    at(30);
    await stub.hit(ROUTE, LOGIN);
    at(20);
    await stub.hit(ROUTE, LOGIN);
    at(85);
    expect(await stub.hit(ROUTE, LOGIN)).toMatchObject({ remaining: 2, resetSeconds: 5 });
  });

  test('routes and clients are counted apart', async () => {
    const stub = limiter();
    for (let i = 0; i < 5; i++) await stub.hit(ROUTE, LOGIN);
    expect((await stub.hit(ROUTE, LOGIN)).allowed).toBe(false);
    expect((await stub.hit('POST /api/v1/auth/register', LOGIN)).allowed).toBe(true);
    expect((await limiter().hit(ROUTE, LOGIN)).allowed).toBe(true);
  });

  test('a costly request takes several places or none', async () => {
    const stub = limiter();
    expect(await stub.hit(ROUTE, LOGIN, 4)).toMatchObject({ allowed: true, remaining: 1 });
    expect(await stub.hit(ROUTE, LOGIN, 2)).toMatchObject({ allowed: false, remaining: 1, retryAfterSeconds: 60 });
    expect(await stub.hit(ROUTE, LOGIN)).toMatchObject({ allowed: true, remaining: 0 });
  });

  test('no span of one window ever holds more than the limit, whatever the rhythm; waiting as told always helps', () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 40_000 }), { minLength: 20, maxLength: 300 });
    fc.assert(
      fc.property(gaps, fc.integer({ min: 1, max: 30 }), (gaps, limit) => {
        const window = { limit, seconds: 60 };
        const allowed: number[] = [];
        let slots: Slots = [];
        let now = START;
        for (const gap of gaps) {
          now += gap;
          slots = liveSlots(slots, window, now);
          expect(slots.length).toBeLessThanOrEqual(61);
          if (countHits(slots) >= limit) {
            const later = now + standing(slots, window, now, 1).retryAfterSeconds * 1000;
            expect(countHits(liveSlots(slots, window, later))).toBeLessThan(limit);
            continue;
          }
          slots = addHits(slots, window, now, 1);
          allowed.push(now);
        }
        for (const [i, first] of allowed.entries()) {
          const end = allowed[i + limit];
          if (end !== undefined) expect(end - first).toBeGreaterThanOrEqual(60_000);
        }
        expect(countHits(liveSlots(slots, window, now + 60_000))).toBe(0);
      }),
    );
  });
});

test('of 50 requests at once exactly the limit is allowed', async () => {
  const stub = limiter();
  const windows = parsePolicy('10 per minute');
  const decisions = await Promise.all(Array.from({ length: 50 }, () => stub.hit(ROUTE, windows)));
  expect(decisions.filter((decision) => decision.allowed)).toHaveLength(10);
});

describe('reports of what was served already', () => {
  test('are counted whatever the limit, and answer whether a further one would be allowed', async () => {
    const stub = limiter();
    expect(await stub.report(ROUTE, LOGIN, 4)).toMatchObject({ allowed: true, remaining: 1, retryAfterSeconds: 0 });
    at(30);
    expect(await stub.report(ROUTE, LOGIN, 3)).toMatchObject({ allowed: false, remaining: 0, retryAfterSeconds: 30 });
    expect((await stub.hit(ROUTE, LOGIN)).allowed).toBe(false);
    at(60);
    expect(await stub.hit(ROUTE, LOGIN)).toMatchObject({ allowed: true, remaining: 1 });
  });
});

describe('sessions of a user', () => {
  const [ONE, OTHER] = [11, 12];

  test('share one quota, and each is told of the others', async () => {
    const stub = limiter();
    expect(await stub.hit(ROUTE, LOGIN, 1, ONE)).not.toHaveProperty('otherSessions');
    expect(await stub.hit(ROUTE, LOGIN, 2, ONE)).toMatchObject({ remaining: 2 });
    expect(await stub.hit(ROUTE, LOGIN, 2, OTHER)).toMatchObject({ remaining: 0, otherSessions: [ONE] });
    expect(await stub.hit(ROUTE, LOGIN, 1, ONE)).toMatchObject({ allowed: false, otherSessions: [OTHER] });
    at(60);
    expect(await stub.hit(ROUTE, LOGIN, 1, ONE)).not.toHaveProperty('otherSessions');
  });

  test('that end take their hits with them, on every route, and are counted no more', async () => {
    const stub = limiter();
    await stub.hit(ROUTE, LOGIN, 4, ONE);
    await stub.report('GET /api/v1/branches', LOGIN, 9, ONE);
    await stub.hit(ROUTE, LOGIN, 1, OTHER);
    await stub.endSessions([ONE]);
    expect(await stub.hit(ROUTE, LOGIN, 1, ONE)).toMatchObject({ allowed: false, hasSessionEnded: true });
    expect(await stub.report(ROUTE, LOGIN, 3, ONE)).toMatchObject({ hasSessionEnded: true });
    expect(await stub.hit(ROUTE, LOGIN, 1, OTHER)).toMatchObject({ allowed: true, remaining: 3 });
    expect(await stub.hit('GET /api/v1/branches', LOGIN, 1, OTHER)).toMatchObject({ remaining: 4 });
    await evictDurableObject(stub);
    expect(await stub.hit(ROUTE, LOGIN, 1, ONE)).toMatchObject({ hasSessionEnded: true });
  });

  test('that live after all are counted again', async () => {
    const stub = limiter();
    await stub.endSessions([ONE, OTHER]);
    await stub.reviveSession(ONE);
    expect(await stub.hit(ROUTE, LOGIN, 1, ONE)).toMatchObject({ allowed: true, remaining: 4 });
    expect(await stub.hit(ROUTE, LOGIN, 1, OTHER)).toMatchObject({ allowed: false, hasSessionEnded: true });
  });

  test('that ended are forgotten when no token of theirs can be valid', async () => {
    const stub = limiter();
    await stub.endSessions([ONE]);
    await stub.hit(ROUTE, LOGIN, 1, OTHER);
    at(86_400);
    expect(await runDurableObjectAlarm(stub)).toBe(true);
    expect(await storedKeys(stub)).toEqual([]);
  });
});

describe('storage', () => {
  test('counts survive eviction', async () => {
    const stub = limiter();
    for (let i = 0; i < 5; i++) await stub.hit(ROUTE, LOGIN);
    await evictDurableObject(stub);
    expect(await stub.hit(ROUTE, LOGIN)).toMatchObject({ allowed: false, retryAfterSeconds: 60 });
  });

  test('an alarm empties an object whose client stays away', async () => {
    const stub = limiter();
    await stub.hit(ROUTE, LOGIN);
    at(60);
    expect(await runDurableObjectAlarm(stub)).toBe(true);
    expect(await storedKeys(stub)).toEqual([]);
    expect(await runDurableObjectAlarm(stub)).toBe(false);
    expect(await stub.hit(ROUTE, LOGIN)).toMatchObject({ allowed: true, remaining: 4 });
  });

  test('an alarm keeps what still counts and comes back for it', async () => {
    const stub = limiter();
    const hourly = parsePolicy('50 per hour');
    await stub.hit(ROUTE, LOGIN);
    await stub.hit('POST /api/v1/cart/items', hourly);
    at(60);
    await runDurableObjectAlarm(stub);
    expect(await storedKeys(stub)).toEqual(['POST /api/v1/cart/items']);
    expect(await stub.hit('POST /api/v1/cart/items', hourly)).toMatchObject({ remaining: 48 });
    at(3660);
    expect(await runDurableObjectAlarm(stub)).toBe(true);
    expect(await storedKeys(stub)).toEqual([]);
  });

  test('a thousand requests on one route leave one small record', async () => {
    const stub = limiter();
    const windows = parsePolicy('100000 per day');
    for (let i = 0; i < 1000; i++) {
      at(i * 86);
      await stub.hit(ROUTE, windows);
    }
    const record = await runInDurableObject(stub, async (_, state) => [...(await state.storage.list()).values()]);
    expect(JSON.stringify(record).length).toBeLessThan(2000);
    expect(await stub.hit(ROUTE, windows)).toMatchObject({ remaining: 100_000 - 1001 });
  });
});

test.each([
  ['an endless route', 'x'.repeat(201), LOGIN, 1],
  ['no route', '', LOGIN, 1],
  ['no window', ROUTE, [], 1],
  ['too many windows', ROUTE, Array.from({ length: 11 }, (_, i) => ({ limit: 1, seconds: i + 1 })), 1],
  ['a window without length', ROUTE, [{ limit: 1, seconds: 0 }], 1],
  ['a limit that is no number', ROUTE, [{ limit: Number.NaN, seconds: 60 }], 1],
  ['a negative cost', ROUTE, LOGIN, -1],
  ['a fraction', ROUTE, LOGIN, 0.5],
])('%s is refused and stores nothing', async (_, route, windows, cost) => {
  const stub = limiter();
  const refusals = await runInDurableObject(stub, (instance) =>
    Promise.allSettled([instance.hit(route, windows, cost), instance.report(route, windows, cost)]),
  );
  for (const refusal of refusals) expect(refusal).toMatchObject({ status: 'rejected', reason: expect.any(RangeError) });
  expect(await storedKeys(stub)).toEqual([]);
});
