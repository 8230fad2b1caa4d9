/**
 * Measures what refusals cost under Neon by the way their statement is sent: alone, when Neon's proxy closes the connection and
 * PostgreSQL loses every plan cached in it, or as a transaction. Prints PostgreSQL's processor time and the time of the clock of a
 * request, and connections opened for it, for each share of refusals; all ways in turns. `--hop` is the distance from the proxy to
 * PostgreSQL in ms.
 */
import { parseArgs } from 'node:util';
import pg from 'pg';
import { enableAppRole } from '../scripts/app-role.ts';
import type { Statement } from '../scripts/gateway/batch.ts';
import { NeonCompute } from '../scripts/gateway/neon.ts';
import { makeMigrated } from '../scripts/migrate.ts';
import { startPostgres } from '../scripts/postgres.ts';
import { seedProducts } from '../scripts/seed/bulk.ts';
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

/** A call of a function for a customer: `$1` and `$2` are the session and the user, and the rest are the function's own. */
interface Work {
  name: string;
  rest: string;
  params: (string | number)[];
}

type Request = { session: number; user: number } & Work;

const anyQuantity = () => 1 + Math.floor(Math.random() * 5);

const kinds: Record<string, (customer: Customer, isRefused: boolean) => Request> = {
  // Refused: the product that is added is not sold.
  'cart write': ({ item, ...customer }, isRefused) =>
    isRefused
      ? { ...customer, name: 'change_cart', rest: `'ADD', 1, 100, 50, null, $3, $4`, params: [999_999_999, 1] }
      : { ...customer, name: 'change_cart', rest: `'SET', 1, 100, 50, $3, null, $4`, params: [item, anyQuantity()] },
  // Refused: the session has ended.
  'cart read': ({ user, session }, isRefused) => ({
    user,
    session: isRefused ? 0 : session,
    name: 'read_cart',
    rest: '1',
    params: [],
  }),
};

interface Sent {
  statements: Statement[];
  begin?: string;
}

const caller = `begin_request($1, $2, '{CUSTOMER}', 'bench', false)`;
const alone = ({ name, rest, params, session, user }: Request): Statement => ({
  query: `select * from ${name}(${caller}, ${rest})`,
  params: [session, user, ...params],
});
const ways: [name: string, way: (request: Request) => Sent][] = [
  ['a statement', (request) => ({ statements: [alone(request)] })],
  ['a transaction of it', (request) => ({ statements: [alone(request)], begin: 'begin' })],
  [
    'a transaction of two',
    ({ name, rest, params, session, user }) => ({
      begin: 'begin',
      statements: [
        { query: `select ${caller}`, params: [session, user] },
        {
          query: `select * from ${name}($1, ${rest.replace('$3', '$2').replace('$4', '$3')})`,
          params: [user, ...params],
        },
      ],
    }),
  ],
];

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
    await compute.run(app, statements, begin);
    return false;
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
for (const [kind, requestOf] of Object.entries(kinds)) {
  for (const percent of values.shares.split(',')) {
    const turns = ways.map(([name, way]) => ({
      name,
      sum: { ...nothing },
      of: (customer: Customer, isRefused: boolean) => way(requestOf(customer, isRefused)),
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
