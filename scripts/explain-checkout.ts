/**
 * What a purchase does in the database, statement by statement: fills a throw-away database, buys a few hundred times so
 * that plans and caches are warm, and prints one more purchase as `explain (analyze, buffers)` sees it, nested statements and
 * triggers included; `--plans` adds the plans. What it measures slows it down: the times are to be compared, not added.
 */
import pg from 'pg';
import { explained, type Told } from './auto-explain.ts';
import { makeMigrated } from './migrate.ts';
import { startPostgres } from './postgres.ts';
import { buy, previewFullCart, shoppersOf } from './purchase.ts';
import { seedProducts } from './seed/bulk.ts';

const PRODUCTS = 2_000;
const WARM_UP = 300;
const PREVIEWS = 200;

const plans = process.argv.includes('--plans');

async function filled(adminUrl: string): Promise<string> {
  const url = await makeMigrated(adminUrl, 'checkout');
  console.log(`Filling a throw-away database with ${PRODUCTS} products …`);
  await seedProducts(url, { products: PRODUCTS, customers: 1 });
  return url;
}

function printStep(step: string, told: readonly Told[]): void {
  console.log(`\n${step}\n      ms  buffers  dirtied  statement`);
  for (const { milliseconds, text, plan } of told) {
    const buffers = plan['Shared Hit Blocks'] + plan['Shared Read Blocks'];
    const numbers = [milliseconds.toFixed(3).padStart(8), String(buffers).padStart(8)];
    const words = text.replaceAll(/\s+/g, ' ').trim().slice(0, 110);
    console.log(`${numbers.join(' ')} ${String(plan['Shared Dirtied Blocks']).padStart(8)}  ${words}`);
    if (plans) console.log(JSON.stringify(plan, null, 1));
  }
}

function printPreviews(milliseconds: number[]): void {
  const sorted = milliseconds.toSorted((a, b) => a - b);
  const at = (part: number) => (sorted[Math.ceil(sorted.length * part) - 1] ?? 0).toFixed(1);
  const numbers = `median ${at(0.5)} ms, p95 ${at(0.95)} ms, longest ${at(1)} ms`;
  console.log(`\npreview of a full cart, ${sorted.length} times: ${numbers}`);
}

const postgres = await startPostgres();
try {
  const client = new pg.Client({ connectionString: await filled(postgres.connectionString) });
  await client.connect();
  const [shopper] = await shoppersOf(client);
  if (!shopper) throw new Error('the seed made no customer with a card');
  await client.query(`insert into stock_movements (inventory_id, delta, reason)
                      select id, 100000, 'COUNT' from inventory where branch_id = 1`);
  await client.query('delete from cart_items');
  for (let n = 0; n < WARM_UP; n++) await buy(client, shopper);
  await client.query('vacuum analyze');
  for (let n = 0; n < WARM_UP; n++) await buy(client, shopper);

  printPreviews(await previewFullCart(client, shopper, PREVIEWS));

  const told = await explained(client);
  await buy(client, shopper, {
    step: async (step, work) => {
      told.length = 0;
      const answer = await work();
      printStep(step, told);
      return answer;
    },
  });
  await client.end();
} finally {
  await postgres.stop();
}
