import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { type Answer, describeError, describeRefusal, Refused } from './answer.ts';
import { CommitRefused, isRefusal, runInTurns, type Statement, type StatementResult } from './batch.ts';
import { type Computes, databaseOf } from './pools.ts';

// What Neon's proxy does, by its source and documentation: docs/decisions/0053-neon-as-it-is.md names them.

/** The connections of PostgreSQL by the size of the compute, in CU (4 GB of memory each). */
const MAX_CONNECTIONS: Record<string, number> = { '0.25': 104, '0.5': 209, '1': 419, '2': 839, '4': 1678, '8': 3357 };
/** Of these, for Neon itself. */
const RESERVED = 7;
/** Connections that the proxy keeps open when idle, of all databases and roles of a compute. More are opened, and closed after use. */
const KEPT = 20;
const IDLE_MS = 300_000;
/** How many connections the proxy opens at once, and how long the next one waits. */
const OPENING_AT_ONCE = 100;
const OPENING_WAIT_MS = 10;
/** TCP, two for TLS, the start-up message and two of SCRAM. */
const CONNECT_HOPS = 6;

export interface NeonOptions {
  /** Size of the compute in CU. */
  size?: string;
  /** Distance between the proxy and the compute, for each of their round trips. */
  hopMs?: number;
  /** How long a suspended compute takes to wake. */
  wakeMs?: number;
  /** How long the proxy waits for it. */
  wakeLimitMs?: number;
  /** Without a statement for so long, the compute is suspended; never, when 0. */
  suspendAfterMs?: number;
}

interface Idle {
  client: pg.Client;
  timer: NodeJS.Timeout;
}

/** A compute of Neon behind its proxy for SQL over HTTP. */
export class NeonCompute implements Computes {
  private readonly idle = new Map<string, Idle[]>();
  private options: Required<NeonOptions>;
  private open = 0;
  private opening = 0;
  private isSuspended = false;
  private waking: Promise<void> | undefined;
  private lastStatement = Date.now();
  /** Connections opened since the start. */
  opened = 0;

  constructor(options: NeonOptions) {
    const standard = { size: '0.25', hopMs: 0, wakeMs: 500, wakeLimitMs: 6_000, suspendAfterMs: 300_000 };
    this.options = { ...standard, ...options };
    if (!(this.options.size in MAX_CONNECTIONS)) {
      throw new Error(`${options.size} CU is not one of ${Object.keys(MAX_CONNECTIONS).join(', ')}`);
    }
  }

  async run(connectionString: string, statements: Statement[], begin: string | undefined): Promise<StatementResult[]> {
    await this.wake();
    const client = this.take(connectionString) ?? (await this.connect(connectionString));
    let isUsable = true;
    try {
      return await runInTurns(client, statements, begin, () => this.hop());
    } catch (error) {
      // After a single statement or a commit that failed, the proxy takes its connection for broken.
      isUsable = begin !== undefined && isRefusal(error);
      throw new Refused(describeError(error instanceof CommitRefused ? error.cause : error));
    } finally {
      this.lastStatement = Date.now();
      if (isUsable) this.put(connectionString, client);
      else this.close(client);
    }
  }

  async end(database?: string): Promise<void> {
    const ending: Promise<void>[] = [];
    for (const [connectionString, waiting] of this.idle) {
      if (database !== undefined && databaseOf(connectionString) !== database) continue;
      this.idle.delete(connectionString);
      for (const { client, timer } of waiting) {
        clearTimeout(timer);
        ending.push(this.close(client));
      }
    }
    await Promise.all(ending);
  }

  /** Suspends the compute; the next statement wakes it. */
  async suspend(options: NeonOptions = {}): Promise<void> {
    this.options = { ...this.options, ...options };
    this.isSuspended = true;
    this.waking = undefined;
    await this.end();
  }

  private async wake(): Promise<void> {
    const { suspendAfterMs, wakeMs, wakeLimitMs } = this.options;
    if (!this.isSuspended && suspendAfterMs > 0 && Date.now() - this.lastStatement > suspendAfterMs)
      await this.suspend();
    if (!this.isSuspended) return;
    this.waking ??= this.awake(wakeMs);
    const limit = new AbortController();
    const late = sleep(wakeLimitMs, 'late', { signal: limit.signal }).catch(() => 'late');
    const end = await Promise.race([this.waking, late]);
    limit.abort();
    if (end === 'late') throw failure("Couldn't connect to compute node");
  }

  private awake(wakeMs: number): Promise<void> {
    const waking = sleep(wakeMs, undefined, { ref: false }).then(() => {
      // Suspended again meanwhile.
      if (this.waking !== waking) return;
      this.isSuspended = false;
      this.waking = undefined;
      this.lastStatement = Date.now();
    });
    return waking;
  }

  private async connect(connectionString: string): Promise<pg.Client> {
    if (this.opening >= OPENING_AT_ONCE) await sleep(OPENING_WAIT_MS);
    if (this.opening >= OPENING_AT_ONCE) throw failure(NO_PERMIT);
    if (this.open >= (MAX_CONNECTIONS[this.options.size] ?? 0) - RESERVED) throw new Refused(NO_SLOT);
    this.open += 1;
    this.opening += 1;
    this.opened += 1;
    const client = new pg.Client({ connectionString });
    client.on('error', () => {});
    client.once('end', () => this.drop(connectionString, client));
    try {
      for (let hops = 0; hops < CONNECT_HOPS; hops++) await this.hop();
      await client.connect();
      return client;
    } catch (error) {
      this.close(client);
      if (error instanceof pg.DatabaseError) throw new Refused(describeRefusal(error, 500));
      throw failure("Couldn't connect to compute node");
    } finally {
      this.opening -= 1;
    }
  }

  private async hop(): Promise<void> {
    if (this.options.hopMs > 0) await sleep(this.options.hopMs);
  }

  /** The connection used last, like the proxy. */
  private take(connectionString: string): pg.Client | undefined {
    const last = this.idle.get(connectionString)?.pop();
    clearTimeout(last?.timer);
    return last?.client;
  }

  private put(connectionString: string, client: pg.Client): void {
    const kept = [...this.idle.values()].reduce((sum, { length }) => sum + length, 0);
    if (kept >= KEPT || this.isSuspended) {
      this.close(client);
      return;
    }
    const waiting = this.idle.get(connectionString) ?? [];
    this.idle.set(connectionString, waiting);
    waiting.push({ client, timer: setTimeout(() => this.drop(connectionString, client), IDLE_MS).unref() });
  }

  /** Closes an idle connection. */
  private drop(connectionString: string, client: pg.Client): void {
    const waiting = this.idle.get(connectionString) ?? [];
    const at = waiting.findIndex((each) => each.client === client);
    if (at < 0) return;
    clearTimeout(waiting.splice(at, 1)[0]?.timer);
    this.close(client);
  }

  private async close(client: pg.Client): Promise<void> {
    this.open -= 1;
    await client.end().catch(() => {});
  }
}

const NO_PERMIT =
  'Failed to acquire permit to connect to the database. Too many database connection attempts are currently ongoing.';

/** PostgreSQL's refusal of a connection, as the proxy passes it on. */
const NO_SLOT: Answer = {
  status: 500,
  body: {
    message: 'remaining connection slots are reserved for roles with the SUPERUSER attribute',
    code: '53300',
    severity: 'FATAL',
  },
};

/** A failure before any statement was sent: without a code of PostgreSQL. */
const failure = (message: string): Refused => new Refused({ status: 500, body: { message, code: '', severity: '' } });
