/** Many sockets on the floor of one branch while an order is picked line by line: `npm run bench:live -- --sockets 5000 --lines 50`. */
import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { sign } from 'hono/jwt';
import pg from 'pg';
import { enableAppRole } from '../scripts/app-role.ts';
import { startGateway } from '../scripts/gateway.ts';
import { makeMigrated } from '../scripts/migrate.ts';
import { startPostgres } from '../scripts/postgres.ts';
import { seedProducts } from '../scripts/seed/bulk.ts';
import type { Heard, LiveJob, LiveResult } from './followers.ts';
import { summary } from './job.ts';
import { fail, finish, keep } from './running.ts';
import { apiVars, JWT_SECRET } from './site.ts';
import { startWorkerd } from './workerd.ts';

const { values } = parseArgs({
  options: {
    sockets: { type: 'string', default: '300' },
    lines: { type: 'string', default: '100' },
    'per-second': { type: 'string' },
  },
});
const [sockets, lines] = [Number(values.sockets), Number(values.lines)];
/** One thread of workerd serves the room and all requests here: it must not be busy with the room alone. */
const MOST_MESSAGES = 10_000;
const perSecond = Number(values['per-second'] ?? Math.max(1, Math.min(10, Math.floor(MOST_MESSAGES / sockets))));
if (!(sockets > 0 && lines > 1 && lines <= 200 && perSecond > 0))
  throw new Error('--sockets, --lines and --per-second take numbers, --lines 2 to 200');

const PORT = 18_817;
const API = `http://127.0.0.1:${PORT}`;
const BRANCH_ID = 1;
/** Whatever happens, everything is stopped by then. */
const LONGEST_MS = 10 * 60_000;

const say = (line: string) => console.error(`· ${line}`);

interface Shop {
  owner: pg.Pool;
  worker: number | undefined;
}

async function openShop(): Promise<Shop> {
  say('Starting PostgreSQL, the gateway and the production bundle on workerd…');
  const postgres = await startPostgres();
  keep(postgres);
  const url = await makeMigrated(postgres.connectionString, 'live');
  await seedProducts(url, { products: 2_000, customers: 1, linesPerCart: lines });
  const owner = new pg.Pool({ connectionString: url, max: 2 });
  owner.on('error', () => {});
  keep({ stop: () => owner.end() });
  await owner.query('vacuum analyze');
  const gateway = await startGateway({ maxConnections: 4, socketDirectory: postgres.socketDirectory });
  keep(gateway);
  const vars = {
    ...apiVars,
    DATABASE_URL: await enableAppRole(url),
    DATABASE_GATEWAY_URL: gateway.url,
  };
  const workerd = await startWorkerd(false, [{ name: 'api', bundle: 'api', port: PORT, vars }]);
  keep(workerd);
  return { owner, worker: workerd.pid };
}

/** A session for each of so many users of a role, who are made if need be. */
async function tokensOf(owner: pg.Pool, role: 'CUSTOMER' | 'EMPLOYEE', count: number): Promise<string[]> {
  await owner.query(
    `insert into users (email, password_hash, full_name, role)
     select 'follower-' || n || '@mami.local', (select min(password_hash) from users), 'Bench Follower', $1
     from generate_series((select count(*) from users where role = $1) + 1, $2::integer) n`,
    [role, count],
  );
  const { rows } = await owner.query<{ id: number; user_id: number }>(
    `insert into sessions (user_id, expires_at)
     select id, now() + interval '1 day' from users where role = $1 order by id limit $2 returning id, user_id`,
    [role, count],
  );
  const exp = Math.floor(Date.now() / 1000) + 3600;
  return Promise.all(
    rows.map(({ id, user_id }) => sign({ sub: String(user_id), sid: id, role, type: 'access', exp }, JWT_SECRET)),
  );
}

