import { neon, neonConfig } from '@neondatabase/serverless';
import { DrizzleQueryError } from 'drizzle-orm/errors';
import { drizzle, type NeonHttpDatabase } from 'drizzle-orm/neon-http';
import { crashable } from '../crash.ts';
import { inTime } from '../in-time.ts';
import { jittered, sleep } from '../sleep.ts';
import { isSerializationFailure, isUnreached, isWorkDue, refusalError, translate } from './errors.ts';
import { type FunctionCall, triedCall } from './function-call.ts';
import { type RowsOf, rowsOf } from './rows.ts';
import type { Statement } from './statement.ts';

const RETRIES = 3;
/** Before a request that reached no PostgreSQL is sent again; each wait is twice as long, while there is time. */
const FIRST_WAIT_MS = 100;
/** How often one request does a portion of the work that is due before its own. */
const MAX_CATCH_UPS = 20;

const clients = new Map<string, NeonHttpDatabase>();

function clientFor(url: string): NeonHttpDatabase {
  let client = clients.get(url);
  if (!client) {
    client = drizzle(neon(url));
    clients.set(url, client);
  }
  return client;
}

/** The database connection of one request; counts round trips and their duration. */
export class Database {
  trips = 0;
  milliseconds = 0;
  readonly #client: NeonHttpDatabase;
  readonly #gatewayUrl: string | undefined;
  readonly #timeoutMs: number;
  readonly #catchUp: readonly Statement[] | undefined;

  /**
   * @param catchUp does work that is due by the clock, in a transaction of its own, when a statement refuses to run before it; then
   *   the statement is repeated
   */
  constructor(
    config: { databaseUrl: string; databaseGatewayUrl?: string | undefined; databaseTimeoutMs: number },
    catchUp?: readonly Statement[],
  ) {
    this.#catchUp = catchUp;
    this.#timeoutMs = config.databaseTimeoutMs;
    this.#client = clientFor(config.databaseUrl);
    this.#gatewayUrl = config.databaseGatewayUrl;
  }

  /**
   * Runs the statements as one transaction in one round trip.
   * @throws AppError for guards, constraints and outages
   */
  async batch<const S extends readonly Statement[]>(statements: S): Promise<RowsOf<S>> {
    const results = await this.#trip(() => {
      const [first, ...rest] = statements.map((each) => this.#client.execute<Record<string, unknown>>(each.sql));
      if (!first) throw new Error('A batch needs at least one statement');
      return this.#client.batch([first, ...rest]);
    });
    return rowsOf<S>(results);
  }

  /**
   * Runs one statement as its own transaction; cheaper than a batch of one, but only for what does not refuse: after an error of
   * a single statement Neon closes the connection, and the next one plans everything again.
   */
  single<Row>(statement: Statement<Row>): Promise<Row[]> {
    return this.#trip(() => this.#alone(statement));
  }

  /**
   * Calls a function as the whole transaction, in a single statement whose plan the connection keeps. A refusal is an answer of it,
   * so that it does not cost the connection, and becomes an error here. Returns the one row of the function.
   * @throws AppError as `batch` does
   */
  async call<Row>(call: FunctionCall<Row>): Promise<Row> {
    const tried = triedCall(call);
    const row = await this.#trip(async () => {
      const [{ answer } = { answer: null }] = await this.#alone(tried);
      if (Array.isArray(answer)) throw refusalError(answer[0]);
      return answer as Row | null;
    });
    if (row === null) throw new Error(`${call.name} returned no row`);
    return row;
  }

  async #alone<Row>(statement: Statement<Row>): Promise<Row[]> {
    const result = await this.#client.execute<Record<string, unknown>>(statement.sql).catch((error: unknown) => {
      // Drizzle wraps the driver's error, adding the query and its parameters; for batches it does not.
      throw error instanceof DrizzleQueryError && error.cause ? error.cause : error;
    });
    const [rows] = rowsOf<[Statement<Row>]>([result]);
    return rows;
  }

  async #trip<T>(work: () => Promise<T>): Promise<T> {
    const once = () => this.#reaching(work);
    for (let attempt = 1, catchUps = 0; ; attempt++) {
      try {
        return await (CRASH_TESTS ? crashable('database', once) : once());
      } catch (error) {
        if (isWorkDue(error) && this.#catchUp && ++catchUps <= MAX_CATCH_UPS) {
          attempt--;
          await this.batch(this.#catchUp);
          continue;
        }
        if (!isSerializationFailure(error) || attempt > RETRIES) throw translate(error);
        await sleep(Math.random() * 20 * 2 ** attempt);
      }
    }
  }

  /**
   * Sends again what found no PostgreSQL, which may be waking: nothing was done. All attempts together have the time of one. None begins
   * that may not be answered in time, for then nobody knows whether it was done.
   */
  async #reaching<T>(work: () => Promise<T>): Promise<T> {
    const end = performance.now() + this.#timeoutMs;
    for (let wait = FIRST_WAIT_MS; ; wait *= 2) {
      const began = performance.now();
      try {
        return await this.#counted(work, end - performance.now());
      } catch (error) {
        const pause = jittered(wait);
        const now = performance.now();
        if (!isUnreached(error) || now + pause + 2 * (now - began) >= end) throw error;
        await sleep(pause);
      }
    }
  }

  async #counted<T>(work: () => Promise<T>, milliseconds: number): Promise<T> {
    const started = performance.now();
    this.trips += 1;
    // The driver has one setting for all its clients, and reads it with each request.
    if (this.#gatewayUrl) neonConfig.fetchEndpoint = this.#gatewayUrl;
    try {
      // No abort signal for the fetch: it would double the cost of the timeout, and the platform cancels the fetch with its request.
      return await inTime(milliseconds, work());
    } finally {
      this.milliseconds += performance.now() - started;
    }
  }
}
