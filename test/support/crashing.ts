import { onCrashPoint } from '../../src/crash.ts';

/**
 * Lets the work die at its n-th crash point, or at the first of that name; answers the point's name, or undefined when the work came
 * to its end. What runs after the response runs side by side, so its points come in no certain order: name them.
 */
export async function dieAt(at: number | string, work: () => Promise<unknown>): Promise<string | undefined> {
  let reached = 0;
  let died: (name: string) => void = () => {};
  const death = new Promise<string>((resolve) => {
    died = resolve;
  });
  onCrashPoint((name) => {
    reached += 1;
    if (at !== reached && at !== name) return Promise.resolve();
    died(name);
    return new Promise(() => {});
  });
  const ended = await Promise.race([death, work().then(() => undefined)]);
  onCrashPoint(async () => {});
  return ended;
}
