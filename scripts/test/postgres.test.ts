import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmod, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import pg from 'pg';
import { postgresAccount } from '../postgres/account.ts';
import { makeDirectory, startPostgres } from '../postgres.ts';

const limit = { timeout: 60_000 };
let directory: string;
let dataDirectory: string;
let pidFile: string;
before(async () => {
  directory = await makeDirectory('mami-postgres-test-');
  dataDirectory = join(directory, 'postgres');
  pidFile = join(dataDirectory, 'postmaster.pid');
});
after(() => rm(directory, { recursive: true, force: true }));

async function answers(connectionString: string): Promise<boolean> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return (await client.query('select 1')).rowCount === 1;
  } finally {
    await client.end();
  }
}

const isAlive = ({ exitCode, signalCode }: ChildProcess) => exitCode === null && signalCode === null;

async function end(child: ChildProcess): Promise<void> {
  if (!isAlive(child)) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
}

describe('one data directory', () => {
  it('of two first starts at once lets one win and refuses the other', limit, async () => {
    const starts = await Promise.allSettled([startPostgres({ dataDirectory }), startPostgres({ dataDirectory })]);
    const won = starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []));
    const lost = starts.flatMap((start) => (start.status === 'rejected' ? [start.reason.message] : []));
    try {
      assert.equal(won.length, 1, lost.join());
      assert.match(lost.join(), /is locked by/);
      assert.ok(await answers(won[0]?.connectionString ?? ''));
    } finally {
      for (const server of won) await server.stop();
    }
  });

  it('refuses a second server, even a fresh one, and leaves the first alone', limit, async () => {
    const first = await startPostgres({ dataDirectory });
    try {
      await assert.rejects(startPostgres({ dataDirectory, fresh: true }), { message: new RegExp(`${process.pid}`) });
      assert.ok(await answers(first.connectionString));
    } finally {
      await first.stop();
    }
  });

  it('is taken over from a server that outlived its parent', limit, async () => {
    const program = `import { startPostgres } from './scripts/postgres.ts';
await startPostgres({ dataDirectory: ${JSON.stringify(dataDirectory)} });
console.log('started');
setInterval(() => {}, 1000);`;
    const parent = spawn(process.execPath, ['--input-type=module', '--eval', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, TMPDIR: directory },
    });
    await new Promise((resolve) => parent.stdout.once('data', resolve));
    const leftover = Number((await readFile(pidFile, 'utf8')).split('\n')[0]);
    // Without the shell that normally stops the server, as when the system runs out of memory.
    for (const shell of childrenOf(parent.pid, 'sh')) process.kill(shell, 'SIGKILL');
    await end(parent);
    assert.ok(isRunning(leftover));
    const next = await startPostgres({ dataDirectory });
    try {
      assert.ok(!isRunning(leftover));
      assert.ok(await answers(next.connectionString));
    } finally {
      await next.stop();
    }
  });
});

/** Whether a process runs; one that has ended but was not reaped yet does not. */
function isRunning(pid: number): boolean {
  const states = execFileSync('ps', ['-A', '-o', 'pid=,stat='], { encoding: 'utf8' }).split('\n');
  return states.some((line) => new RegExp(`^\\s*${pid}\\s+[^Z]`).test(line));
}

function childrenOf(parent: number | undefined, program: string): number[] {
  return execFileSync('ps', ['-A', '-o', 'pid=,ppid=,comm='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, ppid, name]) => Number(ppid) === parent && name === program)
    .map(([pid]) => Number(pid));
}

describe('a pid file that no server of ours stands behind', () => {
  const startsWith = async (content: string) => {
    await writeFile(pidFile, content);
    const server = await startPostgres({ dataDirectory });
    try {
      assert.ok(await answers(server.connectionString));
    } finally {
      await server.stop();
    }
  };

  for (const [what, content] of [
    ['is empty', ''],
    ['is garbled', '\0\0garbage\n'],
    ['names a process group', '-1\n'],
    ['names a process that is gone', '4194304\n'],
  ] as const) {
    it(`does not stand in the way when it ${what}`, limit, () => startsWith(content));
  }

  it('does not stand in the way when its number belongs to another program, which lives on', limit, async () => {
    // A program of the same account with the data path in its command line.
    const { uid, gid } = await stat(dataDirectory);
    const other = spawn('tail', ['-f', join(dataDirectory, 'PG_VERSION')], { stdio: 'ignore', uid, gid });
    try {
      const place = `${dataDirectory}\n1700000000\n5432\n\n127.0.0.1\n`;
      await startsWith(`${other.pid}\n${place}`);
      assert.ok(isAlive(other));
    } finally {
      await end(other);
    }
  });
});

it('the account for PostgreSQL may be made by another run at the same moment', limit, async () => {
  const made = join(directory, 'account');
  const programs = {
    id: `[ -f ${made} ] || exit 1; echo 1234`,
    groupadd: 'exit 0',
    // useradd's exit when another run created the account first.
    useradd: `: > ${made}; exit 9`,
  };
  for (const [name, script] of Object.entries(programs)) {
    await writeFile(join(directory, name), `#!/bin/sh\n${script}\n`);
    await chmod(join(directory, name), 0o755);
  }
  const path = process.env.PATH;
  process.env.PATH = directory;
  try {
    assert.deepEqual(await postgresAccount(), { uid: 1234, gid: 1234 });
  } finally {
    process.env.PATH = path;
  }
});
