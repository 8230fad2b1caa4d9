import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';

type Facts = Record<string, unknown>;

interface Failure {
  name?: string;
  code?: string;
  message?: string;
  stack?: string;
}

/** What every line of a job has; the rest are its counts. */
const OF_EVERY_JOB = new Set(['level', 'job', 'ms', 'request_id', 'error', 'cause']);
/** Wrangler's own line for a request, which the Worker's line repeats. */
const REPEATED = /^\[wrangler:info\] [A-Z]+ \/\S* \d{3} /;
const READY = /^\[wrangler:info\] Ready on /;

/** Makes lines for people out of the lines of `wrangler dev`. What happens before it is ready is told only when it fails. */
export class DevLog {
  private isReady = false;
  private readonly held: string[] = [];
  private lastAlert = '';

  /** The lines to print for a line of output. */
  lines(raw: string): string[] {
    const line = stripVTControlCharacters(raw);
    if (!this.isReady) {
      this.held.push(raw);
      this.isReady = READY.test(line);
      return [];
    }
    const json = line.indexOf('{"level":');
    const facts = json < 0 ? undefined : parsed(line.slice(json));
    if (facts) return this.told(facts);
    return line.trim() === '' || REPEATED.test(line) ? [] : [raw];
  }

  /** What came before a failed start. */
  get beforeReady(): string[] {
    return this.isReady ? [] : this.held;
  }

  private told(facts: Facts): string[] {
    if (facts.level === 'alert') return this.alerted(facts);
    if (facts.level === 'error') return failed(facts);
    if (typeof facts.route === 'string') return [requested(facts)];
    // Counts what is stuck, not what was done: the alert tells of it.
    if (facts.job === 'watch') return [];
    if (typeof facts.job === 'string') return worked(facts);
    if (facts.message === 'Answered from memory') return fromMemory(facts);
    return [`${time()} ${JSON.stringify(facts)}`];
  }

  /** An alert is repeated every run; told once, until it changes. */
  private alerted(facts: Facts): string[] {
    const counts = countsOf(facts);
    if (counts === this.lastAlert) return [];
    this.lastAlert = counts;
    return [`${time()} ALERT  ${counts}`];
  }
}

function requested({ method, route, status, ms, db_trips: trips, db_ms: dbMs, user_id: user }: Facts): string {
  const database = trips === 0 ? '' : `, database ${trips} × in ${dbMs} ms`;
  return `${time()} ${method} ${route} ${status}  ${ms} ms${database}${user === null ? '' : `, user ${user}`}`;
}

function worked(facts: Facts): string[] {
  const counts = countsOf(facts);
  return counts === '' ? [] : [`${time()} job ${facts.job}: ${counts}  ${facts.ms} ms`];
}

const fromMemory = ({ answers, seconds }: Facts): string[] =>
  Object.entries((answers ?? {}) as Facts).map(
    ([answer, count]) => `${time()} ${answer}  ${count} × from memory in ${seconds} s`,
  );

function failed(facts: Facts): string[] {
  const where = facts.job ? `job ${facts.job}` : (facts.route ?? facts.message ?? '');
  const error = (facts.error ?? {}) as Failure;
  const said = [error, (facts.cause ?? {}) as Failure].map(({ name, code, message }) =>
    [name, code, message].filter(Boolean).join(' '),
  );
  const words = [where, ...said.filter(Boolean)].join(': ');
  const stack = (error.stack ?? '').split('\n').slice(1);
  return [`${time()} ERROR  ${words}  (request ${facts.request_id ?? '–'})`, ...stack];
}

/** What a job did, or what an alert is about: the counts that are not zero. */
const countsOf = (facts: Facts): string =>
  Object.entries(facts)
    .filter(([name, value]) => !OF_EVERY_JOB.has(name) && value !== 0)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');

function parsed(text: string): Facts | undefined {
  try {
    return JSON.parse(text) as Facts;
  } catch {
    return undefined;
  }
}

const time = (): string => new Date().toTimeString().slice(0, 8);

/** Prints both streams of a program line by line. */
export function tell(log: DevLog, streams: (Readable | null)[], print: (line: string) => void): void {
  for (const stream of streams) {
    if (stream)
      createInterface({ input: stream }).on('line', (line) => {
        for (const told of log.lines(line)) print(told);
      });
  }
}
