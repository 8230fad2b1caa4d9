import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { signIn } from './customers.ts';
import type { Job } from './load.ts';
import { Meter, type Result } from './measure.ts';
import { type Scenario, scenariosFor } from './scenarios.ts';
import { openSite, type Site } from './site.ts';
import { type Stampede, stampede } from './stampede.ts';
import { printLine, printSummary } from './table.ts';

const { values } = parseArgs({
  options: {
    products: { type: 'string', default: '2000' },
    delay: { type: 'string', default: '0' },
    duration: { type: 'string', default: '4' },
    only: { type: 'string' },
    fsync: { type: 'boolean', default: false },
  },
});
const options = {
  products: Number(values.products),
  delayMs: Number(values.delay),
  seconds: Number(values.duration),
  fsync: values.fsync,
  only: values.only === undefined ? undefined : new RegExp(values.only),
};
const CUSTOMERS = 8;
const HOT_CUSTOMERS = 16;

const running: { stop(): Promise<void> }[] = [];
const say = (line: string) => console.error(`· ${line}`);

async function bench(): Promise<void> {
  const site = await openSite({
    products: options.products,
    fsync: options.fsync,
    onProgress: say,
    keep: (part) => running.push(part),
  });
  const meter = new Meter(site, Math.min(1, options.seconds));
  running.push(meter);
  const customers = await signIn(site, HOT_CUSTOMERS);
  // With a distance, the connections wait and the machine does not: fewer show the latency, not the queue.
  const readers = options.delayMs > 0 ? 8 : 16;
  const scenarios = await scenariosFor(site, customers.slice(0, CUSTOMERS), readers);
  const results: Result[] = [];
  const measure = async (name: string, variant: string, job: Job) => {
    if (options.only && !options.only.test(`${name} ${variant}`)) return;
    const result = await meter.measure(name, variant, job);
    results.push(result);
    printLine(result);
  };
  site.gateway.control.delayMs = options.delayMs;
  await measure('hello', 'bare Hono', {
    kind: 'http',
    url: site.baselines,
    requests: [{ method: 'GET', path: '/hello' }],
    connections: readers,
    seconds: options.seconds,
  });
  for (const scenario of scenarios) await measureScenario(site, scenario, measure);
  await measurePurchases(site, customers, measure);
  const concurrent = await stampede(site);
  printSummary(results, concurrent);
  await store(results, concurrent);
}

type Measure = (name: string, variant: string, job: Job) => Promise<void>;

async function measureScenario(site: Site, scenario: Scenario, measure: Measure): Promise<void> {
  const { name, requests, connections } = scenario;
  const load = { requests, connections, seconds: options.seconds };
  if (scenario.isCached) await measure(name, 'warm', { kind: 'http', url: site.api.warm, ...load });
  await measure(name, scenario.isCached ? 'cold' : 'API', { kind: 'http', url: site.api.cold, ...load });
  if (scenario.withoutBaseline) return;
  const batches = await record(site, requests);
  const path = `/sql/${encodeURIComponent(name)}`;
  await fetch(site.baselines + path, { method: 'PUT', body: JSON.stringify(batches) });
  const bare = { ...load, requests: [{ method: 'GET' as const, path }] };
  await measure(name, 'bare Hono, same SQL', { kind: 'http', url: site.baselines, ...bare });
  const direct = { batches, connections, seconds: options.seconds };
  if (options.delayMs === 0) await measure(name, 'direct, same SQL', { kind: 'direct', url: site.appUrl, ...direct });
}

/** What the API sends to the database for these requests. */
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

async function measurePurchases(site: Site, customers: Awaited<ReturnType<typeof signIn>>, measure: Measure) {
  const products = await site.ask<{ id: number }>('select id from products where is_active order by id limit 1000');
  const ids = products.map(({ id }) => id);
  const slots = await site.ask<{ id: number }>('select id from delivery_slots where branch_id = 1');
  const url = site.api.warm;
  const job = { kind: 'purchase' as const, url, slots: slots.map(({ id }) => id), seconds: options.seconds };
  const few = customers.slice(0, CUSTOMERS);
  await measure('purchase', `${CUSTOMERS} customers`, { ...job, customers: few, products: ids });
  await measure('purchase, one product', `${customers.length} customers`, {
    ...job,
    customers,
    products: ids.slice(0, 1),
  });
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

let stopping: Promise<void> | undefined;
/** Stops what was started, last first, and ends this process. */
function finish(exitCode: number): Promise<void> {
  stopping ??= (async () => {
    for (const part of running.reverse()) await part.stop().catch(() => {});
    process.exit(exitCode);
  })();
  return stopping;
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => finish(1));
bench().then(
  () => finish(0),
  (error: Error) => {
    console.error(error.stack ?? error.message);
    return finish(1);
  },
);
