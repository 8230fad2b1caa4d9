import { readFile } from 'node:fs/promises';

/** Milliseconds of processor time of a process, which the kernel counts in nanoseconds. */
export const backendCpu = async (pid: number): Promise<number> =>
  Number((await readFile(`/proc/${pid}/schedstat`, 'utf8')).split(' ')[0]) / 1e6;

export const median = (numbers: number[]): number =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;

/** What two builds took in turns: the shortest time of each, and the median of the ratios of neighbouring turns. */
export interface Turns {
  before: number;
  after: number;
  ratio: number;
}

/** What both builds answer for their turns, after one turn of each that does not count. Each is the first in every other round. */
export async function turnsOf<T>(
  rounds: number,
  before: () => Promise<T>,
  after: () => Promise<T>,
): Promise<{ before: T; after: T }[]> {
  const turns: { before: T; after: T }[] = [];
  for (let round = -1; round < rounds; round++) {
    const turn =
      round % 2 === 0
        ? { before: await before(), after: await after() }
        : { after: await after(), before: await before() };
    if (round >= 0) turns.push(turn);
  }
  return turns;
}

/** Lets two builds work in turns that answer their time. */
export async function inTurns(
  rounds: number,
  before: () => Promise<number>,
  after: () => Promise<number>,
): Promise<Turns> {
  const times = await turnsOf(rounds, before, after);
  const least = (of: 'before' | 'after') => Math.min(...times.map((time) => time[of]));
  return {
    before: least('before'),
    after: least('after'),
    ratio: median(times.map((time) => time.after / time.before)),
  };
}
