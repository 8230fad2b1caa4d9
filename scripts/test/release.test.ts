import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { release } from '../release.ts';

let directory: string;
let server: Server;
let apiUrl: string;
let answers: number[];

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'mami-release-'));
  // Keeps a line for each call, fails to deploy what is called broken, and to roll back what is called first.
  await writeFile(
    join(directory, 'wrangler.mjs'),
    `import { appendFileSync } from 'node:fs';
     const args = process.argv.slice(2);
     appendFileSync(${JSON.stringify(join(directory, 'calls'))}, args.slice(0, 3).join(' ') + '\\n');
     if (args.includes('broken') || args[0] === 'rollback' && args.includes('first')) process.exit(1);`,
  );
  server = createServer((_, response) => response.writeHead(answers.shift() ?? 503).end('{}'));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  apiUrl = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
});
after(async () => {
  server.close();
  await rm(directory, { recursive: true });
});

async function releasing(target: string, statuses: number[]) {
  answers = statuses;
  await writeFile(join(directory, 'calls'), '');
  const wrangler = [process.execPath, join(directory, 'wrangler.mjs')];
  const failure = await release({ target, apiUrl, wrangler, pauseMs: 1 }).then(
    () => undefined,
    (error: Error) => error.message,
  );
  const calls = (await readFile(join(directory, 'calls'), 'utf8')).trim().split('\n');
  return { failure, calls };
}

test('a version that is ready, if not at once, stays', async () => {
  const { failure, calls } = await releasing('staging', [503, 200, 200]);
  assert.equal(failure, undefined);
  assert.deepEqual(calls, ['deploy --env staging']);
});

test('a version that is not ready is rolled back, and the release fails', async () => {
  const { failure, calls } = await releasing('production', [200, 503]);
  assert.match(failure ?? '', /not ready \(503 .*version before serves again/s);
  assert.deepEqual(calls, ['deploy --env production', 'rollback --env production']);
});

test('a roll-back that is refused is said beside what was not ready', async () => {
  const { failure, calls } = await releasing('first', [503]);
  assert.match(failure ?? '', /not ready \(503 .*Rolling back failed too \(wrangler ended with 1\)/s);
  assert.deepEqual(calls, ['deploy --env first', 'rollback --env first']);
});

test('a deployment that fails changes nothing, so there is nothing to roll back', async () => {
  const { failure, calls } = await releasing('broken', [200, 200]);
  assert.match(failure ?? '', /ended with 1/);
  assert.deepEqual(calls, ['deploy --env broken']);
});
