import { afterEach, beforeEach, describe, expect, inject, it, vi } from 'vitest';
import { captureLog } from '../support/captured-log.ts';
import { onDatabase, runTransaction } from '../support/database.ts';
import { makeBranch, makeProduct, makeStock, signInAs } from '../support/factories.ts';
import { openShop, type Shop } from '../support/shop.ts';

const HOURLY = '0 * * * *';
const TABLES = ['audit_log', 'events', 'notifications', 'order_events', 'stock_movements'];
let shop: Shop;
let log: ReturnType<typeof captureLog>;
beforeEach(async () => {
  shop = await openShop();
  log = captureLog();
});
afterEach(() => {
  vi.restoreAllMocks();
});

const partitions = async (table: string) =>
  (
    await shop.sql<{ name: string }>(
      `select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
       where i.inhparent = $1::regclass order by 1`,
      [table],
    )
  ).map(({ name }) => name);

/** The suffixes of the months that many before and after the present one. */
const monthsAround = async (before: number, after: number) =>
  (
    await shop.sql<{ month: string }>(
      `select to_char(date_trunc('month', now() at time zone 'UTC') + make_interval(months => n), '"_"YYYY_MM') as month
       from generate_series(-$1::int, $2::int) n`,
      [before, after],
    )
  ).map(({ month }) => month);

describe('the months of a table', () => {
  it('are made for half a year, of every table that is partitioned', async () => {
    const partitioned = await shop.sql<{ name: string }>(
      'select partrelid::regclass::text as name from pg_partitioned_table order by 1',
    );
    expect(partitioned.map(({ name }) => name)).toEqual(TABLES);
    expect((await shop.sql('select name from monthly_tables() order by 1')).map(({ name }) => name)).toEqual(TABLES);
    const months = await monthsAround(0, 6);
    for (const table of TABLES) {
      expect(await partitions(table)).toEqual([...months, '_earlier'].map((month) => table + month));
    }
  });

  it('are made by the hourly job, which drops only what is not kept; two runs at once do it once', async () => {
    const [last] = (await monthsAround(0, 6)).slice(-1);
    await shop.sql(`select make_months('events', now() - interval '4 months', 6),
      make_months('audit_log', now() - interval '4 months', 6)`);
    for (const table of TABLES) await shop.sql(`drop table months.${table}${last}`);
    await Promise.all([shop.scheduled(HOURLY), shop.scheduled(HOURLY)]);
    for (const table of TABLES) expect(await partitions(table)).toContain(table + last);
    expect(await partitions('events')).toEqual(
      [...(await monthsAround(3, 6)), '_earlier'].map((month) => `events${month}`),
    );
    expect(await partitions('audit_log')).toHaveLength(12);
    const [made, dropped] = ['made', 'dropped'].map((count) =>
      log.of('keep_months').reduce((sum, line) => sum + line[count], 0),
    );
    expect([made, dropped]).toEqual([5, 1]);
  });

  it('call for a human before there is none left', async () => {
    await shop.scheduled('*/5 * * * *');
    expect(log.of('watch')).toMatchObject([{ level: 'info', months_missing: 0 }]);
    for (const month of (await monthsAround(0, 6)).slice(-4)) await shop.sql(`drop table months.order_events${month}`);
    await shop.scheduled('*/5 * * * *');
    expect(log.of('watch')).toContainEqual(expect.objectContaining({ level: 'alert', months_missing: 1 }));
  });

  it('take rows that are older than all of them, and give them up to months that are made later', async () => {
    await shop.sql(`insert into audit_log (entity_type, action, created_at)
      values ('old', 'FIRST', '2020-02-29 23:59:59Z'), ('old', 'SECOND', '2020-03-01 00:00:00Z')`);
    await shop.sql(`select make_months('audit_log', '2020-03-15Z', 6)`);
    const rows = await shop.sql(
      `select action, tableoid::regclass::text as month from audit_log where entity_type = 'old' order by created_at`,
    );
    expect(rows).toEqual([
      { action: 'FIRST', month: 'months.audit_log_earlier' },
      { action: 'SECOND', month: 'months.audit_log_2020_03' },
    ]);
  });

  it('are append-only as their table is, also for the owner', async () => {
    const [present] = await monthsAround(0, 0);
    for (const table of TABLES.filter((name) => name !== 'notifications')) {
      for (const month of [`${table}${present}`, `${table}_earlier`]) {
        await expect(shop.sql(`delete from months.${month}`)).rejects.toThrow('append-only');
        await expect(shop.sql(`truncate months.${month}`)).rejects.toThrow('append-only');
      }
    }
  });

  it('cannot be reached or made by the role of the Worker', async () => {
    const asWorker = onDatabase(inject('appUrl'), shop.database);
    for (const statement of [
      'select from months.audit_log_earlier',
      'delete from months.audit_log_earlier',
      `select make_months('audit_log', '2001-01-01', 0)`,
      'alter table audit_log detach partition months.audit_log_earlier',
    ]) {
      await expect(runTransaction(asWorker, [statement])).rejects.toMatchObject({ code: '42501' });
    }
  });
});

it('a ledger over several months is read in its order, page by page, with its balances', async () => {
  const { token } = await signInAs(shop, 'MANAGER');
  const [productId, branchId] = [await makeProduct(shop), await makeBranch(shop)];
  await makeStock(shop, { productId, branchId, onHand: 10 });
  await shop.sql(`select make_months('stock_movements', now() - interval '3 months', 6)`);
  const [shelf] = await shop.sql<{ id: number }>('select id from inventory where product_id = $1', [productId]);
  await shop.sql(
    `insert into stock_movements (inventory_id, delta, reason, created_at)
     select $1, n, 'ADJUSTMENT', now() - make_interval(months => 3 - n) from generate_series(1, 3) n`,
    [shelf!.id],
  );
  const page = (offset: number) =>
    shop.request('GET', `/admin/inventory/${shelf!.id}/movements`, { token, query: { limit: 2, offset } });
  const [newest, oldest] = [await page(0), await page(2)];
  expect([...newest.body.data, ...oldest.body.data].map(({ delta, balance }) => [delta, balance])).toEqual([
    [3, 16],
    [2, 13],
    [1, 11],
    [10, 10],
  ]);
  expect(newest.body.meta.total).toBe(4);
});
