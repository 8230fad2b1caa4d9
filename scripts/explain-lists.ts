/**
 * Measures the staff's lists and figures in a large shop: fills a throw-away database, runs each statement as the API sends it
 * with `explain analyze` and prints time (of that, planning) and buffers; `--plans` adds the plans, `--only=audit` selects a part.
 * `EXPLAIN_DATABASE_URL` names an empty database to fill and keep instead; its role must be a superuser.
 */
import { type SQL, sql } from 'drizzle-orm';
import { PgDialect } from 'drizzle-orm/pg-core';
import pg from 'pg';
import { granularityOf, rangeOf } from '../src/features/analytics/range.ts';
import { revenueOf, topProductsOf } from '../src/features/analytics/sales.ts';
import { inventoryFiguresOf, orderFiguresOf } from '../src/features/analytics/shop.ts';
import { auditPage } from '../src/features/audit/queries.ts';
import { eventsPage } from '../src/features/events/queries.ts';
import { movementsPage } from '../src/features/inventory/queries.ts';
import { presentAlerts } from '../src/features/ops/alerts.ts';
import { figuresOfToday } from '../src/features/ops/performance.ts';
import { floorPage } from '../src/features/ops/queries.ts';
import { ORDER_TABLES, orderColumns } from '../src/features/orders/order-rows.ts';
import { notificationsPage } from '../src/features/store/queries.ts';
import { migrate } from './migrate.ts';
import { startPostgres } from './postgres.ts';
import { seedProducts } from './seed/bulk.ts';
import { insertHistory } from './seed/history.ts';

const TIME_ZONE = 'Asia/Jerusalem';
/** One of the customers of the bulk seed, behind its staff. */
const CUSTOMER = 42;
const dialect = new PgDialect();

const page = (filters: object, offset = 0) => auditPage({ limit: 20, offset, ...filters }, TIME_ZONE);

const floor = (filters: object, offset = 0) => floorPage({ limit: 20, offset, ...filters }, TIME_ZONE, undefined);

/** A measured request: its name and the statements of its round trip. */
const queries: [string, readonly { sql: SQL }[]][] = [
  ['audit: newest', page({})],
  ['audit: page 40,000', page({}, 800_000)],
  ['audit: of an entity type', page({ entity_type: 'order' })],
  ['audit: of an entity type, far page', page({ entity_type: 'order' }, 300_000)],
  ['audit: of one entity', page({ entity_type: 'order', entity_id: 4242 })],
  ['audit: of an action', page({ action: 'DEACTIVATE' })],
  ['audit: of an actor', page({ actor_id: 7 })],
  ['audit: of an actor and an action', page({ actor_id: 7, action: 'DEACTIVATE' })],
  ['audit: of a month', page({ date_from: monthsAgo(6), date_to: monthsAgo(5) })],
  [
    'audit: of an entity type in a month',
    page({ entity_type: 'payment', date_from: monthsAgo(6), date_to: monthsAgo(5) }),
  ],
  ['orders: an order with its timeline', [orderWithTimeline(4242)]],
  ['inventory: ledger of a shelf', movementsPage(42, { limit: 20, offset: 0 })],
  ['inventory: ledger of a shelf, last page', movementsPage(42, { limit: 20, offset: 560 })],
  ['notifications of a customer', notificationsPage(CUSTOMER, { limit: 50, offset: 0 })],
  ['notifications of a customer, last page', notificationsPage(CUSTOMER, { limit: 50, offset: 150 })],
  ['events of an order', [eventsPage(99_000, { limit: 100 })]],
  ['events behind a position', [eventsBehind(500)]],
  ['ops: most urgent orders', floor({})],
  ['ops: orders, last page', floor({}, 99_980)],
  ['ops: orders of a branch', floor({ branch_id: 2 })],
  ['ops: orders in progress', floor({ status: 'IN_PROGRESS' })],
  ['ops: delivered orders, far page', floor({ status: 'DELIVERED' }, 80_000)],
  ['ops: orders placed in a month', floor({ date_from: monthsAgo(6), date_to: monthsAgo(5) })],
  ['ops: performance', [figuresOfToday(TIME_ZONE)]],
  ['ops: alerts', [presentAlerts(TIME_ZONE)]],
];

