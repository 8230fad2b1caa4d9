/**
 * What a purchase does in the database, statement by statement: fills a throw-away database, buys a few hundred times so
 * that plans and caches are warm, and prints one more purchase as `explain (analyze, buffers)` sees it, nested statements and
 * triggers included; `--plans` adds the plans. What it measures slows it down: the times are to be compared, not added.
 */
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { makeMigrated } from './migrate.ts';
import { startPostgres } from './postgres.ts';
import { seedProducts } from './seed/bulk.ts';

const PRODUCTS = 2_000;
const WARM_UP = 300;
const LINES = 3;

/** One statement as `auto_explain` told it. */
interface Told {
  milliseconds: number;
  text: string;
  plan: { 'Shared Hit Blocks': number; 'Shared Read Blocks': number; 'Shared Dirtied Blocks': number };
}

const plans = process.argv.includes('--plans');

async function filled(adminUrl: string): Promise<string> {
  const url = await makeMigrated(adminUrl, 'checkout');
  console.log(`Filling a throw-away database with ${PRODUCTS} products …`);
  await seedProducts(url, { products: PRODUCTS, customers: 1 });
  return url;
}

/** The one row that a function answers, called as the Worker calls it: the caller is checked in its first argument. */
async function call<Row>(client: pg.Client, { userId }: Shopper, name: string, given: Record<string, unknown>) {
  const args = [
    'p_user_id => begin_as($1, $2)',
    ...Object.keys(given).map((key, index) => `p_${key} => $${index + 3}`),
  ];
  const text = `select * from ${name}(${args.join(', ')})`;
  const { rows } = await client.query(text, [userId, 'explained', ...Object.values(given)]);
  return rows[0] as Row;
}

type Step = <T>(name: string, work: () => Promise<T>) => Promise<T>;

async function buy(client: pg.Client, shopper: Shopper, step: Step = (_, work) => work()): Promise<void> {
  const { cardId: token_id, slotId: slot_id } = shopper;
  const add = (line: number) => {
    const limits = { branch_id: 1, max_quantity: 10_000, max_lines: 200 };
    const change = { action: 'ADD', ...limits, product_id: productId(line), quantity: 1 };
    return call<{ id: number }>(client, shopper, 'change_cart', change);
  };
  for (let line = 1; line < LINES; line++) await add(line);
  const { id: cart_id } = await step('add to cart', () => add(LINES));
  const booking = { branch_id: 1, slot_id, date: null, booking_days: 60, time_zone: 'Asia/Jerusalem' };
  const terms = { cart_id, fulfillment_type: 'DELIVERY', ...booking };
  await step('preview', () =>
    call(client, shopper, 'preview_checkout', { ...terms, minutes: 10, renew_minutes: 60, pause_minutes: 10 }),
  );
  const claim = { key: randomUUID(), fingerprint: 'same', attempt: randomUUID(), lease_seconds: 60 };
  const paid = {
    token_id,
    save_as_default: false,
    expected_total: null,
    address: '1 Road, Tel Aviv',
    address_id: null,
  };
  const { order_id } = await step('confirm, first batch', () => {
    const order = { ...terms, ...paid, order_number: `MS-${randomUUID()}`, ...claim };
    return call<{ order_id: number }>(client, shopper, 'place_order', order);
  });
  await step('confirm, second batch', () => {
    const capture = { order_id, reference: 'paid', mail_lease: '2 minutes' };
    return call(client, shopper, 'capture_payment', capture);
  });
}

const productId = (line: number) => 1 + Math.floor(Math.random() * 600) * LINES + line;

interface Shopper {
  userId: number;
  cardId: number;
  slotId: number;
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

const postgres = await startPostgres();
try {
  const client = new pg.Client({ connectionString: await filled(postgres.connectionString) });
  await client.connect();
  const [shopper] = (
    await client.query<Shopper>(`
      select t.user_id as "userId", t.id as "cardId", (select id from delivery_slots where branch_id = 1 limit 1) as "slotId"
      from payment_tokens t order by t.id limit 1`)
  ).rows;
  if (!shopper) throw new Error('the seed made no customer with a card');
  await client.query(`insert into stock_movements (inventory_id, delta, reason)
                      select id, 100000, 'COUNT' from inventory where branch_id = 1`);
  await client.query('delete from cart_items');
  for (let n = 0; n < WARM_UP; n++) await buy(client, shopper);
  await client.query('vacuum analyze');
  for (let n = 0; n < WARM_UP; n++) await buy(client, shopper);

  let told: Told[] = [];
  client.on('notice', ({ message = '' }) => {
    const [, milliseconds, json] = /^duration: ([\d.]+) ms\s+plan:\s*(\{[\s\S]*\})$/.exec(message) ?? [];
    if (!json) return;
    const { 'Query Text': text, Plan: plan } = JSON.parse(json);
    told.push({ milliseconds: Number(milliseconds), text, plan });
  });
  await client.query(`
    load 'auto_explain'; set auto_explain.log_min_duration = 0; set auto_explain.log_analyze = on;
    set auto_explain.log_buffers = on; set auto_explain.log_timing = off; set auto_explain.log_format = json;
    set auto_explain.log_nested_statements = on; set client_min_messages = log`);
  await buy(client, shopper, async (step, work) => {
    told = [];
    const answer = await work();
    printStep(step, told);
    return answer;
  });
  await client.end();
} finally {
  await postgres.stop();
}
