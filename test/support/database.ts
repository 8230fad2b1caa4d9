import { inject } from 'vitest';
import { REFUSE_TEMPORARY_TABLES } from '../../scripts/temporary-tables.ts';

/** How requests to the database go wrong: after `skip` good ones, `times` of them fail (all, when left out). */
export interface Fault {
  mode: 'error' | 'drop' | 'hang';
  /** `after`: the work is done, its answer is lost. */
  when?: 'before' | 'after';
  status?: number;
  /** How long it hangs before it fails. */
  ms?: number;
  skip?: number;
  times?: number;
}

export function onDatabase(connectionString: string, database: string): string {
  const url = new URL(connectionString);
  url.pathname = `/${database}`;
  return url.href;
}

const cloned: { database: string; checked: boolean }[] = [];

/** `checked`: its invariants must hold after the file's last test. */
export async function cloneDatabase({ checked = true } = {}): Promise<string> {
  const template = new URL(inject('ownerUrl')).pathname.slice(1);
  const { database } = (await control('POST', '/databases', { template })) as { database: string };
  cloned.push({ database, checked });
  await runTransaction(onDatabase(inject('ownerUrl'), database), [
    REFUSE_TEMPORARY_TABLES,
    // A race on a machine that stalls may wait longer than a customer would.
    `alter role mami_app in database "${database}" set statement_timeout = '55s'`,
    `alter role mami_app in database "${database}" set lock_timeout = '50s'`,
  ]);
  return database;
}

export const checkedDatabases = (): string[] => cloned.filter((one) => one.checked).map((one) => one.database);

export async function dropDatabases(): Promise<void> {
  await Promise.all(cloned.splice(0).map(({ database }) => control('DELETE', `/databases?database=${database}`)));
}

export async function setFault(database: string, fault: Fault | null): Promise<void> {
  await control('POST', `/fault?database=${database}`, fault ?? {});
}

async function control(method: string, path: string, body?: unknown): Promise<unknown> {
  const url = inject('gatewayControlUrl') + path;
  const response = await fetch(url, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  const answer = await response.json();
  if (!response.ok) throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`);
  return answer;
}

/** Asks a database directly, as its owner. */
export const ownerSql = <T>(database: string, query: string, params: unknown[] = []): Promise<T[]> =>
  runSql(onDatabase(inject('ownerUrl'), database), query, params) as Promise<T[]>;

export async function runSql(connectionString: string, query: string, params: unknown[]): Promise<unknown[]> {
  const response = await fetch(inject('gatewayUrl'), {
    method: 'POST',
    headers: { 'neon-connection-string': connectionString, 'neon-array-mode': 'true' },
    body: JSON.stringify({ query, params: params.map(toParameter) }),
  });
  const answer = (await response.json()) as any;
  if (!response.ok) throw Object.assign(new Error(`${answer.message} in: ${query}`), answer);
  const fields = answer.fields as { name: string; dataTypeID: number }[];
  const rows = answer.rows as (string | null)[][];
  return rows.map((row) =>
    Object.fromEntries(fields.map(({ name, dataTypeID }, index) => [name, fromText(row[index] ?? null, dataTypeID)])),
  );
}

/** Runs statements without parameters as one transaction, as the role of the connection string; answers the rows of the last. */
export async function runTransaction(connectionString: string, statements: string[]): Promise<unknown[]> {
  const response = await fetch(inject('gatewayUrl'), {
    method: 'POST',
    headers: { 'neon-connection-string': connectionString, 'neon-array-mode': 'true' },
    body: JSON.stringify({ queries: statements.map((query) => ({ query, params: [] })) }),
  });
  const answer = (await response.json()) as any;
  if (!response.ok) throw Object.assign(new Error(answer.message), answer);
  return answer.results.at(-1).rows;
}

function toParameter(value: unknown): unknown {
  if (Array.isArray(value)) return `{${value.map((item) => JSON.stringify(String(item))).join(',')}}`;
  if (value instanceof Date) return value.toISOString();
  return value;
}

const integerTypes = [20, 21, 23, 26];
const floatTypes = [700, 701];
const jsonTypes = [114, 3802];

function fromText(text: string | null, type: number): unknown {
  if (text === null) return null;
  if (integerTypes.includes(type) || floatTypes.includes(type)) return Number(text);
  if (type === 16) return text === 't';
  return jsonTypes.includes(type) ? JSON.parse(text) : text;
}
