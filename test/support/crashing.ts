import { onCrashPoint } from '../../src/crash.ts';

/** Lets the work die at its n-th crash point; answers that point's name, or undefined when the work came to its end. */
export async function dieAt(n: number, work: () => Promise<unknown>): Promise<string | undefined> {
  let reached = 0;
  let died: (name: string) => void = () => {};
  const death = new Promise<string>((resolve) => {
    died = resolve;
  });
  onCrashPoint((name) => {
    reached += 1;
    if (reached !== n) return Promise.resolve();
    died(name);
    return new Promise(() => {});
  });
  const ended = await Promise.race([death, work().then(() => undefined)]);
  onCrashPoint(async () => {});
  return ended;
}
