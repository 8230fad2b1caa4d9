import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type MigrationMeta, readMigrationFiles } from 'drizzle-orm/migrator';
import pg from 'pg';
import { isContext, isGrants, readSqlFiles, type SqlFile } from './sql-files.ts';
import { REFUSE_TEMPORARY_TABLES } from './temporary-tables.ts';

export interface MigrateOptions {
  folder?: string;
  dryRun?: boolean;
  onProgress?: (line: string) => void;
}

interface Migration extends MigrationMeta {
  name: string;
}

// An arbitrary number that every run uses.
const lockKey = 7_214_001;
const defaultFolder = resolve(import.meta.dirname, '../drizzle');

/** Creates a new database in the administrator's cluster and migrates it. @returns its connection string */
export async function makeMigrated(adminUrl: string, name: string): Promise<string> {
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  await admin.query(`create database ${pg.escapeIdentifier(name)}`);
  await admin.end();
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  await migrate(url.href);
  return url.href;
}

/**
 * Brings a database up to date in one transaction: the pending migrations (tables and data), every SQL file whose checksum
 * changed, the audit triggers, the partitions of the coming months. Then rebuilds the search words in small transactions if the functions that build them changed.
 * @returns the names of the applied steps, or with `dryRun` of the pending ones
 */
export async function migrate(connectionString: string, options: MigrateOptions = {}): Promise<string[]> {
  const { folder = defaultFolder, dryRun = false, onProgress = () => {} } = options;
  const [migrations, files] = await Promise.all([readMigrations(folder), readSqlFiles()]);
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await client.query('begin');
    // Held until the commit, so that a concurrent run waits and then finds nothing to do.
    await client.query('select pg_advisory_xact_lock($1)', [lockKey]);
    await makeRecords(client);
    const work = await pendingWork(client, migrations, files);
    if (dryRun) for (const { name } of work) onProgress(`pending ${name}`);
    else if (work.length > 0) await apply(client, work, onProgress);
    if (!dryRun) {
      await client.query(REFUSE_TEMPORARY_TABLES);
      await client.query('select keep_months(name) from monthly_tables()');
    }
    await client.query(dryRun ? 'rollback' : 'commit');
    if (!dryRun) await refreshSearch(client, onProgress);
    return work.map(({ name }) => name);
  } catch (error) {
    await client.query('rollback').catch(() => {});
    throw error;
  } finally {
    await client.end();
  }
}

/** A migration or SQL file that is not applied yet. */
interface Step {
  name: string;
  statements: string[];
  /** Records that it was applied. */
  record: { query: string; values: unknown[] };
}

async function makeRecords(client: pg.Client): Promise<void> {
  await client.query(`
    create schema if not exists drizzle;
    create table if not exists drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint);
    create table if not exists drizzle.sql_files (path text primary key, checksum text not null)`);
}

/** The SQL functions that tables use, then the migrations, then the other SQL files. */
async function pendingWork(client: pg.Client, migrations: Migration[], files: SqlFile[]): Promise<Step[]> {
  const applied = await readPairs(client, 'select created_at, hash from drizzle.__drizzle_migrations');
  refuseForeign(migrations, applied);
  const known = await readPairs(client, 'select path, checksum from drizzle.sql_files');
  const pending = migrations.filter(({ folderMillis }) => !applied.has(String(folderMillis)));
  // A migration may add a table, which the grants for "all tables" must then include.
  const isStale = (file: SqlFile) => isGrants(file) && pending.length > 0;
  const changed = files.filter((file) => known.get(file.path) !== file.checksum || isStale(file));
  return [
    ...changed.filter(isContext).map(stepOfFile),
    ...pending.map(stepOfMigration),
    ...changed.filter((file) => !isContext(file)).map(stepOfFile),
  ];
}

const stepOfMigration = ({ name, sql, hash, folderMillis }: Migration): Step => ({
  name,
  statements: sql,
  record: {
    query: 'insert into drizzle.__drizzle_migrations (hash, created_at) values ($1, $2)',
    values: [hash, folderMillis],
  },
});

const stepOfFile = ({ path, text, checksum }: SqlFile): Step => ({
  name: path,
  statements: [text],
  record: {
    query: `insert into drizzle.sql_files (path, checksum) values ($1, $2)
            on conflict (path) do update set checksum = excluded.checksum`,
    values: [path, checksum],
  },
});

async function apply(client: pg.Client, work: Step[], onProgress: (line: string) => void): Promise<void> {
  // A function may use a function or a table that is created later.
  await client.query('set local check_function_bodies = off');
  for (const { name, statements, record } of work) {
    try {
      for (const statement of statements) await client.query(statement);
      await client.query(record.query, record.values);
    } catch (error) {
      throw new Error(`${name} failed: ${(error as Error).message}`, { cause: error });
    }
    onProgress(`applied ${name}`);
  }
  await client.query('select rebuild_audit_triggers()');
}

/** A list of all products at once would hold their rows for a minute when there are 100,000. */
async function refreshSearch(client: pg.Client, onProgress: (line: string) => void): Promise<void> {
  const next = async (after: number): Promise<number | null> => {
    const { rows } = await client.query<{ last: number | null }>('select refresh_search($1) as last', [after]);
    return rows[0]?.last ?? null;
  };
  let calls = 0;
  for (let last = await next(0); last !== null; last = await next(last)) {
    onProgress(`listed products for search up to ${last}`);
    // Frees the former versions of the rows for those that follow: the table would keep their room, and searches read its pages.
    if (++calls % 10 === 0) await client.query('vacuum product_search');
  }
}

async function readMigrations(folder: string): Promise<Migration[]> {
  const journal = JSON.parse(await readFile(resolve(folder, 'meta/_journal.json'), 'utf8'));
  const names = (journal.entries as { tag: string }[]).map(({ tag }) => tag);
  return readMigrationFiles({ migrationsFolder: folder }).map((migration, index) => ({
    ...migration,
    name: names[index] ?? String(migration.folderMillis),
  }));
}

/** Reads two text columns as a map from the first to the second. */
async function readPairs(client: pg.Client, query: string): Promise<Map<string, string>> {
  const { rows } = await client.query({ text: query, rowMode: 'array' });
  return new Map(rows.map(([key, value]) => [String(key), String(value)]));
}

function refuseForeign(migrations: Migration[], applied: Map<string, string>): void {
  const known = new Map(migrations.map((migration) => [String(migration.folderMillis), migration]));
  const baseline = migrations[0]?.folderMillis ?? 0;
  for (const [time, hash] of applied) {
    const migration = known.get(time);
    if (migration === undefined && Number(time) < baseline) {
      throw new Error(
        'The database was made by migrations that 0000_baseline has replaced. Start with a new database; for development: npm run dev -- --fresh',
      );
    }
    if (migration === undefined) {
      throw new Error('The database is ahead of this code: it has a migration that the drizzle folder does not.');
    }
    if (migration.hash !== hash) {
      throw new Error(`Migration ${migration.name} was changed after it had been applied to this database.`);
    }
  }
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { 'dry-run': { type: 'boolean', default: false } } });
  const connectionString = process.env.MIGRATION_DATABASE_URL;
  try {
    if (!connectionString) throw new Error('Set MIGRATION_DATABASE_URL to the owner of the database.');
    const names = await migrate(connectionString, {
      dryRun: values['dry-run'],
      onProgress: (line) => console.log(line),
    });
    if (names.length === 0) console.log('The database is up to date.');
  } catch (error) {
    console.error((error as Error).message || String(error));
    process.exitCode = 1;
  }
}
