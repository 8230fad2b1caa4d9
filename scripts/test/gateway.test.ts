import assert from 'node:assert/strict';
import { connect, createServer, type Socket } from 'node:net';
import { after, before, it } from 'node:test';
import pg from 'pg';
import { type Gateway, startGateway } from '../gateway.ts';
import { type Postgres, startPostgres } from '../postgres.ts';

const limit = { timeout: 60_000 };
let postgres: Postgres;
let gateway: Gateway;
let admin: pg.Client;
before(async () => {
  postgres = await startPostgres();
  gateway = await startGateway();
  admin = new pg.Client({ connectionString: postgres.connectionString });
  await admin.connect();
}, limit);
after(async () => {
  await admin.end();
  await gateway.stop();
  await postgres.stop();
});

async function ask(body: unknown, connectionString = postgres.connectionString) {
  const response = await fetch(gateway.url, {
    method: 'POST',
    headers: { 'neon-connection-string': connectionString },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

/** The process id of the server process that runs a statement, as soon as it runs. */
async function serving(statement: string): Promise<number> {
  for (;;) {
    const sleeping = `select pid from pg_stat_activity where query = $1 and wait_event = 'PgSleep'`;
    const { rows } = await admin.query<{ pid: number }>(sleeping, [statement]);
    if (rows[0]) return rows[0].pid;
  }
}

const worksAgain = async (connectionString?: string) => {
  const { status, body } = await ask({ query: 'select 1 as one' }, connectionString);
  assert.deepEqual([status, body.rows], [200, [{ one: '1' }]]);
};

for (const [what, bodyOf] of [
  ['statement', (query: string) => ({ query })],
  ['batch', (query: string) => ({ queries: [{ query: 'select 1' }, { query }] })],
] as const) {
  it(
    `a ${what} whose connection PostgreSQL ends is answered in its words, and the next request works`,
    limit,
    async () => {
      const statement = `select pg_sleep(50), '${what}'`;
      const answer = ask(bodyOf(statement));
      await admin.query('select pg_terminate_backend($1)', [await serving(statement)]);
      const { status, body } = await answer;
      assert.deepEqual([status, body.code, body.severity], [400, '57P01', 'FATAL']);
      await worksAgain();
    },
  );
}

it('a statement whose connection breaks is answered without a code, and the next request works', limit, async () => {
  const sockets = new Set<Socket>();
  const line = createServer((socket) => {
    const onward = connect(postgres.port, '127.0.0.1');
    for (const end of [socket, onward]) sockets.add(end.on('error', () => {}));
    socket.pipe(onward).pipe(socket);
  });
  await new Promise<void>((resolve) => line.listen(0, '127.0.0.1', resolve));
  const address = line.address();
  assert.ok(typeof address === 'object' && address);
  const url = new URL(postgres.connectionString);
  url.port = String(address.port);
  try {
    const statement = `select pg_sleep(50), 'line'`;
    const answer = ask({ query: statement }, url.href);
    await serving(statement);
    for (const socket of sockets) socket.destroy();
    const { status, body } = await answer;
    assert.deepEqual([status, body.code], [400, '']);
    await worksAgain(url.href);
  } finally {
    for (const socket of sockets) socket.destroy();
    line.close();
  }
});
