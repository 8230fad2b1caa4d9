import { AsyncLocalStorage } from 'node:async_hooks';
import { onCrashPoint } from '../../src/crash.ts';

const dying = new AsyncLocalStorage<symbol>();

/**
 * Lets the work die at its n-th crash point, or at the first of that name; answers the point's name, or undefined when the work came
 * to its end. What runs after the response runs side by side, so its points come in no certain order: name them. Points of other work of
 * the isolate, such as the alarm of a Durable Object of an earlier test, do not count.
 */
export async function dieAt(
  at: number | string,
  work: () => Promise<unknown>,
  isPoint = (_name: string) => true,
): Promise<string | undefined> {
  const self = Symbol('this work');
  let reached = 0;
  let died: (name: string) => void = () => {};
  const death = new Promise<string>((resolve) => {
    died = resolve;
  });
  onCrashPoint((name) => {
    if (dying.getStore() !== self || !isPoint(name)) return Promise.resolve();
    reached += 1;
    if (at !== reached && at !== name) return Promise.resolve();
    died(name);
    return new Promise(() => {});
  });
  const ended = await Promise.race([death, dying.run(self, work).then(() => undefined)]);
  onCrashPoint(async () => {});
  return ended;
}

/**
 * As `dieAt`, for jobs, whose answer nobody waits for: a death after a round trip to the database leaves database and provider as a death
 * before the next step does, so that one of the two is enough.
 */
export const dieInJobs = (at: number, jobs: () => Promise<unknown>): Promise<string | undefined> =>
  dieAt(at, jobs, (name) => name !== 'after database');
