/**
 * Measures how the scheduled jobs clear the backlog of a payment outage: pending charges, then the mails of their orders. Prints
 * every run until nothing is left. `--provider` is the response time of provider and Brevo, `--database` that of the database, in ms.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { enableAppRole } from '../scripts/app-role.ts';
import { startGateway } from '../scripts/gateway.ts';
import { makeMigrated } from '../scripts/migrate.ts';
import { startPostgres } from '../scripts/postgres.ts';
import { seedProducts } from '../scripts/seed/bulk.ts';
import { finish, keep } from './running.ts';
import { startWorkerd } from './workerd.ts';

const { values } = parseArgs({
  options: {
    payments: { type: 'string', default: '2000' },
    provider: { type: 'string', default: '200' },
    database: { type: 'string', default: '30' },
  },
});
const payments = Number(values.payments);
const MOST_RUNS = 10;
const [PORT, CRON_PORT] = [18_807, 18_808];
const TOTAL = '30.00';

/** Payment provider and Brevo: every charge was captured, every mail is accepted. */
async function startOutside(delayMs: number): Promise<string> {
  const server = createServer(async (request, response) => {
    request.resume();
    await sleep(delayMs);
    const [, , key] = (request.url ?? '').split('/');
    const charge = {
      status: 'CAPTURED',
      reference: `ref-${key}`,
      idempotency_key: key,
      amount: TOTAL,
      currency: 'ILS',
    };
    const body = request.method === 'GET' ? charge : { messageId: '<mail@brevo>' };
    response.writeHead(request.method === 'GET' ? 200 : 201, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  keep({
    stop: async () => {
      server.closeAllConnections();
      server.close();
    },
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** For each customer an order of three lines as `place_order` leaves it, ten minutes old. */
const BACKLOG = `
  with cart as (
    update carts c set status = 'CHECKING_OUT' from users u where u.id = c.user_id returning c.id, c.user_id
  ), made as (
    insert into orders (order_number, user_id, cart_id, fulfillment_type, branch_id, goods_total, total_amount, currency,
        units_ordered, window_start, window_end)
      select 'MS-BACKLOG-' || id, user_id, id, 'PICKUP', 1, ${TOTAL}, ${TOTAL}, 'ILS', 3, now(), now() + interval '2 hours'
      from cart returning id, order_number, user_id
  ), line as (
    insert into order_items (order_id, product_id, name, sku, unit, unit_price, quantity)
      select m.id, p.id, p.name, p.sku, p.unit, 10, 1
      from made m cross join lateral (select * from products p where p.id % 600 between m.id % 600 and m.id % 600 + 2 limit 3) p
      returning order_id, product_id
  ), sold as (
    insert into stock_movements (inventory_id, delta, reason, order_id)
      select i.id, -1, 'SALE', line.order_id from line join inventory i on i.product_id = line.product_id and i.branch_id = 1
  ), keys as (
    insert into idempotency_keys (user_id, key, fingerprint, attempt, order_id, leased_until)
      select user_id, order_number, 'same', 'first', id, now() - interval '9 minutes' from made
  )
  insert into payments (order_id, payment_token_id, provider, idempotency_key, amount, currency, created_at)
    select m.id, (select min(t.id) from payment_tokens t where t.user_id = m.user_id), 'mockpay', m.order_number, ${TOTAL}, 'ILS',
      now() - interval '10 minutes'
    from made m`;

const LEFT = `
  select (select count(*) from payments where status = 'PENDING')::int as payments,
    (select count(*) from outbox where status = 'PENDING')::int as mails,
    (select count(*) from payments where status = 'CAPTURED')::int as captured,
    (select count(*) from outbox where status = 'SENT')::int as sent`;

async function openBacklog() {
  const postgres = await startPostgres();
  keep(postgres);
  const url = await makeMigrated(postgres.connectionString, 'backlog');
  await seedProducts(url, { products: 2_000, customers: payments });
  const owner = new pg.Pool({ connectionString: url, max: 2 });
  owner.on('error', () => {});
  keep({ stop: () => owner.end() });
  await owner.query(`insert into stock_movements (inventory_id, delta, reason)
                     select id, 100000, 'COUNT' from inventory where branch_id = 1`);
  await owner.query(BACKLOG);
  await owner.query('vacuum analyze');
  const gateway = await startGateway();
  keep(gateway);
  gateway.control.delayMs = Number(values.database);
  const outside = await startOutside(Number(values.provider));
  const vars = {
    // The gateway stands in for Neon, which only development allows.
    APP_ENV: 'development',
    DATABASE_URL: await enableAppRole(url),
    DATABASE_GATEWAY_URL: gateway.url,
    MOCKPAY_URL: outside,
    BREVO_API_URL: outside,
    BREVO_API_KEY: 'a-key',
    BREVO_SENDER_EMAIL: 'shop@mami.example',
    JWT_SECRET_KEY: 'the-bench-signs-with-forty-characters-of-its-own',
    CORS_ALLOWED_ORIGINS: 'http://localhost:5173',
    FRONTEND_BASE_URL: 'http://localhost:5173',
    DELIVERY_SOURCE_BRANCH_ID: '1',
  };
  keep(await startWorkerd(false, [{ name: 'api', bundle: 'api', port: PORT, vars, cronPort: CRON_PORT }]));
  return owner;
}

const owner = await openBacklog();
console.log(`run  seconds  captured  mails sent  payments left  mails left`);
for (let run = 1; run <= MOST_RUNS; run++) {
  const started = performance.now();
  const answer = await fetch(`http://127.0.0.1:${CRON_PORT}/?cron=${encodeURIComponent('*/5 * * * *')}`);
  const seconds = (performance.now() - started) / 1000;
  const { outcome } = (await answer.json()) as { outcome: string };
  if (outcome !== 'ok') throw new Error(`The run ended with ${outcome}`);
  const [left] = (await owner.query<Record<'payments' | 'mails' | 'captured' | 'sent', number>>(LEFT)).rows;
  if (!left) throw new Error('no answer of the database');
  const columns = [left.captured, left.sent, left.payments, left.mails].map((value) => String(value).padStart(10));
  console.log(`${String(run).padStart(3)}  ${seconds.toFixed(1).padStart(7)}${columns.join('  ')}`);
  if (left.payments === 0 && left.mails === 0) break;
}
await finish(0);
