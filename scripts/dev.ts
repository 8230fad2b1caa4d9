import { copyFile, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { startFakeStripe } from '../test/support/fake-stripe.ts';
import { enableAppRole } from './app-role.ts';
import { announceDatabase } from './dev-database.ts';
import { startWebhookReceiver } from './dev-webhooks.ts';
import { isBusy, refuseBusyPort, startWorker } from './dev-worker.ts';
import { freePort } from './free-port.ts';
import { neonFlags, neonOptions, startGateway } from './gateway.ts';
import { Locked, takeLock } from './lock.ts';
import { migrate } from './migrate.ts';
import { startPostgres } from './postgres.ts';
import { seedDevelopment } from './seed/index.ts';

const devVars = '.dev.vars';
const running: { stop(): Promise<void> }[] = [];
let stopping: Promise<void> | undefined;

/** The connection strings: the Worker's, and the owner's for the scripts. */
interface Database {
  workerUrl: string;
  ownerUrl: string;
}

async function run(): Promise<void> {
  const { values } = parseArgs({
    options: {
      fresh: { type: 'boolean', default: false },
      port: { type: 'string', default: '8787' },
      data: { type: 'string', default: '.data' },
      stripe: { type: 'boolean', default: false },
      inspect: { type: 'string' },
      'json-logs': { type: 'boolean', default: false },
      ...neonFlags,
      webhooks: { type: 'boolean', default: false },
    },
  });
  const port = portOf('--port', values.port);
  const wanted = values.inspect === undefined ? undefined : portOf('--inspect', values.inspect);
  await claimData(values.data);
  await refuseBusyPort('--port', port);
  if (wanted !== undefined) await refuseBusyPort('--inspect', wanted);
  await copyFile(`${devVars}.example`, devVars, 1).then(
    () => say(`Made ${devVars} from ${devVars}.example`),
    () => {},
  );
  const database = process.env.DATABASE_URL
    ? await givenDatabase(values.fresh)
    : await embeddedDatabase(values.data, values.fresh);
  await seedWhenEmpty(database.ownerUrl);
  const vars: Record<string, string> = { DATABASE_URL: database.workerUrl };
  if (process.env.DELIVERY_SOURCE_BRANCH_ID) vars.DELIVERY_SOURCE_BRANCH_ID = process.env.DELIVERY_SOURCE_BRANCH_ID;
  if (!isNeon(database.workerUrl)) {
    const gateway = await startGateway({ likeNeon: neonOptions(values) });
    running.push(gateway);
    vars.DATABASE_GATEWAY_URL = gateway.url;
    say(`Neon gateway on ${gateway.url}${gateway.neon ? `, like Neon with ${values.compute} CU` : ''}`);
  }
  if (values.stripe) Object.assign(vars, await standInForStripe(port));
  if (values.webhooks) vars.WEBHOOK_ALLOW_PRIVATE = 'true';
  say('Starting the Worker…');
  const inspectorPort = wanted ?? (await inspectorPortFor());
  const worker = await startWorker({
    port,
    data: values.data,
    devVars,
    vars,
    inspectorPort,
    jsonLogs: values['json-logs'],
    onExit: () => finish(1, 'wrangler dev has ended.'),
  });
  running.push(worker);
  await worker.ready;
  running.push(runJobs(port));
  if (values.webhooks) running.push(await startWebhookReceiver(`http://127.0.0.1:${port}`, say));
  announce(port, inspectorPort);
}

function portOf(flag: string, text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new Error(`${flag} ${text} is not a port.`);
  return port;
}

/** The port that debuggers know; another one beside a run that has it. */
const inspectorPortFor = async (): Promise<number> => ((await isBusy(9229)) ? freePort() : 9229);

/** The test suite's stand-in for Stripe, which sends its webhooks to the Worker. @returns the bindings for it */
async function standInForStripe(port: number): Promise<Record<string, string>> {
  const stripe = await startFakeStripe({ accounts: [{}] });
  running.push(stripe);
  const [keys] = stripe.accounts;
  if (!keys) throw new Error('The stand-in for Stripe has no account.');
  await fetch(`${stripe.url}/_control/settings`, {
    method: 'POST',
    headers: { authorization: `Bearer ${keys.secret_key}` },
    body: JSON.stringify({ webhook_url: `http://127.0.0.1:${port}/api/v1/webhooks/payments/stripe` }),
  });
  say(`A stand-in for Stripe on ${stripe.url}; publishable key ${keys.publishable_key}`);
  return {
    PAYMENT_PROVIDERS: 'mockpay,stripe',
    STRIPE_SECRET_KEY: keys.secret_key,
    STRIPE_WEBHOOK_SECRET: keys.webhook_secret,
    STRIPE_PUBLISHABLE_KEY: keys.publishable_key,
    STRIPE_API_URL: stripe.url,
  };
}

/** Two runs on one data directory would share a database and the Worker's storage, and `--fresh` would delete both. */
async function claimData(data: string): Promise<void> {
  await mkdir(data, { recursive: true });
  const lock = await takeLock(join(data, 'dev.lock')).catch((error) => {
    if (!(error instanceof Locked)) throw error;
    const holder = error.pid === undefined ? 'Another npm run dev' : `Another npm run dev (pid ${error.pid})`;
    throw new Error(`${holder} works on ${data}; stop it, or start this one beside it with --data DIR --port N.`);
  });
  running.push({ stop: lock.release });
}

async function embeddedDatabase(data: string, fresh: boolean): Promise<Database> {
  say(fresh ? 'Starting PostgreSQL with an empty data directory…' : 'Starting PostgreSQL…');
  if (fresh) await rm(join(data, 'worker'), { recursive: true, force: true });
  const postgres = await startPostgres({
    dataDirectory: join(data, 'postgres'),
    fresh,
    onExit: (how) => finish(1, `PostgreSQL has ended (${how}), and this run with it; npm run dev starts both again.`),
  });
  running.push(postgres);
  say(`PostgreSQL on port ${postgres.port}, data in ${postgres.dataDirectory}`);
  const url = new URL(postgres.connectionString);
  url.pathname = '/mami';
  await withClient(postgres.connectionString, async (client) => {
    const { rowCount } = await client.query(`select from pg_database where datname = 'mami'`);
    if (rowCount === 0) await client.query('create database mami');
  });
  await migrateQuietly(url.href);
  running.push(await announceDatabase(data, url.href));
  return { ownerUrl: url.href, workerUrl: await enableAppRole(url.href) };
}

async function givenDatabase(fresh: boolean): Promise<Database> {
  if (fresh) throw new Error('--fresh starts the embedded database over; it never touches the one in DATABASE_URL.');
  const workerUrl = process.env.DATABASE_URL ?? '';
  const ownerUrl = process.env.MIGRATION_DATABASE_URL || workerUrl;
  for (const url of [workerUrl, ownerUrl]) {
    if (!/^postgres(ql)?:/.test(url) || !URL.canParse(url))
      throw new Error('DATABASE_URL is not a postgresql:// address.');
    await withClient(url, async () => {}).catch((error: Error) => {
      throw new Error(`The database on ${hostOf(url)} cannot be reached: ${error.message || 'connection refused'}`);
    });
  }
  say(`Using the database on ${hostOf(workerUrl)}`);
  await migrateQuietly(ownerUrl);
  return { workerUrl, ownerUrl };
}

/** Names the steps only when they are few: a new database takes hundreds. */
async function migrateQuietly(ownerUrl: string): Promise<void> {
  const steps = await migrate(ownerUrl, { onProgress: (line) => line.startsWith('applied ') || say(line) });
  if (steps.length > 5) say(`Applied ${steps.length} migrations and SQL files`);
  else for (const step of steps) say(`Applied ${step}`);
}

async function seedWhenEmpty(ownerUrl: string): Promise<void> {
  const isEmpty = await withClient(ownerUrl, async (client) => {
    const { rowCount } = await client.query('select from users limit 1');
    return rowCount === 0;
  });
  if (!isEmpty) return;
  say('Seeding the demo shop…');
  await seedDevelopment(ownerUrl, say);
}

async function withClient<T>(connectionString: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function hostOf(connectionString: string): string {
  return new URL(connectionString).host;
}

function isNeon(connectionString: string): boolean {
  return new URL(connectionString).hostname.endsWith('.neon.tech');
}

/** Replaces Cloudflare's cron triggers, which wrangler does not run: five-minute jobs run every minute here. */
function runJobs(port: number): { stop(): Promise<void> } {
  const url = `http://127.0.0.1:${port}/cdn-cgi/local/scheduled?cron=${encodeURIComponent('*/5 * * * *')}`;
  const timer = setInterval(() => fetch(url).catch(() => {}), 60_000);
  return { stop: async () => clearInterval(timer) };
}

function announce(port: number, inspectorPort: number): void {
  const api = `http://localhost:${port}`;
  console.log(`
  API      ${api}/api/v1
  Health   ${api}/health
  Docs     ${api}/docs
  Example  ${api}/example (live orders)
  Debugger 127.0.0.1:${inspectorPort} (.vscode/launch.json)
  Database npm run db:psql, npm run db:studio

  Demo accounts, password Password1
    admin@mami.local   manager@mami.local   employee@mami.local   customer@mami.local

  Ctrl-C stops everything.
`);
}

function say(line: string): void {
  if (stopping === undefined) console.log(`· ${line}`);
}

/** Stops the started parts, last first, and ends this process. */
function finish(exitCode: number, lastWord?: string): Promise<void> {
  if (stopping !== undefined) return stopping;
  if (lastWord) console.error(lastWord);
  stopping = (async () => {
    for (const part of running.reverse()) await part.stop().catch(() => {});
    process.exit(exitCode);
  })();
  return stopping;
}

process.on('SIGINT', () => finish(0));
process.on('SIGTERM', () => finish(0));
process.on('SIGHUP', () => finish(0));
// Connections cut off by the stopping database throw here, as do unexpected errors.
process.on('uncaughtException', (error) => finish(1, error.message));
run().catch((error: Error) => finish(1, error.message || String(error)));
