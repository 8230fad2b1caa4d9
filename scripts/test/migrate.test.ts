import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import pg from 'pg';
import { makeMigrated, migrate } from '../migrate.ts';
import { type Postgres, startPostgres } from '../postgres.ts';
import { dumpSchema } from '../schema-dump.ts';
import { isContext, readSqlFiles } from '../sql-files.ts';

describe('migrate', () => {
  let postgres: Postgres;
  let made = 0;
  before(async () => {
    postgres = await startPostgres();
  });
  after(() => postgres.stop());

  const database = async () => {
    made += 1;
    return makeMigrated(postgres.connectionString, `migrated_${made}`);
  };
  const ask = async (url: string, query: string) => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      return (await client.query(query)).rows;
    } finally {
      await client.end();
    }
  };

  it('has nothing to do the second time', async () => {
    assert.deepEqual(await migrate(await database()), []);
  });

  it('applies a function file again once its text has changed, and nothing else', async () => {
    const url = await database();
    await ask(url, `update drizzle.sql_files set checksum = 'of an older text' where path like '%/place_order.sql'`);
    await ask(
      url,
      `create or replace function price_band(p_price numeric) returns integer language sql immutable as 'select 0'`,
    );
    assert.deepEqual(await migrate(url), ['features/checkout/sql/place_order.sql']);
  });

  it('only tells what it would do in a dry run', async () => {
    const url = await database();
    await ask(url, `update drizzle.sql_files set checksum = 'of an older text' where path like '%/guard.sql'`);
    const lines: string[] = [];
    const names = await migrate(url, { dryRun: true, onProgress: (line) => lines.push(line) });
    assert.deepEqual([names, lines], [['db/sql/context/guard.sql'], ['pending db/sql/context/guard.sql']]);
    assert.deepEqual(await migrate(url), ['db/sql/context/guard.sql']);
  });

  it('does its work once when two runs begin together', async () => {
    const url = await database();
    await ask(url, `update drizzle.sql_files set checksum = 'of an older text'`);
    const [one = [], other = []] = await Promise.all([migrate(url), migrate(url)]);
    assert.equal(Math.min(one.length, other.length), 0);
  });

  it('refuses a database of the numbering before the baseline, and says what to do', async () => {
    const url = await database();
    await ask(url, `insert into drizzle.__drizzle_migrations (hash, created_at) values ('old', 1700000000000)`);
    await assert.rejects(migrate(url), /0000_baseline has replaced.*npm run dev -- --fresh/);
  });

  it('refuses a database that is ahead of the code', async () => {
    const url = await database();
    await ask(url, `insert into drizzle.__drizzle_migrations (hash, created_at) values ('new', 4000000000000)`);
    await assert.rejects(migrate(url), /ahead of this code/);
  });

  it('makes the words of search anew once the functions that make them have changed', async () => {
    const url = await database();
    await ask(
      url,
      `with category as (insert into categories (name) values ('Drinks') returning id)
       insert into products (name, sku, price, category_id) select 'Coca-Cola', 'COLA-1', 5, id from category`,
    );
    await ask(
      url,
      `update product_search set document = ''; update search_state set functions_hash = 'of older functions'`,
    );
    await ask(url, `update drizzle.sql_files set checksum = 'of an older text' where path like '%/fold_text.sql'`);
    await migrate(url);
    const found = await ask(url, `select title from product_search where document @@ 'cocacola'::tsquery`);
    assert.deepEqual(found, [{ title: 'coca-cola' }]);
  });

  it('goes on with the words of search where a run was cut off', async () => {
    const url = await database();
    await ask(
      url,
      `with category as (insert into categories (name) values ('Drinks') returning id)
       insert into products (name, sku, price, category_id)
         select 'Coca-Cola ' || n, 'COLA-' || n, 5, id from category, generate_series(1, 1500) n`,
    );
    await ask(
      url,
      `update product_search set document = ''; update search_state set functions_hash = 'of older functions'`,
    );
    await ask(url, 'select refresh_search(0)');
    const unlisted = `select count(*)::integer as left from product_search where document = ''`;
    assert.deepEqual(await ask(url, unlisted), [{ left: 500 }]);
    assert.deepEqual(await migrate(url), []);
    assert.deepEqual(await ask(url, unlisted), [{ left: 0 }]);
  });

  it('refuses temporary tables, also where the database was restored without that', async () => {
    const url = await database();
    await ask(
      url,
      `do $$ begin execute format('grant temporary on database %I to public', current_database()); end $$`,
    );
    await migrate(url);
    const [row] = await ask(url, `select has_database_privilege('mami_app', current_database(), 'temporary') as may`);
    assert.deepEqual(row, { may: false });
  });

  /** A database as the migrations before this one left it: tables and data, without the functions of today. */
  const databaseBefore = async (name: string) => {
    const admin = new pg.Client({ connectionString: postgres.connectionString });
    await admin.connect();
    made += 1;
    await admin.query(`create database migrated_${made}`);
    await admin.end();
    const url = new URL(postgres.connectionString);
    url.pathname = `/migrated_${made}`;
    const folder = resolve(import.meta.dirname, '../../drizzle');
    const migrations = readMigrationFiles({ migrationsFolder: folder });
    const { entries } = JSON.parse(await readFile(resolve(folder, 'meta/_journal.json'), 'utf8'));
    const number = entries.findIndex(({ tag }: { tag: string }) => tag.endsWith(name));
    const client = new pg.Client({ connectionString: url.href });
    await client.connect();
    await client.query(`create schema drizzle; set check_function_bodies = off;
      create table drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint)`);
    for (const { text } of (await readSqlFiles()).filter(isContext)) await client.query(text);
    for (const { sql, hash, folderMillis } of migrations.slice(0, number)) {
      for (const statement of sql) await client.query(statement);
      await client.query('insert into drizzle.__drizzle_migrations (hash, created_at) values ($1, $2)', [
        hash,
        folderMillis,
      ]);
    }
    await client.end();
    return url.href;
  };

  it('moves what grows for ever into months: every row, its number, its constraints and triggers', async () => {
    const url = await databaseBefore('_months');
    await ask(
      url,
      `insert into users (id, email, password_hash, full_name) values (1, 'dana@example.com', '', 'Dana');
       insert into branches (id, name, address) values (1, 'Center', 'Main 1');
       insert into categories (id, name) values (1, 'Dairy');
       insert into products (id, name, sku, price, category_id) values (1, 'Milk', 'MILK', 5, 1);
       insert into inventory (id, product_id, branch_id, on_hand) values (1, 1, 1, 6);
       insert into orders (id, order_number, user_id, fulfillment_type, branch_id, goods_total, total_amount, currency, units_ordered,
           window_start, window_end) values (1, 'MS-1', 1, 'PICKUP', 1, 5, 5, 'ILS', 1, now(), now() + interval '1 hour');
       insert into audit_log (entity_type, action, created_at) select 'test', 'n' || n, '2026-01-15Z'::timestamptz + n * interval '1 month'
         from generate_series(0, 3) n;
       insert into stock_movements (inventory_id, delta, reason, created_at)
         values (1, 4, 'INITIAL', '2026-01-31 23:59:59Z'), (1, 2, 'COUNT', '2026-02-01Z');
       insert into order_events (order_id, status, at) values (1, 'CREATED', '2026-03-01Z');
       insert into notifications (user_id, type, order_id, created_at) values (1, 'ORDER_STATUS', 1, '2026-03-01Z');
       insert into events (type, entity_type, entity_id, version, data, created_at) values ('product.updated', 'product', 1, 1, '{}', '2026-03-01Z')`,
    );
    await migrate(url);
    const months = await ask(
      url,
      `select tableoid::regclass::text as month, count(*)::int as rows from (
         select tableoid from audit_log where entity_type = 'test' union all select tableoid from stock_movements
         union all select tableoid from order_events union all select tableoid from notifications) r group by 1 order by 1`,
    );
    assert.deepEqual(months, [
      ...['01', '02', '03', '04'].map((month) => ({ month: `months.audit_log_2026_${month}`, rows: 1 })),
      { month: 'months.notifications_2026_03', rows: 1 },
      { month: 'months.order_events_2026_03', rows: 1 },
      { month: 'months.stock_movements_2026_01', rows: 1 },
      { month: 'months.stock_movements_2026_02', rows: 1 },
    ]);
    const [next] = await ask(
      url,
      `insert into stock_movements (inventory_id, delta, reason) values (1, 3, 'COUNT') returning id::int`,
    );
    assert.deepEqual(next, { id: 3 });
    assert.deepEqual(await ask(url, 'select on_hand from inventory'), [{ on_hand: 9 }]);
    for (const table of ['audit_log', 'stock_movements', 'order_events']) {
      await assert.rejects(ask(url, `delete from ${table}`), /append-only/);
    }
    await assert.rejects(ask(url, "insert into notifications (user_id, type) values (2, 'CREDIT')"), /foreign key/);
    // As a new database has it.
    const fresh = new Map((await dumpSchema(await database())).map(({ name, definition }) => [name, definition]));
    const upgraded = new Map((await dumpSchema(url)).map(({ name, definition }) => [name, definition]));
    assert.deepEqual(upgraded, fresh);
  });
});
