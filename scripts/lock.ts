import { readFile, rm, writeFile } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';

/** Another process holds the lock. */
export class Locked extends Error {
  readonly pid: number | undefined;

  constructor(file: string, pid: number | undefined) {
    super(`${file} is locked by ${pid === undefined ? 'another process' : `the process ${pid}`}.`);
    this.pid = pid;
  }
}

const sqliteBusy = 5;
/** Keeps the databases referenced: a garbage-collected one would be closed and its lock released. */
const held = new Set<DatabaseSync>();

/**
 * Takes a lock that ends with this process, even after a crash: SQLite locks the file through the operating system. The file is
 * kept, because removing it would let two processes lock two files of the same name.
 *
 * @throws Locked
 */
export async function takeLock(file: string): Promise<{ release(): Promise<void> }> {
  const pidFile = `${file}.pid`;
  const database = new DatabaseSync(file);
  try {
    database.exec('begin exclusive');
  } catch (error) {
    database.close();
    if (error instanceof Error && 'errcode' in error && error.errcode === sqliteBusy) {
      throw new Locked(file, Number(await readFile(pidFile, 'utf8').catch(() => '')) || undefined);
    }
    throw error;
  }
  held.add(database);
  await writeFile(pidFile, String(process.pid));
  return {
    release: async () => {
      if (!held.delete(database)) return;
      await rm(pidFile, { force: true });
      database.close();
    },
  };
}
