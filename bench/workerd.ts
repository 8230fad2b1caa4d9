import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { unstable_readConfig } from 'wrangler';
import { tether } from '../scripts/tether.ts';

/** A Worker on its own port: the API's bundle with these variables, or the baselines. */
export interface Service {
  name: string;
  bundle: 'api' | 'baselines';
  port: number;
  vars: Record<string, string>;
  /** Milliseconds added to each call of a Durable Object, as if it were that far away. */
  objectDelayMs?: number;
  /** A request with `?cron=…` to this port runs the scheduled jobs of that expression. */
  cronPort?: number;
}

export interface Workerd {
  pid: number | undefined;
  stop(): Promise<void>;
  /** Ends it immediately, like a power failure. */
  kill(): Promise<void>;
}

/** The file names of wrangler's bundles. */
const BUNDLES = { api: 'index.js', baselines: 'baselines.js' };
/** Durable Objects with SQLite need a directory, so it is in memory where the system has such a file system. */
const memory = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
/** Replaces Cloudflare's cron triggers. */
const CRON = `export default {
  async fetch(request, env) {
    const cron = new URL(request.url).searchParams.get('cron');
    return Response.json(await env.API.scheduled({ cron, scheduledTime: new Date() }));
  },
};`;
/** Main module in front of the bundle: its Durable Objects are far away. */
const farObjects = (delayMs: number) => `import worker from './worker.js';
export * from './worker.js';
const far = (call) => async (...args) => (await scheduler.wait(${delayMs}), call(...args));
const farStub = (stub) => new Proxy(stub, {
  get: (_, name) => (typeof stub[name] === 'function' ? far((...args) => stub[name](...args)) : stub[name]),
});
const farNamespace = (objects) => ({ getByName: (...args) => farStub(objects.getByName(...args)) });
const isNamespace = (value) => typeof value?.getByName === 'function';
let known;
const farther = (env) =>
  (known ??= Object.fromEntries(
    Object.entries(env).map(([name, value]) => [name, isNamespace(value) ? farNamespace(value) : value]),
  ));
export default { ...worker, fetch: (request, env, context) => worker.fetch(request, farther(env), context) };`;
const root = resolve(import.meta.dirname, '..');
const require = createRequire(import.meta.url);
const run = promisify(execFile);

/** Runs the production bundle on a bare `workerd`, with bindings and Durable Objects as `wrangler.toml` declares them. */
export async function startWorkerd(isDurable: boolean, services: Service[]): Promise<Omit<Workerd, 'kill'>> {
  const site = await prepareWorkerd(isDurable, services);
  const workerd = await site.start().catch(async (error) => {
    await site.remove();
    throw error;
  });
  const stop = async () => {
    await workerd.stop();
    await site.remove();
  };
  return { pid: workerd.pid, stop };
}

/** Builds all bundles; the result can be started repeatedly with the same Durable Objects. */
export async function prepareWorkerd(isDurable: boolean, services: Service[]) {
  // One directory for everything, so that cleaning up removes one; in memory unless the objects must survive.
  const directory = await mkdtemp(join(isDurable ? tmpdir() : memory, 'mami-bench-'));
  const objects = join(directory, 'objects');
  const discard = () => rmSync(directory, { recursive: true, force: true });
  process.once('exit', discard);
  const remove = async () => {
    await rm(directory, { recursive: true, force: true });
    process.off('exit', discard);
  };
  try {
    await mkdir(objects);
    const bundles = new Set(services.map((service) => service.bundle));
    if (bundles.has('api')) await bundle(join(directory, 'api'), join(root, 'wrangler.toml'));
    if (bundles.has('baselines')) {
      await bundle(join(directory, 'baselines'), join(import.meta.dirname, 'worker/wrangler.toml'));
    }
    await writeFile(join(directory, 'config.capnp'), await configOf(services, objects));
  } catch (error) {
    await remove();
    throw error;
  }
  return { start: () => start(directory, services), remove };
}

async function start(directory: string, services: Service[]): Promise<Workerd> {
  const binary = join(require.resolve('workerd/package.json'), '..', 'bin', 'workerd');
  // workerd calls this way to run a schedule experimental.
  const flags = services.some((service) => service.cronPort) ? ['--experimental'] : [];
  flags.push(...(process.env.BENCH_FLAGS?.split(' ').filter(Boolean) ?? []));
  const workerd = spawn(binary, ['serve', 'config.capnp', ...flags], {
    cwd: directory,
    detached: true,
    stdio: ['ignore', 'ignore', process.env.BENCH_VERBOSE ? 'inherit' : 'ignore'],
  });
  const letGo = tether(workerd, directory);
  const end = async (signal: 'SIGTERM' | 'SIGKILL') => {
    if (workerd.exitCode === null && workerd.signalCode === null) {
      const ended = new Promise((done) => workerd.once('exit', done));
      if (signal === 'SIGKILL' && workerd.pid) process.kill(-workerd.pid, signal);
      else workerd.kill(signal);
      await ended;
    }
    letGo();
  };
  const running = { pid: workerd.pid, stop: () => end('SIGTERM'), kill: () => end('SIGKILL') };
  try {
    for (const { port } of services) await answers(workerd, port);
  } catch (error) {
    await running.stop();
    throw error;
  }
  return running;
}

