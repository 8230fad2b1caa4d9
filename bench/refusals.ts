/**
 * Measures what refusals cost under Neon by the way their statement is sent: alone, when Neon's proxy closes the connection and
 * PostgreSQL loses every plan cached in it; as a transaction; or by `try_call`, which answers them. Prints PostgreSQL's processor time and the time of the clock of a
 * request, and connections opened for it, for each share of refusals; all ways in turns. `--hop` is the distance from the proxy to
 * PostgreSQL in ms.
 */
import { parseArgs } from 'node:util';
import { type SQL, sql } from 'drizzle-orm';
import { PgDialect } from 'drizzle-orm/pg-core';
import pg from 'pg';
import { enableAppRole } from '../scripts/app-role.ts';
import type { Statement } from '../scripts/gateway/batch.ts';
import { NeonCompute } from '../scripts/gateway/neon.ts';
import { makeMigrated } from '../scripts/migrate.ts';
import { startPostgres } from '../scripts/postgres.ts';
import { seedProducts } from '../scripts/seed/bulk.ts';
import { callFunction, callSql, type FunctionCall, triedCall } from '../src/db/function-call.ts';
import { cpuOf } from './cpu.ts';
import { finish, keep } from './running.ts';

const { values } = parseArgs({
  options: {
    hop: { type: 'string', default: '0' },
    shares: { type: 'string', default: '0,0.5,1,2,5,20' },
    seconds: { type: 'string', default: '3' },
  },
});
const CUSTOMERS = 8;
const TURNS = 3;
const BENCH_SIZE = '1';

interface Customer {
  user: number;
  session: number;
  item: number;
}

const anyQuantity = () => 1 + Math.floor(Math.random() * 5);

/** Adds a call of a function for a customer to the check of their session. */
type CallOf = (user: FunctionCall['user']) => FunctionCall;

const CART = { branch_id: 1, max_quantity: 100, max_lines: 50 };
type Kind = (customer: Customer, isRefused: boolean) => { session: number; call: CallOf };

const kinds: Record<string, Kind> = {
  // Refused: the product that is added is not sold.
  'cart write': ({ item, session }, isRefused) => {
    const change = isRefused
      ? { action: 'ADD', ...CART, item_id: null, product_id: 999_999_999, quantity: 1 }
      : { action: 'SET', ...CART, item_id: item, product_id: null, quantity: anyQuantity() };
    return { session, call: (user) => callFunction('change_cart', user, change) };
  },
  // Refused: the session has ended.
  'cart read': ({ session }, isRefused) => ({
    session: isRefused ? 0 : session,
    call: (user) => callFunction('read_cart', user, { branch_id: 1 }),
  }),
};

interface Sent {
  statements: Statement[];
  begin?: string;
}

interface Request {
  user: number;
  check: FunctionCall;
  call: CallOf;
}

const dialect = new PgDialect();
const sent = (query: SQL): Statement => {
  const { sql: text, params } = dialect.sqlToQuery(query);
  return { query: text, params };
};
const alone = (call: FunctionCall): Statement => sent(sql`select * from ${callSql(call)}`);
const ways: [name: string, way: (request: Request) => Sent][] = [
  ['a statement', ({ check, call }) => ({ statements: [alone(call(check))] })],
  ['a transaction of it', ({ check, call }) => ({ statements: [alone(call(check))], begin: 'begin' })],
  [
    'a transaction of two',
    ({ user, check, call }) => ({
      statements: [sent(sql`select ${callSql(check)}`), alone(call(user))],
      begin: 'begin',
    }),
  ],
  ['try_call', ({ check, call }) => ({ statements: [sent(triedCall(call(check)).sql)] })],
];

const requestOf = (kind: Kind, customer: Customer, isRefused: boolean): Request => {
  const { session, call } = kind(customer, isRefused);
  const check = { session_id: session, roles: ['CUSTOMER'], request_id: 'bench', needs_totp: false };
  return { user: customer.user, check: callFunction('begin_request', customer.user, check), call };
};

