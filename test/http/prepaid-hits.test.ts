import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { IsolateCounts } from '../../src/http/rate-limit/isolate-counts.ts';
import { at, countedLimiters, newAddress, openShop, START, statuses, unreachable } from '../support/limited-shop.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: START });
});
afterEach(() => {
  vi.useRealTimers();
});

const SHOP = '240 per minute';
const remaining = (response: Response) => Number(response.headers.get('RateLimit-Remaining'));

describe('writes in a row', () => {
  test('ask the limiter once in four, and the client sees each counted as it is made', async () => {
    const { calls, limiters } = countedLimiters();
    const send = openShop({ limiters, defaults: SHOP });
    const left: number[] = [];
    for (let i = 0; i < 8; i++) left.push(remaining(await send('POST', '/cart', { 'X-Test-User': '801' })));
    expect(calls.hit).toBe(2);
    expect(left).toEqual([239, 238, 237, 236, 235, 234, 233, 232]);
  });

  test('get through exactly as often as the limit allows', async () => {
    const send = openShop({ defaults: SHOP });
    const seen = await statuses(245, () => send('POST', '/cart', { 'X-Test-User': '802' }));
    expect(seen).toEqual([...Array(240).fill(201), ...Array(5).fill(429)]);
  });

  test('from several isolates at once never get through more often', async () => {
    const isolates = Array.from({ length: 5 }, () => openShop({ defaults: SHOP }));
    const seen = await Promise.all(
      Array.from({ length: 300 }, (_, i) => isolates[i % 5]!('POST', '/cart', { 'X-Test-User': '803' })),
    );
    const served = seen.filter(({ status }) => status === 201).length;
    expect(served).toBeLessThanOrEqual(240);
    // What the isolates have paid and not used is at most three each.
    expect(served).toBeGreaterThanOrEqual(240 - 5 * 3);
  });

  test('in a burst get through as often, because only one of them pays in advance', async () => {
    const send = openShop({ defaults: SHOP });
    const burst = () => Promise.all(Array.from({ length: 120 }, () => send('POST', '/cart', { 'X-Test-User': '811' })));
    const seen = [...(await burst()), ...(await burst())];
    expect(seen.filter(({ status }) => status === 201)).toHaveLength(240);
  });

  test('a while apart ask each time: what was paid in advance is used within ten seconds', async () => {
    const { calls, limiters } = countedLimiters();
    const send = openShop({ limiters, defaults: SHOP });
    for (const second of [0, 10, 20]) {
      at(second);
      await send('POST', '/cart', { 'X-Test-User': '804' });
    }
    expect(calls.hit).toBe(3);
  });

  test('say how long the quota takes to recover, also when they did not ask', async () => {
    const send = openShop({ defaults: SHOP });
    await send('POST', '/cart', { 'X-Test-User': '805' });
    at(9);
    expect((await send('POST', '/cart', { 'X-Test-User': '805' })).headers.get('RateLimit')).toBe(
      '"minute";r=238;t=51',
    );
  });

  test('of another session, another route or another user are not paid with it', async () => {
    const { calls, limiters } = countedLimiters();
    const send = openShop({ limiters, defaults: SHOP });
    await send('POST', '/cart', { 'X-Test-User': '806' });
    await send('PUT', '/cart', { 'X-Test-User': '806' });
    await send('POST', '/cart', { 'X-Test-User': '807' });
    expect(calls.hit).toBe(3);
  });
});

test('a small limit is kept to the hit: nothing is paid in advance', async () => {
  const address = newAddress();
  const [one, other] = [openShop({ defaults: '50 per hour', address }), openShop({ defaults: '50 per hour', address })];
  const seen = [
    ...(await statuses(25, () => one('POST', '/cart'))),
    ...(await statuses(26, () => other('POST', '/cart'))),
  ];
  expect(seen).toEqual([...Array(50).fill(201), 429]);
});

test('each try to sign in asks', async () => {
  const { calls, limiters } = countedLimiters();
  const send = openShop({ limiters, defaults: SHOP });
  await statuses(3, () => send('POST', '/change-password', { 'X-Test-User': '808' }));
  expect(calls.hit).toBe(3);
});

test('what was paid serves while the limiter is unreachable, and then writes go on as before', async () => {
  const counts = new IsolateCounts();
  const headers = { 'X-Test-User': '809' };
  await openShop({ defaults: SHOP, counts })('POST', '/cart', headers);
  const cutOff = openShop({ defaults: SHOP, counts, limiters: unreachable });
  const left: (string | null)[] = [];
  for (let i = 0; i < 4; i++) left.push((await cutOff('POST', '/cart', headers)).headers.get('RateLimit-Remaining'));
  expect(left).toEqual(['238', '237', '236', null]);
});

test('the hits of a session that ends leave the quota of its user, those paid in advance too', async () => {
  const send = openShop({ defaults: SHOP });
  await send('POST', '/cart', { 'X-Test-User': '810' });
  const limiter = env.RATE_LIMITER.getByName('user:810');
  await limiter.endSessions([1]);
  expect(await limiter.hit('POST /cart', [{ limit: 240, seconds: 60 }], 1, 2)).toMatchObject({ remaining: 239 });
});
