import { readdir, readFile } from 'node:fs/promises';

/** The kernel reports hundredths of a second to programs, whatever its own resolution. */
const MS_PER_TICK = 10;

/** Processor time of a process and its descendants in milliseconds; 0 on systems other than Linux. */
export async function cpuOf(root: number | undefined): Promise<number> {
  if (root === undefined || process.platform !== 'linux') return 0;
  const processes = await Promise.all((await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(readStat));
  const family = new Set([root]);
  let ticks = 0;
  // Sorted by number, parents come before children unless the process ids wrapped around.
  for (const stat of processes.filter((stat) => stat !== undefined).sort((a, b) => a.pid - b.pid)) {
    if (stat.pid !== root && !family.has(stat.parent)) continue;
    family.add(stat.pid);
    ticks += stat.ticks;
  }
  return ticks * MS_PER_TICK;
}

async function readStat(pid: string) {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // The name in parentheses may contain spaces.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  if (fields.length < 16) return undefined;
  const [user = 0, system = 0, deadUser = 0, deadSystem = 0] = fields.slice(11, 15).map(Number);
  return { pid: Number(pid), parent: Number(fields[1]), ticks: user + system + deadUser + deadSystem };
}