function orderWithTimeline(id: number): { sql: SQL } {
  return { sql: sql`select ${orderColumns(undefined)} from ${ORDER_TABLES} where o.id = ${id}` };
}

/** What readers of all events and the publisher ask for. */
function eventsBehind(limit: number): { sql: SQL } {
  return {
    sql: sql`select * from settled_events where (xid, number) > ('0'::xid8, 1000::bigint) order by xid, number limit ${limit}`,
  };
}

for (const text of ['30d', '90d', '12m', '2y']) {
  const range = rangeOf(text);
  if (!range) continue;
  queries.push(
    [`analytics: revenue ${text}`, [revenueOf(range, granularityOf(range), TIME_ZONE)]],
    [`analytics: top products ${text}`, [topProductsOf(range, 10, TIME_ZONE)]],
    [`analytics: orders ${text}`, [orderFiguresOf(range, TIME_ZONE)]],
  );
}
queries.push(
  ['analytics: revenue 365d by day', [revenueOf({ count: 365, unit: 'day' }, 'day', TIME_ZONE)]],
  ['analytics: inventory', [inventoryFiguresOf(undefined)]],
  ['analytics: inventory of a branch', [inventoryFiguresOf(1)]],
);

function monthsAgo(months: number): string {
  return new Date(Date.now() - months * 30 * 86_400_000).toISOString().slice(0, 10);
}

interface Measured {
  /** Planning and execution. */
  ms: number;
  planning: number;
  buffers: number;
  plan: string[];
}

/** Runs each statement a few times; returns the fastest run. */
async function measure(client: pg.Client, query: SQL): Promise<Measured> {
  const { sql: text, params } = dialect.sqlToQuery(query);
  let best: Measured = { ms: Number.POSITIVE_INFINITY, planning: 0, buffers: 0, plan: [] };
  for (let run = 0; run < 5; run++) {
    const { rows } = await client.query(`explain (analyze, buffers) ${text}`, params);
    const plan = rows.map((row) => String(row['QUERY PLAN']));
    const time = (name: string) => Number(plan.find((line) => line.startsWith(name))?.match(/[\d.]+/)?.[0]);
    const ms = time('Planning Time') + time('Execution Time');
    const read = /hit=(\d+)(?: read=(\d+))?/.exec(plan.find((line) => /Buffers: shared/.test(line)) ?? '');
    const buffers = Number(read?.[1] ?? 0) + Number(read?.[2] ?? 0);
    if (ms < best.ms) best = { ms, planning: time('Planning Time'), buffers, plan };
  }
  return best;
}

/** `ms (of that planning) buffers` */
const told = ({ ms, planning, buffers }: Measured): string =>
  `${ms.toFixed(1).padStart(7)} ms (${planning.toFixed(1)}) ${String(buffers).padStart(6)}`;

const isVerbose = process.argv.includes('--plans');
const only = process.argv.find((argument) => argument.startsWith('--only='))?.slice('--only='.length);
const given = process.env.EXPLAIN_DATABASE_URL;
const postgres = given ? undefined : await startPostgres();
try {
  const url = given ?? postgres?.connectionString ?? '';
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query(`select to_regclass('orders') as found`);
  if (rows[0]?.found === null) {
    console.log('Filling a throw-away database: 100,000 orders of 10 lines in two years, 1,000,000 audit rows …');
    await migrate(url);
    await seedProducts(url, { products: 10_000, customers: 2000, linesPerCart: 1 });
    await insertHistory(url, { orders: 100_000, linesPerOrder: 10, auditRows: 1_000_000 });
  }
  // As the Worker's role has it (src/db/sql/grants.sql).
  await client.query('set enable_partitionwise_aggregate = on');
  for (const [name, statements] of queries) {
    if (only && !name.includes(only)) continue;
    const results = [];
    for (const { sql } of statements) results.push(await measure(client, sql));
    console.log(`${name.padEnd(45)} ${results.map(told).join('  ')}`);
    if (isVerbose) for (const { plan } of results) console.log(plan.map((line) => `    ${line}`).join('\n'));
  }
  await client.end();
} finally {
  await postgres?.stop();
}