async function bundle(directory: string, config: string): Promise<void> {
  const program = join(require.resolve('wrangler/package.json'), '..', 'bin', 'wrangler.js');
  const args = ['deploy', '--config', config, '--dry-run', '--outdir', directory, '--env', ''];
  await run(process.execPath, [program, ...args], {
    cwd: root,
    env: { ...process.env, WRANGLER_SEND_METRICS: 'false', WRANGLER_HIDE_BANNER: 'true' },
  });
}

/** In a separate process, because wrangler loads `node:domain`, which slows down every promise of its process: ours runs the gateway. */
async function readConfig(): Promise<ReturnType<typeof unstable_readConfig>> {
  const program = `import('wrangler').then((wrangler) =>
    console.log(JSON.stringify(wrangler.unstable_readConfig({ config: 'wrangler.toml' }))))`;
  const { stdout } = await run(process.execPath, ['--eval', program], { cwd: root });
  return JSON.parse(stdout);
}

async function configOf(services: Service[], objectsDirectory: string): Promise<string> {
  const config = await readConfig();
  const objects: { name: string; class_name: string }[] = config.durable_objects.bindings;
  const text = (value: string) => JSON.stringify(value);
  const flags = (config.compatibility_flags ?? []).map(text).join(', ');
  const workers = services.map(({ name, bundle, vars, objectDelayMs = 0 }) => {
    const isApi = bundle === 'api';
    const bindings = [
      ...Object.entries(vars).map(([key, value]) => `(name = ${text(key)}, text = ${text(value)})`),
      ...(isApi
        ? objects.map(
            (object) =>
              `(name = ${text(object.name)}, durableObjectNamespace = (className = ${text(object.class_name)}))`,
          )
        : []),
    ];
    const namespaces = isApi
      ? objects.map(
          ({ class_name }) =>
            `(className = ${text(class_name)}, uniqueKey = ${text(`${name}-${class_name}`)}, enableSql = true)`,
        )
      : [];
    const front =
      isApi && objectDelayMs > 0 ? `(name = "far.js", esModule = ${text(farObjects(objectDelayMs))}), ` : '';
    return `(name = ${text(name)}, worker = (
      modules = [${front}(name = "worker.js", esModule = embed "${bundle}/${BUNDLES[bundle]}")],
      compatibilityDate = ${text(config.compatibility_date ?? '')}, compatibilityFlags = [${flags}],
      bindings = [${bindings.join(', ')}], globalOutbound = "loopback",
      durableObjectNamespaces = [${namespaces.join(', ')}], durableObjectStorage = (localDisk = "objects")))`;
  });
  const crons = services.flatMap(({ name, cronPort }) =>
    cronPort ? [{ name: `${name}-cron`, api: name, port: cronPort }] : [],
  );
  const triggers = crons.map(
    ({ name, api }) => `(name = ${text(name)}, worker = (
      modules = [(name = "cron.js", esModule = ${text(CRON)})],
      compatibilityDate = ${text(config.compatibility_date ?? '')}, compatibilityFlags = ["service_binding_extra_handlers"],
      bindings = [(name = "API", service = ${text(api)})]))`,
  );
  const sockets = [...services, ...crons].map(
    ({ name, port }) => `(name = ${text(name)}, address = "127.0.0.1:${port}", http = (), service = ${text(name)})`,
  );
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    ${[...workers, ...triggers].join(',\n    ')},
    (name = "loopback", network = (allow = ["local"])),
    (name = "objects", disk = (path = ${text(objectsDirectory)}, writable = true))
  ],
  sockets = [${sockets.join(', ')}]
);
`;
}

async function answers(workerd: ChildProcess, port: number): Promise<void> {
  for (const deadline = Date.now() + 20_000; Date.now() < deadline && workerd.exitCode === null; ) {
    const answered = await fetch(`http://127.0.0.1:${port}/health`).then(
      () => true,
      () => false,
    );
    if (answered) return;
    await sleep(100);
  }
  throw new Error('workerd did not start; BENCH_VERBOSE=1 shows why.');
}