/** An order of the customer's whole cart, to be collected at the branch. */
async function buy({ owner }: Shop): Promise<{ orderId: number; itemIds: number[] }> {
  const [token] = await tokensOf(owner, 'CUSTOMER', 1);
  const { rows } = await owner.query(
    `select c.id as cart_id, t.id as card_id from carts c join payment_tokens t using (user_id)`,
  );
  const [{ cart_id, card_id }] = rows as [{ cart_id: number; card_id: number }];
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': 'live' };
  const body = { cart_id, fulfillment_type: 'PICKUP', branch_id: BRANCH_ID, payment_token_id: card_id };
  const init = { method: 'POST', headers, body: JSON.stringify(body) };
  const answer = await fetch(`${API}/api/v1/checkout/confirm`, init);
  if (!answer.ok) throw new Error(`The purchase was answered with ${answer.status}: ${await answer.text()}`);
  const { data } = (await answer.json()) as { data: { order_id: number } };
  const items = await owner.query<{ id: number }>('select id from order_items where order_id = $1 order by id', [
    data.order_id,
  ]);
  return { orderId: data.order_id, itemIds: items.rows.map(({ id }) => id) };
}

async function measure({ owner, worker }: Shop, order: Awaited<ReturnType<typeof buy>>): Promise<LiveResult> {
  const [picker = '', ...tokens] = await tokensOf(owner, 'EMPLOYEE', sockets + 1);
  const load: ChildProcess = fork(join(import.meta.dirname, 'followers.ts'));
  keep({ stop: async () => void load.kill() });
  const job: LiveJob = { api: API, worker, branchId: BRANCH_ID, tokens, picker, perSecond, ...order };
  return new Promise((resolve, reject) => {
    load.once('exit', () => reject(new Error('The process of the sockets has ended.')));
    load.once('message', ({ result, error }: { result?: LiveResult; error?: string }) => {
      if (result) resolve(result);
      else reject(new Error(error));
    });
    load.send(job);
  });
}

const mib = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
const times = (all: number[]): string => {
  const { p50, p99 } = summary(all);
  return `p50 ${p50.toFixed(0)} ms, p99 ${p99.toFixed(0)} ms, most ${Math.max(...all).toFixed(0)} ms`;
};
const rowsOf = (title: string, heard: Heard[]): [string, string][] => [
  [`${title}: answered`, times(heard.map(({ answer }) => answer))],
  ['  first socket hears', times(heard.map(({ first }) => first))],
  ['  last socket hears', times(heard.map(({ last }) => last))],
];

function report({ openSeconds, singly, rush, signOut, memory, cpu, bytes, afterAll, lost }: LiveResult): void {
  const picked = singly.length + rush.length;
  const rows: [string, string][] = [
    ['sockets', `${sockets}, each of another employee`],
    ['all open after', `${openSeconds.toFixed(1)} s; ${(cpu.open / sockets).toFixed(2)} ms of workerd a socket`],
    ...rowsOf('lines singly', singly),
    ...rowsOf(`${perSecond} lines a second`, rush),
    ['workerd for a line', `${(cpu.lines / picked).toFixed(1)} ms`],
    ['signed out, closed after', `${signOut.toFixed(0)} ms`],
    ['memory of workerd', `${mib(memory.before)} before, ${mib(memory.open)} open, ${mib(memory.most)} at most`],
    ['memory of a socket', `${((memory.open - memory.before) / 1024 / sockets).toFixed(1)} KiB`],
    ['sent to begin with', mib(bytes.snapshots)],
    ['sent for a line', `${mib(bytes.lines / picked)}; ${Math.round(bytes.lines / picked / sockets)} bytes a socket`],
    ['all hang up, next one in', `${afterAll.toFixed(0)} ms`],
    ['lost sockets', String(lost)],
  ];
  for (const [name, value] of rows) console.log(`${name.padEnd(26)}${value}`);
}

async function bench(): Promise<void> {
  const shop = await openShop();
  const order = await buy(shop);
  say(`${sockets} sockets, ${order.itemIds.length} lines…`);
  report(await measure(shop, order));
}

setTimeout(() => {
  console.error('The measurement takes too long.');
  void finish(1);
}, LONGEST_MS).unref();
bench().then(() => finish(0), fail);
