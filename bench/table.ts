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

let isHeadPrinted = false;

/** One line as soon as it is known: that is the progress. */
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

/** What the numbers are worth, as ratios of this run. */
export function printSummary(results: Result[], { requests, trips, abandoned }: Stampede): void {
  const rate = (name: string, variant: string) =>
    results.find((result) => result.name === name && result.variant === variant)?.perSecond;
  const lines: [string, number | undefined, number | undefined][] = [];
  for (const name of new Set(results.map((result) => result.name))) {
    const bare = rate(name, 'bare Hono, same SQL');
    lines.push([`${name}: warm / bare hello`, rate(name, 'warm'), rate('hello', 'bare Hono')]);
    lines.push([`${name}: cold / bare Hono with the same SQL`, rate(name, 'cold'), bare]);
    lines.push([`${name}: API / bare Hono with the same SQL`, rate(name, 'API'), bare]);
  }
  console.log();
  for (const [label, part, whole] of lines) {
    if (part && whole) console.log(`${label.padEnd(60)} ${Math.round((part / whole) * 100)} %`);
  }
  console.log(`${requests} concurrent misses of one key: ${trips} trip`);
  console.log(
    `the same while the first client hangs up: ${abandoned.answered} answered, ${abandoned.trips} further trips, ` +
      `the slowest after ${abandoned.slowestMs} ms`,
  );
}
