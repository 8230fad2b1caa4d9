export const sleep = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Half of it to all of it, at random, so that many who wait do not come back at once. */
export const jittered = (milliseconds: number): number => milliseconds * (0.5 + Math.random() / 2);
