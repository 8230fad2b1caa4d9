import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

const START = Date.UTC(2030, 0, 1);
const lockFor = (name: string = crypto.randomUUID()) => env.IDEMPOTENCY_LOCK.getByName(name);
const at = (seconds: number) => vi.setSystemTime(START + seconds * 1000);
const stored = (stub: ReturnType<typeof lockFor>) =>
  runInDurableObject(stub, async (_, state) => (await state.storage.list()).size);

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: START });
});
afterEach(() => {
  vi.useRealTimers();
});

test('one owner at a time; the others learn how long the lease may last', async () => {
  const lock = lockFor();
  expect(await lock.acquire('first')).toEqual({ acquired: true });
  expect(await lock.acquire('second')).toEqual({ acquired: false, retryAfterSeconds: 60 });
  at(12.5);
  expect(await lock.acquire('second')).toEqual({ acquired: false, retryAfterSeconds: 48 });
  await lock.release('first');
  expect(await lock.acquire('second')).toEqual({ acquired: true });
});

test('of 50 twins at once exactly one gets the lock', async () => {
  const lock = lockFor();
  const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => lock.acquire(`twin ${i}`)));
  expect(answers.filter((answer) => answer.acquired)).toHaveLength(1);
});

test('another user, or another key, is another lock', async () => {
  await lockFor('1:key').acquire('a');
  expect(await lockFor('2:key').acquire('b')).toEqual({ acquired: true });
  expect(await lockFor('1:other').acquire('c')).toEqual({ acquired: true });
});

test('a lease survives eviction', async () => {
  const lock = lockFor();
  await lock.acquire('first');
  await evictDurableObject(lock);
  expect(await lock.acquire('second')).toMatchObject({ acquired: false });
});

test('a dead owner loses the lock at the end of its lease, and cannot free it for its successor', async () => {
  const lock = lockFor();
  await lock.acquire('dead', 5_000);
  at(4.9);
  expect(await lock.acquire('next')).toEqual({ acquired: false, retryAfterSeconds: 1 });
  at(5);
  expect(await lock.acquire('next')).toEqual({ acquired: true });
  await lock.release('dead');
  expect(await lock.acquire('third')).toMatchObject({ acquired: false });
});

test('its owner may ask again, which renews the lease', async () => {
  const lock = lockFor();
  await lock.acquire('owner', 10_000);
  at(8);
  expect(await lock.acquire('owner', 10_000)).toEqual({ acquired: true });
  at(17);
  expect(await lock.acquire('other')).toEqual({ acquired: false, retryAfterSeconds: 1 });
});

test('a free lock holds nothing: neither after a release nor after the alarm', async () => {
  const released = lockFor();
  await released.acquire('owner');
  await released.release('owner');
  expect(await stored(released)).toBe(0);
  expect(await runDurableObjectAlarm(released)).toBe(false);

  const abandoned = lockFor();
  await abandoned.acquire('owner');
  at(60);
  expect(await runDurableObjectAlarm(abandoned)).toBe(true);
  expect(await stored(abandoned)).toBe(0);
  expect(await runDurableObjectAlarm(abandoned)).toBe(false);
});

test('an alarm of an earlier lease leaves a later one alone and comes back for it', async () => {
  const lock = lockFor();
  await lock.acquire('owner', 10_000);
  at(9);
  expect(await runDurableObjectAlarm(lock)).toBe(true);
  expect(await lock.acquire('other')).toMatchObject({ acquired: false });
  at(10);
  expect(await runDurableObjectAlarm(lock)).toBe(true);
  expect(await lock.acquire('other')).toEqual({ acquired: true });
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
  const [refusal] = await runInDurableObject(lock, (instance) =>
    Promise.allSettled([instance.acquire(owner, leaseMs)]),
  );
  expect(refusal).toMatchObject({ status: 'rejected', reason: expect.any(RangeError) });
  expect(await stored(lock)).toBe(0);
});
