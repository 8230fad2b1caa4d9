import type { Result } from './measure.ts';
import type { Stampede } from './stampede.ts';

const columns = [
  ['scenario', 24],
  ['variant', 20],
  ['req/s', -8],
  ['p50 ms', -8],
  ['p99 ms', -8],
  ['failed', -7],
  ['trips', -6],
  ['stmts', -6],
  ['worker ms', -9],
  ['pg ms', -7],
] as const;

const row = (cells: (string | number)[]): string =>
  columns
    .map(([, width], index) => {
      const text = String(cells[index] ?? '');
      return width > 0 ? text.padEnd(width) : text.padStart(-width);
    })
    .join(' ');

const percent = (part: number): string => `${Math.round(part * 100)} %`;

let isHeadPrinted = false;

/** Prints each result when it is known, as progress. */
export function printLine(result: Result): void {
  if (!isHeadPrinted) console.log(row(columns.map(([name]) => name)));
  isHeadPrinted = true;
  const { name, variant, perSecond, p50, p99, failed, trips, statements, workerCpu, databaseCpu } = result;
  console.log(row([name, variant, perSecond, p50, p99, failed, trips, statements, workerCpu, databaseCpu]));
  for (const [step, latency] of Object.entries(result.steps ?? {})) {
    console.log(row([`  ${step}`, '', '', latency.p50, latency.p99]));
  }
  if (result.failure) console.log(`  first failure: ${result.failure.slice(0, 200)}`);
}

/** Compares the results of this run as ratios. */
export function printSummary(results: Result[], { requests, trips, abandoned }: Stampede): void {
  const find = (name: string, variant: string) =>
    results.find((each) => each.name === name && each.variant === variant);
  console.log('\nas a part of the baseline                          req/s   worker ms');
  for (const name of new Set(results.map((result) => result.name))) {
    for (const [variant, baseline] of [
      ['warm', 'bare hello'],
      ['cold', 'bare, same SQL'],
      ['API', 'bare, same SQL'],
    ] as const) {
      const [ours, bare] = [find(name, variant), find(name, baseline)];
      if (!ours || !bare) continue;
      const label = `${name}: ${variant} / ${baseline}`;
      const cpu = ours.workerCpu > 0 ? percent(bare.workerCpu / ours.workerCpu) : '';
      console.log(label.padEnd(50), percent(ours.perSecond / bare.perSecond).padStart(5), cpu.padStart(11));
    }
  }
  console.log(`${requests} concurrent misses of one key: ${trips} ${trips === 1 ? 'trip' : 'trips'}`);
  console.log(
    `the same while the first client hangs up: ${abandoned.answered} answered, ${abandoned.trips} further trips, ` +
      `the slowest after ${abandoned.slowestMs} ms`,
  );
}
