/**
 * Measures the staff's lists and figures in a large shop: fills a throw-away database, runs each statement as the API sends it
 * with `explain analyze` and prints the times; `--plans` adds the plans, `--only=audit` selects a part.
 * `EXPLAIN_DATABASE_URL` names an empty database to fill and keep instead; its role must be a superuser.
 */
import type { SQL } from 'drizzle-orm';
import { PgDialect } from 'drizzle-orm/pg-core';
import pg from 'pg';
import { granularityOf, rangeOf } from '../src/features/analytics/range.ts';
import { revenueOf, topProductsOf } from '../src/features/analytics/sales.ts';
import { inventoryFiguresOf, orderFiguresOf } from '../src/features/analytics/shop.ts';
import { auditPage } from '../src/features/audit/queries.ts';
import { presentAlerts } from '../src/features/ops/alerts.ts';
import { figuresOfToday } from '../src/features/ops/performance.ts';
import { floorPage } from '../src/features/ops/queries.ts';
import { migrate } from './migrate.ts';
import { startPostgres } from './postgres.ts';
import { seedProducts } from './seed/bulk.ts';
import { insertHistory } from './seed/history.ts';

const TIME_ZONE = 'Asia/Jerusalem';
const dialect = new PgDialect();

const page = (filters: object, offset = 0) => auditPage({ limit: 20, offset, ...filters }, TIME_ZONE);

const floor = (filters: object, offset = 0) => floorPage({ limit: 20, offset, ...filters }, TIME_ZONE);

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
  ['ops: most urgent orders', floor({})],
  ['ops: orders, last page', floor({}, 99_980)],
  ['ops: orders of a branch', floor({ branch_id: 2 })],
  ['ops: orders in progress', floor({ status: 'IN_PROGRESS' })],
  ['ops: delivered orders, far page', floor({ status: 'DELIVERED' }, 80_000)],
  ['ops: orders placed in a month', floor({ date_from: monthsAgo(6), date_to: monthsAgo(5) })],
  ['ops: performance', [figuresOfToday(TIME_ZONE)]],
  ['ops: alerts', [presentAlerts(TIME_ZONE)]],
];

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

/** Runs each statement a few times; returns the time and the plan of the fastest run. */
async function measure(client: pg.Client, query: SQL): Promise<{ ms: number; plan: string[] }> {
  const { sql, params } = dialect.sqlToQuery(query);
  let best = { ms: Number.POSITIVE_INFINITY, plan: [] as string[] };
  for (let run = 0; run < 3; run++) {
    const { rows } = await client.query(`explain (analyze, buffers) ${sql}`, params);
    const plan = rows.map((row) => String(row['QUERY PLAN']));
    const ms = Number(plan.at(-1)?.match(/[\d.]+/)?.[0]);
    if (ms < best.ms) best = { ms, plan };
  }
  return best;
}

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
    console.log('Filling a throw-away database: 100,000 orders of 10 lines, 1,000,000 audit rows …');
    await migrate(url);
    await seedProducts(url, { products: 10_000, customers: 2000, linesPerCart: 1 });
    await insertHistory(url, { orders: 100_000, linesPerOrder: 10, auditRows: 1_000_000 });
  }
  for (const [name, statements] of queries) {
    if (only && !name.includes(only)) continue;
    const results = [];
    for (const { sql } of statements) results.push(await measure(client, sql));
    console.log(`${name.padEnd(45)} ${results.map(({ ms }) => `${ms.toFixed(1)} ms`.padStart(10)).join(' ')}`);
    if (isVerbose) for (const { plan } of results) console.log(plan.map((line) => `    ${line}`).join('\n'));
  }
  await client.end();
} finally {
  await postgres?.stop();
}
