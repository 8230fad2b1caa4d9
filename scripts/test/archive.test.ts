import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { after, before, describe, it } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { archive } from '../archive.ts';
import { makeMigrated } from '../migrate.ts';
import { type Postgres, startPostgres } from '../postgres.ts';

describe('archive', () => {
  let postgres: Postgres;
  let directory: string;
  let made = 0;
  before(async () => {
    postgres = await startPostgres();
    directory = await mkdtemp(join(tmpdir(), 'mami-archive-'));
  });
  after(async () => {
    await postgres.stop();
    await rm(directory, { recursive: true });
  });

  /** An audit log with rows in two months of 2020, and its archive. */
  async function shop() {
    made += 1;
    const url = await makeMigrated(postgres.connectionString, `archived_${made}`);
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query(`select make_months('audit_log', '2020-01-01Z', 6)`);
    await client.query(
      `insert into audit_log (entity_type, action, new_value, created_at)
       select 'old', 'n' || n, jsonb_build_object('text', E'a\\tb\\nc\\\\d שלום'), '2020-01-31 23:59Z'::timestamptz + n * interval '1 minute'
       from generate_series(-1, 3) n`,
    );
    const to = join(directory, String(made));
    const ask = async (text: string) => (await client.query(text)).rows;
    const options = { table: 'audit_log', before: '2020-03', to };
    return { url, client, ask, to, options, close: () => client.end() };
  }
  const count = `select count(*)::int as rows from audit_log where entity_type = 'old'`;
  const MONTHS = ['audit_log_2020_01', 'audit_log_2020_02'];

  it('only tells what it would do, unless it is told to run', async () => {
    const { url, ask, options, close } = await shop();
    const lines: string[] = [];
    assert.deepEqual(await archive(url, { ...options, drop: true, onProgress: (line) => lines.push(line) }), MONTHS);
    assert.deepEqual(lines, ['audit_log_2020_01: attached, 2 rows', 'audit_log_2020_02: attached, 3 rows']);
    assert.deepEqual(await ask(count), [{ rows: 5 }]);
    await close();
  });

  it('detaches, writes and drops; the files hold every row as it was', async () => {
    const { url, client, ask, to, options, close } = await shop();
    const all = await ask(`select * from audit_log where entity_type = 'old' order by id`);
    await archive(url, { ...options, run: true, drop: true });
    assert.deepEqual(await ask(count), [{ rows: 0 }]);
    assert.deepEqual(await ask(`select to_regclass('months.audit_log_2020_01') as gone`), [{ gone: null }]);
    await client.query('create table restored (like audit_log including defaults)');
    for (const month of MONTHS) {
      const text = gunzipSync(await readFile(join(to, `${month}.copy.gz`)));
      const into = client.query(copyFrom('copy restored from stdin with (header match)'));
      await pipeline(Readable.from([text]), into);
    }
    assert.deepEqual(await ask('select * from restored order by id'), all);
    assert.deepEqual(await archive(url, { ...options, run: true }), []);
    await close();
  });

  it('goes on where a run was cut off', async () => {
    const { url, ask, to, options, close } = await shop();
    await archive(url, { ...options, before: '2020-02', run: true });
    // Detached, and its file not complete.
    await ask('alter table audit_log detach partition months.audit_log_2020_02');
    await writeFile(join(to, 'audit_log_2020_02.copy.gz.partial'), 'half a file');
    const lines: string[] = [];
    await archive(url, { ...options, run: true, drop: true, onProgress: (line) => lines.push(line) });
    assert.equal(lines[0], 'audit_log_2020_01: detached, 2 rows');
    assert.deepEqual(
      (await readdir(to)).sort(),
      MONTHS.map((month) => `${month}.copy.gz`),
    );
    assert.deepEqual(await ask(`select to_regclass('months.audit_log_2020_02') as gone`), [{ gone: null }]);
    await close();
  });

  it('finishes a detachment that was cut off', async () => {
    const { url, client, ask, options, close } = await shop();
    const reader = new pg.Client({ connectionString: url });
    await reader.connect();
    await reader.query('begin');
    await reader.query(count);
    const [{ pid }] = await ask('select pg_backend_pid() as pid');
    const detaching = client.query('alter table audit_log detach partition months.audit_log_2020_01 concurrently');
    const isRefused = assert.rejects(detaching, /canceling statement/);
    // Its first half is done when others see that it is pending; the second one waits for the reader.
    const pending = `select from pg_inherits where inhdetachpending`;
    while ((await reader.query(pending)).rowCount === 0);
    await reader.query('select pg_cancel_backend($1)', [pid]);
    await isRefused;
    await reader.query('commit');
    await reader.end();
    const lines: string[] = [];
    await archive(url, { ...options, before: '2020-02', run: true, onProgress: (line) => lines.push(line) });
    assert.equal(lines[0], 'audit_log_2020_01: being detached, 2 rows');
    assert.deepEqual(await ask(count), [{ rows: 3 }]);
    await close();
  });

  it('drops nothing whose file is another one', async () => {
    const { url, ask, to, options, close } = await shop();
    await archive(url, { ...options, run: true });
    await writeFile(join(to, 'audit_log_2020_01.copy.gz'), gzipSync('header\nonly one row\n'));
    await assert.rejects(archive(url, { ...options, run: true, drop: true }), /has 1 rows and audit_log_2020_01 2/);
    assert.deepEqual(await ask('select count(*)::int as rows from months.audit_log_2020_01'), [{ rows: 2 }]);
    await close();
  });

  it('refuses tables and months that it is not for', async () => {
    const { url, options, close } = await shop();
    await assert.rejects(archive(url, { ...options, table: 'orders' }), /--table must be one of audit_log/);
    await assert.rejects(archive(url, { ...options, table: 'events' }), /--table must be one of/);
    await assert.rejects(archive(url, { ...options, before: '2025' }), /must be a month/);
    await assert.rejects(archive(url, { ...options, before: '2099-01' }), /The last 12 months stay/);
    await close();
  });
});
