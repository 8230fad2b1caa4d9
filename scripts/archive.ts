/**
 * Takes old months away from a table that is partitioned by month: detaches each, writes it to a compressed file, counts what the file holds,
 * and with `--drop` drops it. Without `--run` it only tells what it would do. A run that was cut off is repeated: it goes on where it stopped.
 */
import { createReadStream, createWriteStream } from 'node:fs';
import { access, mkdir, open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { createGunzip, createGzip } from 'node:zlib';
import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';

export interface ArchiveOptions {
  table: string;
  /** The first month that stays, as 2025-01. */
  before: string;
  /** The directory of the files. */
  to: string;
  run?: boolean;
  drop?: boolean;
  onProgress?: (line: string) => void;
}

interface Month {
  name: string;
  state: 'attached' | 'being detached' | 'detached';
  rows: number;
}

/** Months that stay at least: what the shop's own lists and figures reach back to. */
const LEAST_MONTHS = 12;

/** @returns the names of the months that are archived, or would be */
export async function archive(connectionString: string, options: ArchiveOptions): Promise<string[]> {
  const { table, before, to, run = false, drop = false, onProgress = () => {} } = options;
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await refuseUnfit(client, table, before);
    const months = await monthsBefore(client, table, before);
    for (const month of months) {
      onProgress(`${month.name}: ${month.state}, ${month.rows} rows`);
      if (!run) continue;
      await detach(client, table, month);
      const file = await writeMonth(client, to, month);
      onProgress(`${month.name}: in ${file}`);
      if (drop) {
        await dropMonth(client, month, file);
        onProgress(`${month.name}: dropped`);
      }
    }
    return months.map(({ name }) => name);
  } finally {
    await client.end();
  }
}

async function refuseUnfit(client: pg.Client, table: string, before: string): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    'select name from monthly_tables() where kept is null order by name',
  );
  const names = rows.map(({ name }) => name);
  if (!names.includes(table)) throw new Error(`--table must be one of ${names.join(', ')}.`);
  if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(before)) throw new Error('--before must be a month, as 2025-01.');
  const { rows: limits } = await client.query<{ latest: string }>(
    `select to_char(date_trunc('month', now() at time zone 'UTC') - make_interval(months => $1), 'YYYY-MM') as latest`,
    [LEAST_MONTHS],
  );
  const latest = limits[0]?.latest ?? '';
  if (before > latest) throw new Error(`The last ${LEAST_MONTHS} months stay: --before may be ${latest} at most.`);
}

/** Also those that an earlier run has detached and not dropped. */
async function monthsBefore(client: pg.Client, table: string, before: string): Promise<Month[]> {
  const { rows } = await client.query<Omit<Month, 'rows'>>(
    `select c.relname as name,
       case when i.inhrelid is null then 'detached' when i.inhdetachpending then 'being detached' else 'attached' end as state
     from pg_class c left join pg_inherits i on i.inhrelid = c.oid
     where c.relnamespace = 'months'::regnamespace and c.relkind = 'r'
       and c.relname ~ ('^' || $1 || '_\\d{4}_\\d{2}$') and right(c.relname, 7) < $2
     order by 1`,
    [table, before.replace('-', '_')],
  );
  const months: Month[] = [];
  for (const month of rows) months.push({ ...month, rows: await rowsOf(client, month.name) });
  return months;
}

const relation = (name: string): string => `months.${pg.escapeIdentifier(name)}`;

async function rowsOf(client: pg.Client, name: string): Promise<number> {
  const { rows } = await client.query<{ count: string }>(`select count(*) from ${relation(name)}`);
  return Number(rows[0]?.count);
}

/** Concurrently: it waits for transactions that read the table, and nobody waits for it. */
async function detach(client: pg.Client, table: string, { name, state }: Month): Promise<void> {
  if (state === 'detached') return;
  const how = state === 'attached' ? 'concurrently' : 'finalize';
  await client.query(`alter table public.${pg.escapeIdentifier(table)} detach partition ${relation(name)} ${how}`);
}

/** Writes the file under another name until it is complete and safe on the disk. @returns its path */
async function writeMonth(client: pg.Client, directory: string, { name }: Month): Promise<string> {
  const file = join(directory, `${name}.copy.gz`);
  const isThere = await access(file).then(
    () => true,
    () => false,
  );
  if (!isThere) {
    await mkdir(directory, { recursive: true });
    const partial = `${file}.partial`;
    const rows = client.query(copyTo(`copy ${relation(name)} to stdout with (header)`));
    await pipeline(rows, createGzip(), createWriteStream(partial, { mode: 0o600 }));
    const handle = await open(partial, 'r+');
    await handle.sync();
    await handle.close();
    await rename(partial, file);
  }
  await compare(client, name, file);
  return file;
}

/** @throws Error when file and table differ in their number of rows */
async function compare(client: pg.Client, name: string, file: string): Promise<void> {
  const [inTable, inFile] = [await rowsOf(client, name), await rowsIn(file)];
  if (inTable !== inFile) {
    throw new Error(`${file} has ${inFile} rows and ${name} ${inTable}: move the file away and run this again.`);
  }
}

/** A row of COPY's text format is one line; the first line names the columns. */
async function rowsIn(file: string): Promise<number> {
  let lines = 0;
  await pipeline(createReadStream(file), createGunzip(), async (chunks: AsyncIterable<Buffer>) => {
    for await (const chunk of chunks) for (const byte of chunk) if (byte === 10) lines += 1;
  });
  return lines - 1;
}

async function dropMonth(client: pg.Client, { name }: Month, file: string): Promise<void> {
  await client.query('begin');
  try {
    await client.query(`lock table ${relation(name)} in access exclusive mode`);
    await compare(client, name, file);
    await client.query(`drop table ${relation(name)}`);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw error;
  }
}

if (import.meta.main) {
  try {
    const { values } = parseArgs({
      options: {
        table: { type: 'string' },
        before: { type: 'string' },
        to: { type: 'string', default: 'archive' },
        run: { type: 'boolean', default: false },
        drop: { type: 'boolean', default: false },
      },
    });
    const { table = '', before = '', to, run, drop } = values;
    const connectionString = process.env.MIGRATION_DATABASE_URL;
    if (!connectionString) throw new Error('Set MIGRATION_DATABASE_URL to the owner of the database.');
    const onProgress = (line: string) => console.log(line);
    const months = await archive(connectionString, { table, before, to, run, drop, onProgress });
    if (months.length === 0) console.log('There is no such month.');
    else if (!run) console.log('Nothing was changed: --run does it.');
  } catch (error) {
    console.error((error as Error).message || String(error));
    process.exitCode = 1;
  }
}
