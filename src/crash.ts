declare global {
  /**
   * False in every build; only the test suite compiles it as true. Named where a step is made, so that the bundler leaves
   * out the crash points and this file with them.
   */
  const CRASH_TESTS: boolean;
}

type CrashPoint = (name: string) => Promise<void>;

let crashPoint: CrashPoint = async () => {};

/** For tests: what happens at each crash point. A promise that never settles is a Worker that died there. */
export const onCrashPoint = (handler: CrashPoint): void => {
  crashPoint = handler;
};

/** Runs one step that touches the outside, with a crash point before and after it. */
export async function crashable<T>(name: string, step: () => Promise<T>): Promise<T> {
  await crashPoint(`before ${name}`);
  const result = await step();
  await crashPoint(`after ${name}`);
  return result;
}
