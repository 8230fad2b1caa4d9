/**
 * Measures how the scheduled jobs clear the backlog of a payment outage: pending charges, then the mails of their orders. Prints
 * every run until nothing is left. `--provider` is the response time of provider and Brevo, `--database` that of the database, in ms.
 */
import { parseArgs } from 'node:util';
import pg from 'pg';
import { enableAppRole } from '../scripts/app-role.ts';
import { startGateway } from '../scripts/gateway.ts';
import { makeMigrated } from '../scripts/migrate.ts';
import { startPostgres } from '../scripts/postgres.ts';
import { seedProducts } from '../scripts/seed/bulk.ts';
import { runCron, startOutside, startWorker, TOTAL } from './jobs.ts';
import { finish, keep } from './running.ts';

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
  await startWorker(
    { port: PORT, cronPort: CRON_PORT },
    { appUrl: await enableAppRole(url), gatewayUrl: gateway.url, outsideUrl: outside.url },
  );
  return owner;
}

const owner = await openBacklog();
console.log(`run  seconds  captured  mails sent  payments left  mails left`);
for (let run = 1; run <= MOST_RUNS; run++) {
  const seconds = await runCron(CRON_PORT, '*/5 * * * *');
  const [left] = (await owner.query<Record<'payments' | 'mails' | 'captured' | 'sent', number>>(LEFT)).rows;
  if (!left) throw new Error('no answer of the database');
  const columns = [left.captured, left.sent, left.payments, left.mails].map((value) => String(value).padStart(10));
  console.log(`${String(run).padStart(3)}  ${seconds.toFixed(1).padStart(7)}${columns.join('  ')}`);
  if (left.payments === 0 && left.mails === 0) break;
}
await finish(0);
