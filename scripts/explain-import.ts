/**
 * What a CSV of 10,000 stock rows costs in the database: fills a throw-away database and times `import_inventory`, alone, two files
 * at once, and while 16 customers buy from the same shelves; with the statistics that a database in use has, and without any.
 * `--plans` (with `--no-statistics` if you like) prints the statements of one import, triggers and nested ones included, as `auto_explain` sees them.
 */
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { explained } from './auto-explain.ts';
import { makeMigrated } from './migrate.ts';
import { startPostgres } from './postgres.ts';
import { buy, type Shopper, shoppersOf } from './purchase.ts';
import { seedProducts } from './seed/bulk.ts';

const ROWS = 10_000;
const CUSTOMERS = 16;
const RUNS = 3;
const PURCHASES_BEFORE = 20;

interface Row {
  row_number: number;
  product_id: number;
  sku: null;
  branch_id: number;
  quantity: number;
  reorder_point: number;
}

/** A count of every product at one branch; more than customers buy meanwhile. */
const fileOf = (branch_id: number, quantity: (product: number) => number): Row[] =>
  Array.from({ length: ROWS }, (_, i) => ({
    row_number: i + 2,
    product_id: i + 1,
    sku: null,
    branch_id,
    quantity: quantity(i + 1),
    reorder_point: 5,
  }));

let counted = 100_000;
/** Changes every shelf. */
const recount = (branchId: number): Row[] => {
  counted += 1_000;
  return fileOf(branchId, (product) => counted + (product % 50));
};

/** What one import took, in seconds: of the clock, and of PostgreSQL's processor (Linux), which others do not disturb. */
interface Taken {
  clock: number;
  processor: number;
}

async function processorSeconds(client: pg.Client): Promise<number> {
  const { rows } = await client.query('select pg_backend_pid() as pid');
  const stat = await readFile(`/proc/${rows[0].pid}/stat`, 'utf8').catch(() => '');
  const [user, system] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13);
  return (Number(user) + Number(system)) / 100;
}

async function importOnce(client: pg.Client, rows: Row[]): Promise<Taken> {
  const before = await processorSeconds(client);
  const started = performance.now();
  const { rows: answers } = await client.query(
    `select outcome from import_inventory(p_user_id => begin_as(1, 'explained'), p_rows => $1)`,
    [JSON.stringify(rows)],
  );
  const refused: unknown[] = answers[0].outcome.refused;
  if (refused.length > 0) throw new Error(`${refused.length} rows were refused, the first: ${refused[0]}`);
  const clock = (performance.now() - started) / 1000;
  return { clock, processor: (await processorSeconds(client)) - before };
}

async function newBranch(client: pg.Client): Promise<number> {
  const { rows } = await client.query(
    `insert into branches (name, address) values ('Branch ' || gen_random_uuid(), 'Road') returning id`,
  );
  return rows[0].id;
}

type Run = () => Promise<Taken[]>;

/** The runs of each case: each import of it counts. */
const casesOf = ([one, two]: [pg.Client, pg.Client]): [string, Run][] => [
  ['known shelves', async () => [await importOnce(one, recount(1))]],
  [
    'shelves as they are',
    async () => [
      await importOnce(
        one,
        fileOf(1, (product) => counted + (product % 50)),
      ),
    ],
  ],
  ['new shelves', async () => [await importOnce(one, recount(await newBranch(one)))]],
  [
    'sold out, then restocked',
    async () => {
      const branch = await newBranch(one);
      await importOnce(one, recount(branch));
      return [
        await importOnce(
          one,
          fileOf(branch, () => 0),
        ),
        await importOnce(one, recount(branch)),
      ];
    },
  ],
  ['two files at once', () => Promise.all([importOnce(one, recount(1)), importOnce(two, recount(2))])],
  ['two of one branch', () => Promise.all([importOnce(one, recount(1)), importOnce(two, recount(1).reverse())])],
];

async function measure(name: string, run: Run): Promise<void> {
  const taken: Taken[] = [];
  for (let n = 0; n < RUNS; n++) taken.push(...(await run()));
  const of = (kind: keyof Taken) => taken.map((each) => each[kind]).sort((a, b) => a - b);
  const processor = of('processor')[Math.floor(taken.length / 2)] ?? 0;
  const clock = of('clock').map((seconds) => seconds.toFixed(2).padStart(6));
  console.log(`${name.padEnd(38)} ${processor.toFixed(2).padStart(9)}  ${clock.join('')}`);
}

