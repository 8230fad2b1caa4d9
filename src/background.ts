import { type SQL, sql } from 'drizzle-orm';
import type { Config } from './config.ts';
import type { Database } from './db/database.ts';
import { type Statement, statement } from './db/statement.ts';
import { beginningWith, beginSystem, type Call } from './http/context.ts';
import { describeFailure, logLine } from './log.ts';

/** What background work needs; a request's `Call` provides it too. */
export interface Services {
  readonly config: Config;
  readonly database: Database;
  readonly requestId: string;
}

/** The results of a job, for its log line. */
export type Counts = Record<string, number>;

/** The time and the number of subrequests that a piece of background work may use. */
export class Allowance {
  readonly #subrequests: number;
  readonly #deadline: number;
  /** Subrequests taken so far. */
  taken = 0;
  /** There was more work than the allowance permitted. */
  isSpent = false;

  /** @param deadline compared with `performance.now()` */
  constructor(subrequests: number, deadline: number) {
    this.#subrequests = subrequests;
    this.#deadline = deadline;
  }

  /** Reserves subrequests for a portion of work; false when the time or the subrequests are used up. */
  take(subrequests: number): boolean {
    this.isSpent = performance.now() >= this.#deadline || this.taken + subrequests > this.#subrequests;
    if (!this.isSpent) this.taken += subrequests;
    return !this.isSpent;
  }

  /** Reserves as many subrequests as are left, at most these; none when the time or the subrequests are used up. */
  takeUpTo(subrequests: number): number {
    const possible = Math.max(1, Math.min(subrequests, this.#subrequests - this.taken));
    return this.take(possible) ? possible : 0;
  }
}

export interface Job {
  readonly name: string;
  /** Runs again in every later round, because other jobs create work for it. */
  readonly everyRound?: boolean;
  /** Works until nothing is due or the allowance is spent; two runs may overlap. */
  readonly run: (services: Services & { readonly env: Env }, allowance: Allowance) => Promise<Counts>;
}

/** A `batch` without an acting user. */
export const systemBatch = ({ database, requestId }: Services): Database['batch'] =>
  beginningWith(database, beginSystem(requestId));

/** Runs the work and logs its counts or its failure in one line; never throws. @returns whether it succeeded */
export async function logged(services: Services, job: string, work: () => Promise<Counts>): Promise<boolean> {
  const started = performance.now();
  const facts = () => ({ job, ms: Math.round(performance.now() - started), request_id: services.requestId });
  try {
    const counts = await work();
    logLine('info', { ...facts(), ...counts });
    return true;
  } catch (error) {
    logLine('error', { ...facts(), ...describeFailure(error) });
    return false;
  }
}

/** Runs the work after the response. It may be lost with the isolate; the scheduled job then does it. */
export function soon(call: Call, job: string, work: () => Promise<Counts>): void {
  const responded = new Promise((resolve) => setTimeout(resolve, 0));
  call.background(responded.then(() => logged(call, job, work)));
}

const ROWS = 500;

/** Deletes the rows that match `where`, a few hundred at a time; `key` names the columns of the primary key. */
export async function deleteInBatches(
  services: Services,
  allowance: Allowance,
  { table, key, where }: { table: string; key: string; where: SQL },
): Promise<number> {
  const columns = sql.raw(key);
  const deletion: Statement<{ count: number }> = statement(sql`
    with expired as materialized (
      select ${columns} from ${sql.identifier(table)} where ${where} limit ${ROWS} for update skip locked
    ), deleted as (
      delete from ${sql.identifier(table)} where (${columns}) in (select ${columns} from expired) returning 1
    )
    select count(*)::int as count from deleted`);
  let total = 0;
  while (allowance.take(1)) {
    const [[gone]] = await systemBatch(services)([deletion]);
    const count = gone?.count ?? 0;
    total += count;
    if (count < ROWS) break;
  }
  return total;
}
