import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { neonFlags, neonOptions } from '../scripts/gateway.ts';
import { type Customer, signIn } from './customers.ts';
import type { Job } from './job.ts';
import { Meter, type Result } from './measure.ts';
import { purchasesOf } from './purchase.ts';
import { fail, finish, keep } from './running.ts';
import { type Scenario, scenariosFor } from './scenarios.ts';
import { FEW, openSite, READERS, type Site } from './site.ts';
import { type Stampede, stampede } from './stampede.ts';
import { printLine, printSummary } from './table.ts';

const { values } = parseArgs({
  options: {
    products: { type: 'string', default: '2000' },
    delay: { type: 'string', default: '0' },
    'object-delay': { type: 'string' },
    duration: { type: 'string', default: '4' },
    only: { type: 'string' },
    fsync: { type: 'boolean', default: false },
    postgres: { type: 'string' },
    authorize: { type: 'boolean', default: false },
    ...neonFlags,
    compute: { type: 'string', default: '1' },
  },
});
const options = {
  products: Number(values.products),
  delayMs: Number(values.delay),
  objectDelayMs: Number(values['object-delay'] ?? values.delay),
  seconds: Number(values.duration),
  fsync: values.fsync,
  postgres: values.postgres,
  likeNeon: neonOptions(values),
  only: values.only === undefined ? undefined : new RegExp(values.only),
};
/** As a multiple of the measured seconds. */
const PURCHASES_WARM_UP = 2;
/** As a multiple of the measured seconds, in one piece: some pauses occur every ten seconds, and there is no baseline. */
const PURCHASES_TIME = 3;

const say = (line: string) => console.error(`· ${line}`);

/**
 * Batch scheduling for this process and its children, so that a waking process does not preempt a running one. In production
 * these programs have their own machines; on two shared cores, preemption would cost about five percent.
 */
function takeLongerTurns(): void {
  try {
    execFileSync('chrt', ['--all-tasks', '--batch', '--pid', '0', String(process.pid)], { stdio: 'ignore' });
  } catch {
    say('Programs take turns as they always do: there is no chrt here.');
  }
}

async function bench(): Promise<void> {
  takeLongerTurns();
  const site = await openSite({
    products: options.products,
    fsync: options.fsync,
    objectDelayMs: options.objectDelayMs,
    postgres: options.postgres,
    likeNeon: options.likeNeon,
    onProgress: say,
    keep,
  });
  // Purchases that reserve the money instead of taking it.
  if (values.authorize) await site.ask(`update settings set payment_mode = 'AUTHORIZE'`);
  const meter = new Meter(site, Math.min(1, options.seconds));
  keep(meter);
  const customers = await signIn(site);
  // With a simulated distance, latency matters rather than throughput: one connection per core, so that no requests queue.
  const readers = options.delayMs > 0 ? 2 : 16;
  const scenarios = await scenariosFor(site, customers.slice(0, READERS), readers);
  const results: Result[] = [];
  const measure: Measure = async (name, variants) => {
    const wanted = variants.filter(([variant]) => isWanted(name, variant));
    for (const result of await meter.measure(name, wanted)) {
      results.push(result);
      printLine(result);
    }
  };
  // First, while the database is otherwise idle.
  const concurrent = await stampede(site);
  site.gateway.control.delayMs = options.delayMs;
  // Purchases come first: theirs is the one absolute target, and machines slow down after minutes of full load.
  await measurePurchases(site, customers.slice(READERS), meter, measure);
  for (const scenario of scenarios) await measureScenario(site, scenario, measure);
  printSummary(results, concurrent);
  await store(results, concurrent);
}

const isWanted = (name: string, variant: string): boolean => options.only?.test(`${name} ${variant}`) ?? true;

type Measure = (name: string, variants: [variant: string, job: Job][]) => Promise<void>;

async function measureScenario(site: Site, scenario: Scenario, measure: Measure): Promise<void> {
  const { name, requests, connections, isCached, withoutBaseline } = scenario;
  const load = { connections, seconds: options.seconds };
  const http = (url: string, sent = requests): Job => ({ kind: 'http', url, requests: sent, ...load });
  const variants: [string, Job][] = [];
  if (isCached) {
    variants.push(['bare hello', http(site.baselines, [{ method: 'GET', path: '/hello' }])]);
    variants.push(['warm', http(site.api.warm)]);
  }
  variants.push([isCached ? 'cold' : 'API', http(site.api.cold)]);
  if (!withoutBaseline) {
    const batches = await record(site, requests);
    const path = `/sql/${encodeURIComponent(name)}`;
    await fetch(site.baselines + path, { method: 'PUT', body: JSON.stringify(batches) });
    variants.push(['bare, same SQL', http(site.baselines, [{ method: 'GET', path }])]);
    // These connections bypass the gateway, which simulates the distance.
    if (options.delayMs === 0)
      variants.push(['direct, same SQL', { kind: 'direct', url: site.appUrl, batches, ...load }]);
  }
  await measure(name, variants);
}

/** The statements that the API sends to the database for these requests. */
async function record(site: Site, requests: Scenario['requests']) {
  site.heard();
  for (const { path, method, headers, body } of requests.slice(0, 40)) {
    const init = { method, ...(headers && { headers }), ...(body !== undefined && { body }) };
    const answer = await fetch(site.api.recorded + path, init);
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${await answer.text()}`);
    await answer.arrayBuffer();
  }
  return site.heard();
}

async function measurePurchases(site: Site, customers: Customer[], meter: Meter, measure: Measure) {
  const job = { ...(await purchasesOf(site)), seconds: PURCHASES_TIME * options.seconds };
  const few = { ...job, customers: customers.slice(0, FEW) };
  const hot = { ...job, customers, products: job.products.slice(0, 1) };
  const rounds: [name: string, variant: string, job: Job][] = [
    ['purchase', `${FEW} customers`, few],
    ['purchase, one product', `${hot.customers.length} customers`, hot],
  ];
  const wanted = rounds.filter(([name, variant]) => isWanted(name, variant));
  if (wanted.length === 0) return;
  // Replaces autovacuum, which would have analyzed the new rows by now: without it, plans are those of empty tables. The warm-up
  // is long enough for the Worker's compiler, because purchases run a hundred times less often than reads.
  await meter.warmUp(few, PURCHASES_WARM_UP * options.seconds);
  await site.ask('vacuum analyze');
  for (const [name, variant, job] of wanted) await measure(name, [[variant, job]]);
}

async function store(results: Result[], concurrent: Stampede): Promise<void> {
  const directory = join(import.meta.dirname, 'results');
  await mkdir(directory, { recursive: true });
  const at = new Date().toISOString();
  const file = join(directory, `${at.replaceAll(':', '-')}.json`);
  const machine = { cores: cpus().length, model: cpus()[0]?.model };
  await writeFile(
    file,
    `${JSON.stringify({ at, machine, ...options, only: values.only, results, stampede: concurrent }, null, 2)}\n`,
  );
  say(`Results in ${file}`);
}

// Connections that are cut off from elsewhere throw here.
process.on('uncaughtException', fail);
bench().then(() => finish(0), fail);