/** Buys on until told to stop; answers how many were bought. */
async function sell(url: string, shopper: Shopper, signal: AbortSignal): Promise<number> {
  const client = await connect(url);
  let bought = 0;
  for (; !signal.aborted; bought++) await buy(client, shopper);
  await client.end();
  return bought;
}

async function whileCustomersBuy(url: string, shoppers: Shopper[], work: () => Promise<void>): Promise<void> {
  const closing = new AbortController();
  const started = performance.now();
  const customers = shoppers.map((shopper) => sell(url, shopper, closing.signal));
  await Promise.race([sleep(2_000), ...customers]);
  await work();
  closing.abort();
  const bought = (await Promise.all(customers)).reduce((sum, each) => sum + each, 0);
  const seconds = (performance.now() - started) / 1000;
  console.log(`  (${CUSTOMERS} customers bought ${(bought / seconds).toFixed(0)} times a second meanwhile)`);
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client;
}

/** As in a database that was filled and never analyzed. */
async function forgetStatistics(client: pg.Client): Promise<void> {
  await client.query('vacuum');
  await client.query('delete from pg_statistic');
  await client.query(`update pg_class set reltuples = -1, relpages = 0, relallvisible = 0
                      where relkind = 'r' and relnamespace = 'public'::regnamespace`);
}

async function main(url: string): Promise<void> {
  const clients: [pg.Client, pg.Client] = [await connect(url), await connect(url)];
  const [client] = clients;
  await importOnce(client, recount(1));
  await importOnce(client, recount(2));
  await client.query('delete from cart_items');
  await client.query('vacuum analyze');
  const shoppers = (await shoppersOf(client)).slice(0, CUSTOMERS);
  const [shopper] = shoppers;
  // Like a pooled connection, which keeps the plans of the purchases it served before.
  if (shopper) for (let n = 0; n < PURCHASES_BEFORE; n++) await buy(client, shopper);
  for (const statistics of ['with statistics', 'without statistics']) {
    if (statistics === 'without statistics') await forgetStatistics(client);
    console.log(`\n${`${ROWS} rows, ${statistics}`.padEnd(38)} processor  clock, s`);
    for (const [name, run] of casesOf(clients)) await measure(name, run);
    await whileCustomersBuy(url, shoppers, async () => {
      for (const [name, run] of casesOf(clients)) await measure(`${name}, under sale`, run);
    });
  }
  for (const each of clients) await each.end();
}

async function printPlans(url: string): Promise<void> {
  const client = await connect(url);
  await importOnce(client, recount(1));
  if (process.argv.includes('--no-statistics')) await forgetStatistics(client);
  const told = await explained(client);
  for (const [name, rows] of [
    ['known shelves', recount(1)],
    ['new shelves', recount(await newBranch(client))],
  ] as const) {
    told.length = 0;
    const { clock } = await importOnce(client, rows);
    console.log(`\n${name}: ${clock.toFixed(1)} s, watched`);
    const byText = Map.groupBy(told, ({ text }) => text.replaceAll(/\s+/g, ' ').trim());
    const sums = [...byText].map(([text, all]) => ({
      text,
      count: all.length,
      ms: all.reduce((sum, each) => sum + each.milliseconds, 0),
    }));
    for (const { text, count, ms } of sums.sort((a, b) => b.ms - a.ms).slice(0, 15)) {
      console.log(`${ms.toFixed(0).padStart(7)} ms ${String(count).padStart(7)} times  ${text.slice(0, 150)}`);
    }
    const slow = told.filter(({ milliseconds }) => milliseconds > 20);
    for (const { text, plan } of slow) console.log(`\n${text.slice(0, 200)}\n${JSON.stringify(plan, null, 1)}`);
  }
  await client.end();
}

const postgres = await startPostgres();
try {
  const url = await makeMigrated(postgres.connectionString, 'import');
  console.log(`Filling a throw-away database with ${ROWS} products in five branches …`);
  await seedProducts(url, { products: ROWS, customers: CUSTOMERS, linesPerCart: 1 });
  await (process.argv.includes('--plans') ? printPlans(url) : main(url));
} finally {
  await postgres.stop();
}
