import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { enableAppRole } from '../scripts/app-role.ts';
import { startPostgres } from '../scripts/postgres.ts';
import { buy, type Shopper, shoppersOf } from '../scripts/purchase.ts';
import { toolsOf } from './build.ts';
import { fail, finish, keep } from './running.ts';
import { backendCpu, inTurns } from './turns.ts';

// Processor time of PostgreSQL for a purchase, this build against another one in turns: each in its own database of one server, on one
// connection, as the Worker's role.

const { values } = parseArgs({
  options: {
    against: { type: 'string' },
    lines: { type: 'string', default: '1,3' },
    rounds: { type: 'string', default: '31' },
  },
});
const directory = values.against;
if (directory === undefined) throw new Error('--against names the directory of the build to compare with.');
const PRODUCTS = 2_000;
/** Purchases of a build in its turn. */
const PER_TURN = 25;
const WARM_UP = 200;

interface Buyer {
  client: pg.Client;
  backend: number;
  shoppers: Shopper[];
}

/** A database that a build has migrated and filled, and a connection to it that is warm. */
async function buyerOf(build: string, adminUrl: string, name: string): Promise<Buyer> {
  console.error(`· Filling the database ${name} …`);
  const { makeMigrated, seedProducts } = await toolsOf(build);
  const url = await makeMigrated(adminUrl, name);
  await seedProducts(url, { products: PRODUCTS, customers: 16 });
  const owner = new pg.Client({ connectionString: url });
  await owner.connect();
  await owner.query(`insert into stock_movements (inventory_id, delta, reason)
                     select id, 100000, 'COUNT' from inventory where branch_id = 1`);
  await owner.query('delete from cart_items');
  const shoppers = await shoppersOf(owner);
  const client = new pg.Client({ connectionString: await enableAppRole(url) });
  await client.connect();
  keep({ stop: () => client.end() });
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  const buyer = { client, backend: rows[0]?.pid ?? 0, shoppers };
  await turn(buyer, 3, WARM_UP);
  await owner.query('vacuum analyze');
  await owner.end();
  await turn(buyer, 3, WARM_UP);
  return buyer;
}

/** Milliseconds of processor time a purchase. */
async function turn({ client, backend, shoppers }: Buyer, lines: number, purchases = PER_TURN): Promise<number> {
  const start = await backendCpu(backend);
  for (let n = 0; n < purchases; n++) await buy(client, shoppers[n % shoppers.length] as Shopper, { lines });
  return ((await backendCpu(backend)) - start) / purchases;
}

async function compare(before: Buyer, after: Buyer, lines: number): Promise<void> {
  const times = await inTurns(
    Number(values.rounds),
    () => turn(before, lines),
    () => turn(after, lines),
  );
  const least = `least ${times.before.toFixed(3)} → ${times.after.toFixed(3)} ms (${(times.after / times.before).toFixed(3)})`;
  console.log(`${lines} lines: ${least}, median of the ratios ${times.ratio.toFixed(3)}`);
}

async function bench(): Promise<void> {
  const postgres = await startPostgres();
  keep(postgres);
  const before = await buyerOf(directory ?? '', postgres.connectionString, 'before');
  const after = await buyerOf(resolve(import.meta.dirname, '..'), postgres.connectionString, 'after');
  for (const lines of values.lines.split(',')) await compare(before, after, Number(lines));
}

bench().then(() => finish(0), fail);
