import { evictDurableObject, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

const START = Date.UTC(2030, 0, 1);
const KEY = 'a key';
const lockFor = (user: string = crypto.randomUUID()) => env.IDEMPOTENCY_LOCK.getByName(user);
const at = (seconds: number) => vi.setSystemTime(START + seconds * 1000);

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: START });
});
afterEach(() => {
  vi.useRealTimers();
});

test('one owner at a time; the others learn how long the lease may last', async () => {
  const lock = lockFor();
  expect(await lock.acquire(KEY, 'first')).toEqual({ acquired: true });
  expect(await lock.acquire(KEY, 'second')).toEqual({ acquired: false, retryAfterSeconds: 60 });
  at(12.5);
  expect(await lock.acquire(KEY, 'second')).toEqual({ acquired: false, retryAfterSeconds: 48 });
  await lock.release(KEY, 'first');
  expect(await lock.acquire(KEY, 'second')).toEqual({ acquired: true });
});

test('of 50 twins at once exactly one gets the lock', async () => {
  const lock = lockFor();
  const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => lock.acquire(KEY, `twin ${i}`)));
  expect(answers.filter((answer) => answer.acquired)).toHaveLength(1);
});

test('another user, or another key, is another lock', async () => {
  const user = crypto.randomUUID();
  await lockFor(user).acquire(KEY, 'a');
  expect(await lockFor().acquire(KEY, 'b')).toEqual({ acquired: true });
  expect(await lockFor(user).acquire('another key', 'c')).toEqual({ acquired: true });
  expect(await lockFor(user).acquire(KEY, 'd')).toMatchObject({ acquired: false });
});

test('a dead owner loses the lock at the end of its lease, and cannot free it for its successor', async () => {
  const lock = lockFor();
  await lock.acquire(KEY, 'dead', 5_000);
  at(4.9);
  expect(await lock.acquire(KEY, 'next')).toEqual({ acquired: false, retryAfterSeconds: 1 });
  at(5);
  expect(await lock.acquire(KEY, 'next')).toEqual({ acquired: true });
  await lock.release(KEY, 'dead');
  expect(await lock.acquire(KEY, 'third')).toMatchObject({ acquired: false });
});

test('its owner may ask again, which renews the lease', async () => {
  const lock = lockFor();
  await lock.acquire(KEY, 'owner', 10_000);
  at(8);
  expect(await lock.acquire(KEY, 'owner', 10_000)).toEqual({ acquired: true });
  at(17);
  expect(await lock.acquire(KEY, 'other')).toEqual({ acquired: false, retryAfterSeconds: 1 });
});

test('nothing is stored: an evicted lock is free, and the database decides', async () => {
  const lock = lockFor();
  await lock.acquire(KEY, 'first');
  expect(await runInDurableObject(lock, async (_, state) => (await state.storage.list()).size)).toBe(0);
  await evictDurableObject(lock);
  expect(await lock.acquire(KEY, 'second')).toEqual({ acquired: true });
});

test.each([
  ['', 1000],
  ['x'.repeat(201), 1000],
  ['owner', 0],
  ['owner', -5],
  ['owner', 1.5],
  ['owner', 300_001],
])('an unsound lease is refused (%#)', async (owner, leaseMs) => {
  const lock = lockFor();
  await runInDurableObject(lock, (instance) => {
    expect(() => instance.acquire(KEY, owner, leaseMs)).toThrow(RangeError);
  });
  expect(await lock.acquire(KEY, 'another')).toEqual({ acquired: true });
});
