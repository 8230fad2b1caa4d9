import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { freePort } from '../free-port.ts';
import { makeDirectory } from '../postgres.ts';

const limit = { timeout: 180_000 };

/** A development run and its output. */
class Run {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  text = '';

  constructor(data: string, port: number) {
    this.child = spawn(process.execPath, ['scripts/dev.ts', '--data', data, '--port', String(port), '--webhooks'], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, DATABASE_URL: '' },
    });
    for (const stream of [this.child.stdout, this.child.stderr]) stream?.on('data', (chunk) => (this.text += chunk));
    this.ended = new Promise((resolve) => this.child.once('close', resolve));
  }

  async says(words: string): Promise<void> {
    const said = new Promise<void>((resolve) => {
      const listen = () => this.text.includes(words) && resolve();
      this.child.stdout?.on('data', listen);
      listen();
    });
    const silent = this.ended.then(() => assert.fail(`The run has ended: ${this.text}`));
    await Promise.race([said, silent]);
  }
}

/** The bundle as a debugger sees it. VS Code sends no `Origin`; Node's sockets need one. */
function scriptOfWorker(url: string): Promise<{ url: string; sourceMapURL: string }> {
  const socket = new WebSocket(url, { headers: { origin: 'http://localhost' } });
  return new Promise<{ url: string; sourceMapURL: string }>((found, fail) => {
    socket.onerror = () => fail(new Error(`No debugger at ${url}`));
    socket.onopen = () => socket.send(JSON.stringify({ id: 1, method: 'Debugger.enable' }));
    socket.onmessage = ({ data }) => {
      const { method, params } = JSON.parse(String(data));
      if (method === 'Debugger.scriptParsed' && params.sourceMapURL) found(params);
    };
  }).finally(() => socket.close());
}

describe('npm run dev', () => {
  let directory: string;
  let port: number;
  let winner: Run;
  const runs: Run[] = [];
  const start = (data: string, onPort: number) => {
    const run = new Run(join(directory, data), onPort);
    runs.push(run);
    return run;
  };
  before(async () => {
    directory = await makeDirectory('mami-dev-test-');
    port = await freePort();
  });
  after(async () => {
    for (const run of runs) {
      run.child.kill('SIGINT');
      await run.ended;
    }
    await rm(directory, { recursive: true, force: true });
  }, limit);

  it('twice at once from one checkout runs once, and the other says what to do', limit, async () => {
    const [one, two] = [start('data', port), start('data', port)];
    const first = await Promise.race([one.ended.then(() => one), two.ended.then(() => two)]);
    winner = first === one ? two : one;
    assert.equal(first.child.exitCode, 1);
    assert.match(first.text, /^Another npm run dev .*works on .*--data DIR --port N\.$/m);
    await winner.says('Ctrl-C stops everything');
  });

  it('tells of a request in one line, and of jobs that do nothing in none', limit, async () => {
    const base = `http://127.0.0.1:${port}`;
    const jobs = () => fetch(`${base}/cdn-cgi/local/scheduled?cron=${encodeURIComponent('*/5 * * * *')}`);
    // The demo shop leaves work for the first run of the jobs.
    await jobs();
    await winner.says('job publish_events: published');
    const before = winner.text.length;
    await jobs();
    await fetch(`${base}/api/v1/catalog/categories`);
    await winner.says('GET /api/v1/catalog/categories 200');
    const lines = winner.text.slice(before).trim().split('\n');
    assert.match(
      lines.at(-1) ?? '',
      /^\d\d:\d\d:\d\d GET \/api\/v1\/catalog\/categories 200 {2}\d+ ms, database 1 × in \d+ ms$/,
    );
    assert.deepEqual(
      lines.filter((line) => line.includes(' job ')),
      [],
    );
    assert.doesNotMatch(winner.text, /\{"level"|env\.JWT_SECRET_KEY/);
  });

  it('lets a debugger attach, which finds the source of each line', limit, async () => {
    const [, address] = /Debugger (\S+)/.exec(winner.text) ?? [];
    const { url, sourceMapURL } = await scriptOfWorker(`ws://${address}/ws`);
    const map = JSON.parse(await readFile(new URL(sourceMapURL, url), 'utf8'));
    const sources = map.sources.map((source: string) => resolve(map.sourceRoot, source));
    assert.ok(sources.includes(resolve('src/features/cart/commands.ts')), sources.join('\n'));
  });

  it('has its database found by db:psql, which says what to install where there is no psql', limit, async () => {
    const script = ['scripts/psql.ts', '--data', join(directory, 'data')];
    const psql = spawnSync(process.execPath, script, { encoding: 'utf8', env: { PATH: '' } });
    assert.equal(psql.status, 1);
    assert.match(psql.stderr, /^psql is not installed .*db:studio needs nothing.*\n$/);
  });

  it('is refused while another one runs, which goes on', limit, async () => {
    const second = start('data', await freePort());
    assert.equal(await second.ended, 1);
    assert.match(second.text, new RegExp(`^Another npm run dev \\(pid ${winner.child.pid}\\)`));
    assert.equal((await fetch(`http://127.0.0.1:${port}/health/ready`)).status, 200);
  });

  it('with --webhooks shows each event right after the change', limit, async () => {
    const call = async (method: string, path: string, body: object, headers = {}) => {
      const init = { method, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
      const answer = await fetch(`http://127.0.0.1:${port}/api/v1${path}`, init);
      assert.equal(answer.status, 200);
      return ((await answer.json()) as { data: Record<string, unknown> }).data;
    };
    const account = { email: 'manager@mami.local', password: 'Password1' };
    const { access_token } = await call('POST', '/auth/login', account);
    const headers = { authorization: `Bearer ${access_token}` };
    await call('PATCH', '/admin/products/1', { name: 'Milk of the test' }, headers);
    await winner.says('product.updated, product 1 ');
    assert.match(winner.text, /^· Webhook evt_\d+: product\.updated, product 1 version \d+ .*Milk of the test/m);
  });

  it('on a busy port names --port', limit, async () => {
    const second = start('other', port);
    assert.equal(await second.ended, 1);
    assert.match(second.text, new RegExp(`Port ${port} is in use.*--port`));
  });

  it('ends when its PostgreSQL does, and says so', limit, async () => {
    const content = await readFile(join(directory, 'data', 'postgres', 'postmaster.pid'), 'utf8');
    process.kill(Number(content.split('\n')[0]), 'SIGKILL');
    assert.equal(await winner.ended, 1);
    assert.match(winner.text, /^PostgreSQL has ended \(SIGKILL\)/m);
    await assert.rejects(fetch(`http://127.0.0.1:${port}/health`));
  });
});
