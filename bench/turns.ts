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

/** Lets two builds work in turns, after one turn of each that does not count; a turn answers its time. */
export async function inTurns(
  rounds: number,
  before: () => Promise<number>,
  after: () => Promise<number>,
): Promise<Turns> {
  const times: { before: number; after: number }[] = [];
  for (let round = -1; round < rounds; round++) {
    const both = { before: await before(), after: await after() };
    if (round >= 0) times.push(both);
  }
  const least = (of: 'before' | 'after') => Math.min(...times.map((time) => time[of]));
  return {
    before: least('before'),
    after: least('after'),
    ratio: median(times.map((time) => time.after / time.before)),
  };
}
