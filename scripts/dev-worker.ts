import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DevLog, tell } from './dev-log.ts';
import { tether } from './tether.ts';

interface WorkerOptions {
  port: number;
  /** Directory of the Durable Objects' storage. */
  data: string;
  devVars: string;
  /** Variables that add to or override those in the file. */
  vars: Record<string, string>;
  /** Where a debugger attaches. */
  inspectorPort: number;
  /** Leaves the Worker's lines of JSON as they are. */
  jsonLogs: boolean;
  onExit: () => void;
}

export const isBusy = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });

/** @param flag what chooses another port */
export async function refuseBusyPort(flag: '--port' | '--inspect', port: number): Promise<void> {
  if (!(await isBusy(port))) return;
  throw new Error(`Port ${port} is in use; stop what listens there, or choose another one with ${flag} N.`);
}

/** `wrangler dev` in its own process group; `ready` resolves once it serves requests. */
export async function startWorker({ port, data, devVars, vars, inspectorPort, jsonLogs, onExit }: WorkerOptions) {
  const directory = await mkdtemp(join(tmpdir(), 'mami-worker-'));
  const varsFile = join(directory, 'vars');
  const lines = Object.entries(vars).map(([name, value]) => `${name}="${value}"`);
  await writeFile(varsFile, lines.join('\n'), { mode: 0o600 });
  const files = ['--env-file', devVars, '--env-file', varsFile];
  const output = jsonLogs ? 'inherit' : 'pipe';
  const wrangler = spawn(
    process.execPath,
    [
      wranglerProgram(),
      'dev',
      '--port',
      String(port),
      ...files,
      '--persist-to',
      join(data, 'worker'),
      '--inspector-port',
      String(inspectorPort),
      ...quiet,
    ],
    {
      detached: true,
      stdio: ['ignore', output, output],
      env: {
        ...process.env,
        MAMI_EXAMPLE_PAGE: 'true',
        WRANGLER_SEND_METRICS: 'false',
        WRANGLER_HIDE_BANNER: 'true',
        CLOUDFLARE_CF_FETCH_ENABLED: 'false',
      },
    },
  );
  const letGo = tether(wrangler, directory);
  const log = new DevLog();
  tell(log, [wrangler.stdout, wrangler.stderr], console.log);
  wrangler.once('exit', onExit);
  return {
    ready: answers(wrangler, port).catch((error) => {
      for (const line of log.beforeReady) console.error(line);
      throw error;
    }),
    stop: async () => {
      wrangler.off('exit', onExit);
      await endGroup(wrangler);
      letGo();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

const quiet = ['--ip', '127.0.0.1', '--show-interactive-dev-session=false'];

function wranglerProgram(): string {
  const require = createRequire(import.meta.url);
  const { bin } = require('wrangler/package.json') as { bin: { wrangler: string } };
  return join(require.resolve('wrangler/package.json'), '..', bin.wrangler);
}

async function answers(wrangler: ChildProcess, port: number): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (wrangler.exitCode === null && Date.now() < deadline) {
    const answered = await fetch(`http://127.0.0.1:${port}/health`).then(
      () => true,
      () => false,
    );
    if (answered) return;
    await sleep(200);
  }
  throw new Error('The Worker did not start.');
}

/** Asks the process group to end, and kills it after five seconds. */
async function endGroup(leader: ChildProcess): Promise<void> {
  if (leader.pid === undefined) return;
  const gone = () => {
    try {
      process.kill(-(leader.pid ?? 0), 0);
      return false;
    } catch {
      return true;
    }
  };
  signal(leader.pid, 'SIGINT');
  for (const deadline = Date.now() + 5000; !gone() && Date.now() < deadline; ) await sleep(50);
  if (!gone()) signal(leader.pid, 'SIGKILL');
}

function signal(group: number, name: NodeJS.Signals): void {
  try {
    process.kill(-group, name);
  } catch {
    // It has already ended.
  }
}
