import { execFileSync } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Prepares a directory, which no other process uses, for a new server: stops a server that outlived its parent and removes a
 * stale pid file. PostgreSQL does not start with an empty or damaged pid file, nor with one whose process id now belongs to
 * another program.
 */
export async function clearLeftover(dataDirectory: string): Promise<void> {
  const file = join(dataDirectory, 'postmaster.pid');
  const firstLine = (await readFile(file, 'utf8').catch(() => '')).split('\n')[0] ?? '';
  // A negative number would signal a whole process group.
  const pid = /^[1-9]\d*$/.test(firstLine) ? Number(firstLine) : undefined;
  if (pid !== undefined && (await isServerOf(pid, dataDirectory))) await endServer(pid, dataDirectory);
  await rm(file, { force: true });
}

async function endServer(pid: number, dataDirectory: string): Promise<void> {
  process.kill(pid, 'SIGINT');
  for (const deadline = Date.now() + 30_000; await isServerOf(pid, dataDirectory); await sleep(50)) {
    if (Date.now() > deadline)
      throw new Error(`The PostgreSQL of an earlier run (pid ${pid}) does not end; end it first.`);
  }
}

/** Whether the process is a running server that we started on this directory. */
async function isServerOf(pid: number, dataDirectory: string): Promise<boolean> {
  return (await commandLine(pid)).includes(`postgres -D ${dataDirectory} -p `);
}

async function commandLine(pid: number): Promise<string> {
  try {
    // Slim Linux images have no `ps`.
    if (process.platform === 'linux') return (await readFile(`/proc/${pid}/cmdline`, 'utf8')).replaceAll('\0', ' ');
    return execFileSync('ps', ['-ww', '-p', String(pid), '-o', 'args='], { encoding: 'utf8' });
  } catch {
    return '';
  }
}
