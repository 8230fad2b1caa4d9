/**
 * Deploys a version of the Worker and waits until it is ready; one that is not is rolled back to the version before. Run it after the
 * migrations, which work with both versions.
 */
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';

const ATTEMPTS = 10;
const PAUSE_MS = 3_000;

interface Release {
  /** `staging` or `production`. */
  target: string;
  /** Where the API answers, without a path. */
  apiUrl: string;
  /** Program and first arguments. */
  wrangler?: string[];
  pauseMs?: number;
}

/** @throws Error when the deployment failed, and when the new version was not ready, saying whether the version before is back */
export async function release({ target, apiUrl, wrangler = wranglerProgram(), pauseMs = PAUSE_MS }: Release) {
  await run([...wrangler, 'deploy', '--env', target]);
  const problem = await waitUntilReady(apiUrl, pauseMs);
  if (problem === undefined) return;
  const notReady = `The new version was not ready (${problem}).`;
  // Cloudflare refuses it after a migration of Durable Objects, and there is nothing before the first deployment.
  await run([...wrangler, 'rollback', '--env', target, '--yes', '--message', `not ready: ${problem}`]).catch(
    (error) => {
      throw new Error(`${notReady} Rolling back failed too (${error.message}): the new version goes on serving.`);
    },
  );
  throw new Error(`${notReady} The version before serves again.`);
}

/** Twice in a row, because the first answer may come from the version before. @returns what is wrong */
async function waitUntilReady(apiUrl: string, pauseMs: number): Promise<string | undefined> {
  let ready = 0;
  let problem = '';
  for (let attempt = 0; attempt < ATTEMPTS && ready < 2; attempt++) {
    if (attempt > 0) await sleep(pauseMs);
    problem = await fetch(new URL('/health/ready', apiUrl), { signal: AbortSignal.timeout(10_000) }).then(
      async (answer) => (answer.ok ? '' : `${answer.status} ${(await answer.text()).slice(0, 300)}`),
      (error) => String(error.cause ?? error),
    );
    ready = problem === '' ? ready + 1 : 0;
  }
  return ready < 2 ? problem : undefined;
}

function run([program = '', ...args]: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: 'inherit' });
    child.once('error', reject);
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`wrangler ended with ${code}`))));
  });
}

function wranglerProgram(): string[] {
  const require = createRequire(import.meta.url);
  return [process.execPath, join(require.resolve('wrangler/package.json'), '..', 'bin', 'wrangler.js')];
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { env: { type: 'string' }, url: { type: 'string' } } });
  const { env: target, url: apiUrl } = values;
  if (!target || !apiUrl) throw new Error('Usage: npm run release -- --env staging|production --url https://api.…');
  await release({ target, apiUrl }).catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
