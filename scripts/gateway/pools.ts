import pg from 'pg';
import { describeError, describeRefusal, Refused } from './answer.ts';
import { isRefusal, runBatch, type Statement, type StatementResult } from './batch.ts';

/** Where the gateway runs statements. */
export interface Computes {
  /**
   * Runs the statements on one connection, as a transaction when `begin` is given.
   * @throws Refused with the answer
   */
  run(connectionString: string, statements: Statement[], begin: string | undefined): Promise<StatementResult[]>;
  /** Closes the connections to this database, or to all. */
  end(database?: string): Promise<void>;
}

const databases = new Map<string, string>();

/** Remembered, because every request asks. */
export function databaseOf(connectionString: string): string {
  const known = databases.get(connectionString);
  if (known !== undefined) return known;
  const database = decodeURIComponent(new URL(connectionString).pathname.slice(1));
  databases.set(connectionString, database);
  return database;
}

/** A local database, or all of them, through PostgreSQL's Unix socket if there is one. */
function reachedBy(connectionString: string, socketDirectory: string | undefined): string {
  const url = new URL(connectionString);
  if (socketDirectory) url.searchParams.set('host', socketDirectory);
  return url.href;
}

/** Bounded pools, one for each connection string, and batches sent as a whole: the fastest way to any PostgreSQL. */
export class Pools implements Computes {
  private readonly maxConnections: number;
  private readonly socketDirectory: string | undefined;
  private readonly pools = new Map<string, pg.Pool>();

  constructor(maxConnections: number, socketDirectory: string | undefined) {
    this.maxConnections = maxConnections;
    this.socketDirectory = socketDirectory;
  }

  async run(connectionString: string, statements: Statement[], begin: string | undefined): Promise<StatementResult[]> {
    const client = await this.poolFor(connectionString).connect().catch(refuseConnection);
    try {
      const results = await runBatch(client, statements, begin);
      client.release();
      return results;
    } catch (error) {
      client.release(!isRefusal(error));
      throw new Refused(describeError(error));
    }
  }

  async end(database?: string): Promise<void> {
    const ending: Promise<void>[] = [];
    for (const [connectionString, pool] of this.pools) {
      if (database !== undefined && databaseOf(connectionString) !== database) continue;
      this.pools.delete(connectionString);
      ending.push(pool.end());
    }
    await Promise.all(ending);
  }

  private poolFor(connectionString: string): pg.Pool {
    const known = this.pools.get(connectionString);
    if (known !== undefined) return known;
    const pool = new pg.Pool({
      connectionString: reachedBy(connectionString, this.socketDirectory),
      max: this.maxConnections,
      idleTimeoutMillis: 0,
      connectionTimeoutMillis: 30_000,
      keepAlive: true,
    });
    // The pool removes a broken connection, and its request gets the error. Without these listeners the 'error' events of idle
    // and busy connections would end the process.
    pool.on('error', () => {});
    pool.on('connect', (client) => client.on('error', () => {}));
    this.pools.set(connectionString, pool);
    return pool;
  }
}

function refuseConnection(error: unknown): never {
  if (error instanceof pg.DatabaseError) throw new Refused(describeRefusal(error));
  throw new Refused({ status: 503, body: { message: `The database cannot be reached: ${String(error)}` } });
}
