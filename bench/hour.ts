/**
 * Measures how the scheduled jobs clear a large backlog within an hour: expired holds and pending mails. Each period of five
 * minutes runs the cron expressions that start in it, side by side as in production, each in a Worker of its own; the next period
 * begins when they have ended. `--provider` is the response time of Brevo, `--database` that of the database, in ms.
 */
import { parseArgs } from 'node:util';
import pg from 'pg';
import { enableAppRole } from '../scripts/app-role.ts';
import { startGateway } from '../scripts/gateway.ts';
import { makeMigrated } from '../scripts/migrate.ts';
import { startPostgres } from '../scripts/postgres.ts';
import { seedProducts } from '../scripts/seed/bulk.ts';
import { cpuOf } from './cpu.ts';
import { runCron, startOutside, startWorker } from './jobs.ts';
import { finish, keep } from './running.ts';

const { values } = parseArgs({
  options: {
    holds: { type: 'string', default: '200000' },
    mails: { type: 'string', default: '100000' },
    provider: { type: 'string', default: '200' },
    database: { type: 'string', default: '30' },
  },
});

/** The cron expressions with the minutes at which they first run; every hour begins with the first period. */
const CRONS = [
  { cron: '*/5 * * * *', ports: { port: 18_811, cronPort: 18_812 } },
  { cron: '2-57/5 * * * *', ports: { port: 18_813, cronPort: 18_814 } },
] as const;
const PERIODS = 12;

const HOLDS = `
  insert into hold_lines (inventory_id, cart_id, quantity, expires_at)
    select i.id, c.id, 1, now() - interval '1 minute'
    from carts c cross join (select id from inventory order by id limit 2000) i limit $1`;
const MAILS = `
  insert into outbox (kind, next_attempt_at, payload)
    select 'ORDER_STATUS', now() - n * interval '10 milliseconds', jsonb_build_object('kind', 'ORDER_STATUS',
      'to', jsonb_build_object('email', 'dana' || n || '@example.com', 'name', 'Dana Levi', 'language', (array['he', 'en', null])[1 + n % 3]),
      'params', jsonb_build_object('order_number', 'MS-' || n, 'status', 'READY'))
    from generate_series(1, $1::integer) n`;
const LEFT = `
  select (select count(*) from hold_lines)::int as holds, (select count(*) from outbox where status = 'PENDING')::int as mails,
    (select count(*) from outbox where status = 'SENT' and attempts = 1)::int as sent`;

async function openBacklog() {
  const postgres = await startPostgres();
  keep(postgres);
  const url = await makeMigrated(postgres.connectionString, 'backlog');
  await seedProducts(url, { products: 2_000, customers: 200 });
  const owner = new pg.Pool({ connectionString: url, max: 2 });
  owner.on('error', () => {});
  keep({ stop: () => owner.end() });
  await owner.query('alter table hold_lines disable trigger user');
  await owner.query(HOLDS, [values.holds]);
  await owner.query('alter table hold_lines enable trigger user');
  await owner.query(MAILS, [values.mails]);
  await owner.query('vacuum analyze');
  return { owner, appUrl: await enableAppRole(url) };
}

/** A Worker for each cron expression, behind a gateway of its own: its subrequests and processor time are told apart. */
async function openLine({ cron, ports }: (typeof CRONS)[number], appUrl: string) {
  const gateway = await startGateway();
  keep(gateway);
  gateway.control.delayMs = Number(values.database);
  const outside = await startOutside(Number(values.provider));
  const pid = await startWorker(ports, { appUrl, gatewayUrl: gateway.url, outsideUrl: outside.url });
  const spent = async () => ({
    subrequests: outside.requests + (gateway.control.seen('backlog')?.trips ?? 0),
    cpu: (await cpuOf(pid)) / 1000,
  });
  return async () => {
    const before = await spent();
    const seconds = await runCron(ports.cronPort, cron);
    const after = await spent();
    return `${cron.padEnd(15)} ${seconds.toFixed(1).padStart(6)} s  ${String(after.subrequests - before.subrequests).padStart(5)} subrequests  ${(after.cpu - before.cpu).toFixed(1).padStart(4)} s processor`;
  };
}

const { owner, appUrl } = await openBacklog();
const lines = await Promise.all(CRONS.map((each) => openLine(each, appUrl)));
for (let period = 1; period <= PERIODS; period++) {
  const told = await Promise.all(lines.map((run) => run()));
  const [left] = (await owner.query<Record<'holds' | 'mails' | 'sent', number>>(LEFT)).rows;
  console.log(
    `minute ${String(period * 5).padStart(2)}: ${left?.holds} holds and ${left?.mails} mails left, ${left?.sent} sent at the first attempt`,
  );
  for (const line of told) console.log(`  ${line}`);
  if (left?.holds === 0 && left.mails === 0) break;
}
await finish(0);