const postgres = await startPostgres();
keep(postgres);
const { url, customers } = await prepare(postgres.connectionString);
const app = await enableAppRole(url);
const compute = new NeonCompute({ size: BENCH_SIZE, hopMs: Number(values.hop) });
keep({ stop: () => compute.end() });

async function prepare(adminUrl: string): Promise<{ url: string; customers: Customer[] }> {
  const url = await makeMigrated(adminUrl, 'refusals');
  await seedProducts(url, { products: 2_000, customers: CUSTOMERS });
  const owner = new pg.Client({ connectionString: url });
  await owner.connect();
  await owner.query(
    `insert into stock_movements (inventory_id, delta, reason) select id, 1000000, 'COUNT' from inventory`,
  );
  const { rows } = await owner.query<Customer>(`
    with made as (
      insert into sessions (user_id, expires_at) select id, now() + interval '1 day' from users where role = 'CUSTOMER'
      returning id, user_id)
    select user_id as user, made.id as session,
      (select min(i.id) from cart_items i join carts c on c.id = i.cart_id where c.user_id = made.user_id) as item
    from made`);
  await owner.query('vacuum analyze');
  await owner.end();
  return { url, customers: rows };
}

/** Runs one request. @returns whether it was refused */
async function wasRefused({ statements, begin }: Sent): Promise<boolean> {
  try {
    const results = await compute.run(app, statements, begin);
    return results[0]?.fields[0]?.name === 'answer' && results[0].rows[0]?.[0]?.startsWith('[') === true;
  } catch (error) {
    if (!(error instanceof Error) || !/MSGRD|MS401/.test(error.message)) throw error;
    return true;
  }
}

const nothing = { requests: 0, databaseMs: 0, clockMs: 0, connections: 0 };

/** Adds what happens in so many seconds to the sum. */
async function load(
  requestOf: (customer: Customer, isRefused: boolean) => Sent,
  share: number,
  seconds: number,
  sum = { ...nothing },
) {
  const [cpu, opened, started] = [await cpuOf(postgres.pid), compute.opened, performance.now()];
  let [sent, refused] = [0, 0];
  const shop = async (customer: Customer) => {
    while (performance.now() - started < seconds * 1000) {
      const isRefused = ++sent * share >= refused + 1;
      if (isRefused) refused += 1;
      const at = performance.now();
      if ((await wasRefused(requestOf(customer, isRefused))) !== isRefused) throw new Error('Not what was expected');
      sum.clockMs += performance.now() - at;
    }
  };
  await Promise.all(customers.map(shop));
  sum.requests += sent;
  sum.connections += compute.opened - opened;
  sum.databaseMs += (await cpuOf(postgres.pid)) - cpu;
}

console.log(['request'.padEnd(26), 'sent as'.padEnd(22), 'PostgreSQL ms', 'clock ms', 'connections'].join('  '));
for (const [kind, asked] of Object.entries(kinds)) {
  for (const percent of values.shares.split(',')) {
    const turns = ways.map(([name, way]) => ({
      name,
      sum: { ...nothing },
      of: (customer: Customer, isRefused: boolean) => way(requestOf(asked, customer, isRefused)),
    }));
    for (const { of } of turns) await load(of, Number(percent) / 100, 0.3);
    for (let turn = 0; turn < TURNS; turn++) {
      for (const { of, sum } of turns) await load(of, Number(percent) / 100, Number(values.seconds) / TURNS, sum);
    }
    for (const { name, sum } of turns) {
      const each = (total: number, digits: number) => (total / sum.requests).toFixed(digits);
      const cells = [
        each(sum.databaseMs, 3).padStart(13),
        each(sum.clockMs, 1).padStart(8),
        each(sum.connections, 3).padStart(11),
      ];
      console.log([`${kind}, ${percent} % refused`.padEnd(26), name.padEnd(22), ...cells].join('  '));
    }
  }
}
await finish(0);
