import pg from 'pg';

export interface Statement {
  query: string;
  params?: unknown[];
}

export interface StatementResult {
  fields: { name: string; dataTypeID: number }[];
  rows: (string | null)[][];
  command: string;
  rowCount: number | null;
}

/** The part of pg's wire connection that a submitted query writes to. */
interface WireConnection {
  stream: { cork(): void; uncork(): void };
  parse(message: { text: string; name?: string }): void;
  bind(message: { values: (string | null)[] }): void;
  describe(message: { type: 'P'; name: string }): void;
  execute(message: { rows?: number }): void;
  sync(): void;
}

const isolationLevels: Record<string, string> = {
  ReadUncommitted: 'read uncommitted',
  ReadCommitted: 'read committed',
  RepeatableRead: 'repeatable read',
  Serializable: 'serializable',
};

export interface TransactionModes {
  isolationLevel?: string | undefined;
  readOnly?: boolean;
  deferrable?: boolean;
}

export function beginStatement({ isolationLevel, readOnly, deferrable }: TransactionModes): string {
  const modes: string[] = [];
  if (isolationLevel !== undefined) {
    const level = isolationLevels[isolationLevel];
    if (level === undefined) throw new Error(`Unknown isolation level ${isolationLevel}`);
    modes.push(`isolation level ${level}`);
  }
  if (readOnly) modes.push('read only');
  if (deferrable) modes.push('deferrable');
  return `begin ${modes.join(' ')}`;
}

/**
 * Writes a whole batch to PostgreSQL at once: begin, every statement and commit, then a single Sync. After an error the server
 * skips everything up to the Sync, including the commit, so sending ahead is safe. Values are sent as raw text.
 */
class Pipeline {
  readonly results: StatementResult[] = [];
  private readonly statements: Statement[];
  private readonly begin: string | undefined;
  private readonly settle: (error: Error | undefined) => void;
  private open: StatementResult = emptyResult();
  private beginPending: boolean;

  constructor(statements: Statement[], begin: string | undefined, settle: (error: Error | undefined) => void) {
    this.statements = statements;
    this.begin = begin;
    this.beginPending = begin !== undefined;
    this.settle = settle;
  }

  submit(connection: WireConnection): void {
    connection.stream.cork();
    try {
      if (this.begin !== undefined) sendPlain(connection, this.begin);
      for (const { query, params } of this.statements) {
        connection.parse({ text: query });
        connection.bind({ values: (params ?? []).map(toText) });
        connection.describe({ type: 'P', name: '' });
        connection.execute({});
      }
      if (this.begin !== undefined) sendPlain(connection, 'commit');
      connection.sync();
    } finally {
      connection.stream.uncork();
    }
  }

  handleRowDescription(message: { fields: { name: string; dataTypeID: number }[] }): void {
    this.open.fields = message.fields.map(({ name, dataTypeID }) => ({ name, dataTypeID }));
  }

  handleDataRow(message: { fields: (string | null)[] }): void {
    this.open.rows.push(message.fields);
  }

  handleCommandComplete(message: { text: string }): void {
    if (this.beginPending) {
      this.beginPending = false;
      return;
    }
    const words = message.text.split(' ');
    const count = Number(words.at(-1));
    this.open.command = words[0] ?? '';
    this.open.rowCount = words.length > 1 && Number.isInteger(count) ? count : null;
    this.finishStatement();
  }

  handleEmptyQuery(): void {
    this.finishStatement();
  }

  handleError(error: Error): void {
    this.settle(error);
  }

  handleReadyForQuery(): void {
    this.settle(undefined);
  }

  private finishStatement(): void {
    if (this.results.length < this.statements.length) this.results.push(this.open);
    this.open = emptyResult();
  }
}

const send = (client: pg.ClientBase, statements: Statement[], begin?: string): Promise<StatementResult[]> =>
  new Promise((resolve, reject) => {
    const pipeline = new Pipeline(statements, begin, (error) => (error ? reject(error) : resolve(pipeline.results)));
    client.query(pipeline as unknown as pg.Submittable);
  });

/** Runs the statements on the client, as one transaction when `begin` is given. Rejects with pg's error. */
export async function runBatch(
  client: pg.ClientBase,
  statements: Statement[],
  begin: string | undefined,
): Promise<StatementResult[]> {
  try {
    return await send(client, statements, begin);
  } catch (error) {
    // The error may come from COMMIT itself; the ROLLBACK then has nothing to roll back and only causes a warning.
    if (begin !== undefined && isRefusal(error)) await client.query('rollback');
    throw error;
  }
}

/** A commit that PostgreSQL refused, by a deferred constraint. */
export class CommitRefused extends Error {}

/** As `runBatch`, but each statement waits for the answer to the one before. `turn` is called before each of these round trips. */
export async function runInTurns(
  client: pg.ClientBase,
  statements: Statement[],
  begin: string | undefined,
  turn: () => Promise<void>,
): Promise<StatementResult[]> {
  const results: StatementResult[] = [];
  if (begin !== undefined) {
    await turn();
    await client.query(begin);
  }
  try {
    for (const statement of statements) {
      await turn();
      results.push(...(await send(client, [statement])));
    }
  } catch (error) {
    if (begin === undefined || !isRefusal(error)) throw error;
    await turn();
    await client.query('rollback');
    throw error;
  }
  if (begin !== undefined) {
    await turn();
    await client.query('commit').catch((cause) => {
      throw new CommitRefused('commit', { cause });
    });
  }
  return results;
}

/** Whether PostgreSQL only rejected the statement; after a FATAL error it closes the connection. */
export function isRefusal(error: unknown): error is pg.DatabaseError {
  return error instanceof pg.DatabaseError && error.severity === 'ERROR';
}

function sendPlain(connection: WireConnection, text: string): void {
  connection.parse({ text });
  connection.bind({ values: [] });
  connection.execute({});
}

function toText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function emptyResult(): StatementResult {
  return { fields: [], rows: [], command: '', rowCount: null };
}
