import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type MigrationMeta, readMigrationFiles } from 'drizzle-orm/migrator';
import pg from 'pg';

export interface MigrateOptions {
  folder?: string;
  dryRun?: boolean;
  onProgress?: (line: string) => void;
}

interface Migration extends MigrationMeta {
  name: string;
}

// Any number will do, as long as every run takes the same one.
const lockKey = 7_214_001;
const defaultFolder = resolve(import.meta.dirname, '../drizzle');

/** Makes a new database in the administrator's cluster and migrates it. @returns its connection string */
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

/** Applies the pending migrations, each in a transaction of its own, and answers their names. */
export async function migrate(connectionString: string, options: MigrateOptions = {}): Promise<string[]> {
  const { folder = defaultFolder, dryRun = false, onProgress = () => {} } = options;
  const migrations = await readMigrations(folder);
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    const applied = await readApplied(client);
    refuseForeign(migrations, applied);
    const pending = migrations.filter(({ folderMillis }) => !applied.has(folderMillis));
    for (const migration of pending) {
      if (dryRun) onProgress(`pending ${migration.name}`);
      else await apply(client, migration, onProgress);
    }
    return pending.map(({ name }) => name);
  } finally {
    await client.end();
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

/** The hash of each applied migration, by its time stamp; empty on a database that never saw one. */
async function readApplied(client: pg.Client): Promise<Map<number, string>> {
  const exists = await client.query(`select to_regclass('drizzle.__drizzle_migrations') is not null as known`);
  if (!exists.rows[0].known) return new Map();
  const { rows } = await client.query('select created_at, hash from drizzle.__drizzle_migrations');
  return new Map(rows.map(({ created_at, hash }) => [Number(created_at), String(hash)]));
}

function refuseForeign(migrations: Migration[], applied: Map<number, string>): void {
  const known = new Map(migrations.map((migration) => [migration.folderMillis, migration]));
  for (const [time, hash] of applied) {
    const migration = known.get(time);
    if (migration === undefined) {
      throw new Error('The database is ahead of this code: it has a migration that the drizzle folder does not.');
    }
    if (migration.hash !== hash) {
      throw new Error(`Migration ${migration.name} was changed after it had been applied to this database.`);
    }
  }
}

async function apply(client: pg.Client, migration: Migration, onProgress: (line: string) => void): Promise<void> {
  const startedAt = performance.now();
  await client.query('begin');
  try {
    // Held to the end of the transaction, so that of two runs at once the second finds the work done.
    await client.query('select pg_advisory_xact_lock($1)', [lockKey]);
    await client.query('create schema if not exists drizzle');
    await client.query(
      'create table if not exists drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint)',
    );
    if ((await readApplied(client)).has(migration.folderMillis)) {
      await client.query('rollback');
      return;
    }
    for (const statement of migration.sql) await client.query(statement);
    const record = 'insert into drizzle.__drizzle_migrations (hash, created_at) values ($1, $2)';
    await client.query(record, [migration.hash, migration.folderMillis]);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => {});
    throw new Error(`Migration ${migration.name} failed: ${(error as Error).message}`, { cause: error });
  }
  onProgress(`applied ${migration.name} in ${Math.round(performance.now() - startedAt)} ms`);
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
