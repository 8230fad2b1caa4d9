declare global {
  /**
   * False in every build; only the test suite compiles it as true. Callers test it before each crash point, so that the
   * bundler leaves out the crash points and this file.
   */
  const CRASH_TESTS: boolean;
}

type CrashPoint = (name: string) => Promise<void>;

let crashPoint: CrashPoint = async () => {};

/** For tests: sets what happens at each crash point. A promise that never settles simulates a Worker that died there. */
export const onCrashPoint = (handler: CrashPoint): void => {
  crashPoint = handler;
};

/** Runs one step with an effect outside the Worker, with a crash point before and after it. */
export async function crashable<T>(name: string, step: () => Promise<T>): Promise<T> {
  await crashPoint(`before ${name}`);
  const result = await step();
  await crashPoint(`after ${name}`);
  return result;
}
