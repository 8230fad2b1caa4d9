import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import pg from 'pg';
import { makeMigrated, migrate } from '../migrate.ts';
import { type Postgres, startPostgres } from '../postgres.ts';

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
});
