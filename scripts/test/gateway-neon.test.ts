import assert from 'node:assert/strict';
import { after, afterEach, before, it } from 'node:test';
import pg from 'pg';
import type { NeonOptions } from '../gateway/neon.ts';
import { type Gateway, startGateway } from '../gateway.ts';
import { type Postgres, startPostgres } from '../postgres.ts';

const limit = { timeout: 60_000 };
let postgres: Postgres;
let gateway: Gateway;
let admin: pg.Client;
before(async () => {
  postgres = await startPostgres();
  admin = new pg.Client({ connectionString: postgres.connectionString });
  await admin.connect();
  await admin.query('create table late (id int primary key deferrable initially deferred)');
}, limit);
after(async () => {
  await admin.end();
  await postgres.stop();
});
afterEach(() => gateway.stop());

const open = async (options: NeonOptions = {}) => {
  gateway = await startGateway({ likeNeon: options });
};

type Said = { rows: string[][] } & Record<'message' | 'code' | 'severity' | 'constraint', string>;

async function ask(body: unknown) {
  const response = await fetch(gateway.url, {
    method: 'POST',
    headers: { 'neon-connection-string': postgres.connectionString, 'neon-array-mode': 'true' },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Said };
}

/** The server process of the connection that serves a single request. */
const servedBy = async () => (await ask({ query: 'select pg_backend_pid()' })).body.rows[0]?.[0];

/** So many requests at once, each on a connection of its own. @returns their answers */
async function atOnce(count: number) {
  await admin.query('select pg_advisory_lock(1)');
  const answers = Promise.all(
    Array.from({ length: count }, () => ask({ query: 'select pg_advisory_xact_lock_shared(1)' })),
  );
  const waiting = () =>
    admin.query(`select count(*)::int as n from pg_locks where locktype = 'advisory' and not granted`);
  const most = Math.min(count, 97);
  while ((await waiting()).rows[0].n < most);
  await admin.query('select pg_advisory_unlock(1)');
  return answers;
}

it(
  'each statement of a batch, its begin and its commit are a round trip to PostgreSQL; a single statement is one',
  limit,
  async () => {
    await open({ hopMs: 40 });
    await servedBy();
    const took = async (body: unknown) => {
      const started = performance.now();
      assert.equal((await ask(body)).status, 200);
      return performance.now() - started;
    };
    const one = { query: 'select 1' };
    const batch = await took({ queries: [one, one, one, one] });
    assert.ok(batch >= 6 * 39, `${batch} ms`);
    const single = await took(one);
    assert.ok(single >= 39 && single < batch, `${single} ms`);
  },
);

it('a single statement that fails closes its connection; a batch that fails keeps it', limit, async () => {
  await open();
  const first = await servedBy();
  const refused = await ask({ queries: [{ query: 'select 1' }, { query: 'select 1 / 0' }] });
  assert.deepEqual([refused.status, refused.body.code], [400, '22012']);
  assert.equal(await servedBy(), first);
  const alone = await ask({ query: 'select 1 / 0' });
  assert.deepEqual([alone.status, alone.body.code], [400, '22012']);
  assert.notEqual(await servedBy(), first);
});

it('a commit that fails closes its connection', limit, async () => {
  await open();
  const first = await servedBy();
  const twice = { query: 'insert into late values (1)' };
  const { status, body } = await ask({ queries: [twice, twice] });
  assert.deepEqual([status, body.code, body.constraint], [400, '23505', 'late_pkey']);
  assert.notEqual(await servedBy(), first);
});

it('connections are opened without waiting for others, and twenty of them are kept', limit, async () => {
  await open();
  for (const { status } of await atOnce(25)) assert.equal(status, 200);
  assert.equal(gateway.neon?.opened, 25);
  for (const { status } of await atOnce(25)) assert.equal(status, 200);
  assert.equal(gateway.neon?.opened, 30);
});

it('past the connections of the compute PostgreSQL refuses them, with the status 500', limit, async () => {
  await open({ size: '0.25' });
  const answers = await atOnce(100);
  const refused = answers.filter(({ status }) => status === 500);
  assert.equal(refused.length, 3);
  for (const { body } of refused) {
    assert.deepEqual([body.code, body.severity], ['53300', 'FATAL']);
    assert.match(body.message, /^remaining connection slots are reserved/);
  }
});

it('a suspended compute is waited for', limit, async () => {
  await open({ wakeMs: 200 });
  const before = await servedBy();
  await gateway.neon?.suspend();
  const started = performance.now();
  assert.notEqual(await servedBy(), before);
  assert.ok(performance.now() - started >= 199);
});

it('a compute is suspended when nothing has been asked for long enough', limit, async () => {
  await open({ wakeMs: 0, suspendAfterMs: 1 });
  const before = await servedBy();
  const idleSince = Date.now();
  while (Date.now() - idleSince < 3);
  assert.notEqual(await servedBy(), before);
});

it('one that does not wake in time is a 500 without a code, and answers later', limit, async () => {
  await open();
  await gateway.neon?.suspend({ wakeMs: 400, wakeLimitMs: 20 });
  const { status, body } = await ask({ query: 'select 1' });
  assert.deepEqual([status, body], [500, { message: "Couldn't connect to compute node", code: '', severity: '' }]);
  while ((await ask({ query: 'select 1' })).status !== 200);
});

it('requests and answers of more than 64 MiB are refused', limit, async () => {
  await open();
  const request = await ask({ query: `select length('${'x'.repeat(64 * 1024 * 1024)}')` });
  assert.deepEqual([request.status, request.body.message], [413, 'request is too large (max is 67108864 bytes)']);
  const answer = await ask({ query: `select repeat('x', 67108864)` });
  assert.deepEqual([answer.status, answer.body.message], [507, 'response is too large (max is 67108864 bytes)']);
});
