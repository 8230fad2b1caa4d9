import { rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { cpus } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { enableAppRole } from '../scripts/app-role.ts';
import type { NeonOptions } from '../scripts/gateway/neon.ts';
import { type Gateway, startGateway } from '../scripts/gateway.ts';
import { makeMigrated } from '../scripts/migrate.ts';
import { makeDirectory, startPostgres } from '../scripts/postgres.ts';
import { seedProducts } from '../scripts/seed/bulk.ts';
import { startWorkerd } from './workerd.ts';

export const DATABASE = 'bench';
export type Batch = { query: string; params: unknown[] }[];

/** Everything that a measurement needs, started. */
export interface Site {
  /** Base URLs of the API: with its cache, without its public cache, and through the recorder. */
  api: { warm: string; cold: string; recorded: string };
  baselines: string;
  appUrl: string;
  gateway: Gateway;
  processes: { worker: number | undefined; database: number | undefined };
  /** The batches that the recorded API has sent since the last call. */
  heard(): Batch[];
  ask<Row>(query: string): Promise<Row[]>;
}

interface SiteOptions {
  products: number;
  /** Whether commits wait for this machine's disk. */
  fsync: boolean;
  /** Milliseconds added to each call of a Durable Object. */
  objectDelayMs: number;
  /** The directory of the programs of another PostgreSQL 18. */
  postgres?: string | undefined;
  /** The gateway does as Neon's proxy does. */
  likeNeon?: NeonOptions | undefined;
  onProgress: (line: string) => void;
  /** Of four ports in a row that its services listen on. */
  firstPort?: number;
  /** Registers each started part, so that it is stopped in any case. */
  keep: (part: { stop(): Promise<void> }) => void;
}

export async function openSite(options: SiteOptions): Promise<Site> {
  const { products, fsync, objectDelayMs, postgres: binaries, likeNeon, firstPort = 18787, onProgress, keep } = options;
  onProgress(`Starting PostgreSQL (fsync ${fsync ? 'on' : 'off'})…`);
  const postgres = await startPostgres({ binaries, ...(fsync && { dataDirectory: await onDisk(keep) }) });
  keep(postgres);
  const ownerUrl = await prepare(postgres.connectionString, products, onProgress);
  const appUrl = await enableAppRole(ownerUrl);
  // Sized like a production pooler: more connections per core only evict each other from the processor's caches.
  const gateway = await startGateway({
    maxConnections: Math.ceil(1.5 * cpus().length),
    socketDirectory: postgres.socketDirectory,
    likeNeon,
  });
  keep(gateway);
  const recorder = await startRecorder(gateway.url);
  keep(recorder);
  const owner = new pg.Pool({ connectionString: ownerUrl, max: 2 });
  // The pool removes connections that are cut off while idle.
  owner.on('error', () => {});
  keep({ stop: () => owner.end() });

  onProgress('Building the production bundle and starting workerd…');
  const [warm, cold, recorded, baselines] = [firstPort, firstPort + 1, firstPort + 2, firstPort + 3];
  const limits = objectDelayMs > 0 ? NEVER_REACHED : {};
  const vars = { ...apiVars, ...limits, DATABASE_URL: appUrl, DATABASE_GATEWAY_URL: gateway.url };
  const workerd = await startWorkerd(fsync, [
    { name: 'warm', bundle: 'api', port: warm, vars, objectDelayMs },
    { name: 'cold', bundle: 'api', port: cold, vars: { ...vars, PUBLIC_CACHE: 'off' }, objectDelayMs },
    {
      name: 'recorded',
      bundle: 'api',
      port: recorded,
      vars: { ...vars, PUBLIC_CACHE: 'off', DATABASE_GATEWAY_URL: recorder.url },
    },
    { name: 'baselines', bundle: 'baselines', port: baselines, vars },
  ]);
  keep(workerd);
  const at = (port: number) => `http://127.0.0.1:${port}`;
  return {
    api: { warm: at(warm), cold: at(cold), recorded: at(recorded) },
    baselines: at(baselines),
    appUrl,
    gateway,
    processes: { worker: workerd.pid, database: postgres.pid },
    heard: recorder.heard,
    ask: async <Row>(query: string) => (await owner.query(query)).rows as Row[],
  };
}

/** Customers whose carts stay as seeded. */
export const READERS = 8;
/** Customers who buy. */
const BUYERS = 100;
/** Of them, how many buy concurrently, unless they all want one product. */
export const FEW = 8;
/** Of each seeded cart. */
export const LINES_PER_CART = 10;
export const JWT_SECRET = 'the-bench-signs-with-forty-characters-of-its-own';
export const apiVars = {
  // The gateway replaces Neon, which is allowed in development only.
  APP_ENV: 'development',
  JWT_SECRET_KEY: JWT_SECRET,
  CORS_ALLOWED_ORIGINS: 'http://localhost:5173',
  FRONTEND_BASE_URL: 'http://localhost:5173',
  DELIVERY_SOURCE_BRANCH_ID: '1',
  RATE_LIMIT_BROWSE: '',
  RATE_LIMIT_SHOP: '',
  RATE_LIMIT_STAFF: '',
  RATE_LIMIT_DEFAULTS: '',
};

/** With a distance to the objects, requests are counted as in production, and no limit refuses them. */
const NEVER_REACHED = {
  RATE_LIMIT_BROWSE: '1000000 per minute',
  RATE_LIMIT_SHOP: '1000000 per minute',
  RATE_LIMIT_STAFF: '1000000 per minute',
  RATE_LIMIT_DEFAULTS: '1000000 per minute',
};

/** A data directory that is removed at the end. */
async function onDisk(keep: SiteOptions['keep']): Promise<string> {
  const directory = await makeDirectory('mami-bench-data-');
  keep({ stop: () => rm(directory, { recursive: true, force: true }) });
  return join(directory, 'data');
}

async function prepare(adminUrl: string, products: number, onProgress: (line: string) => void): Promise<string> {
  const url = await makeMigrated(adminUrl, DATABASE);
  onProgress(`Seeding ${products.toLocaleString('en')} products in 5 branches…`);
  await seedProducts(url, { products, customers: READERS + BUYERS, linesPerCart: LINES_PER_CART });
  const owner = new pg.Client({ connectionString: url });
  await owner.connect();
  // Enough stock that nothing sells out during the measurement.
  await owner.query(`insert into stock_movements (inventory_id, delta, reason)
                     select id, 1000000, 'COUNT' from inventory where branch_id = 1`);
  await owner.query('vacuum analyze');
  await owner.end();
  return url;
}

/** A proxy in front of the gateway that records the batches. */
async function startRecorder(gatewayUrl: string) {
  let batches: Batch[] = [];
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', async () => {
      const body = Buffer.concat(chunks).toString();
      const { queries, ...single } = JSON.parse(body);
      batches.push(queries ?? [single]);
      const headers = Object.entries(request.headers).filter(([name]) => name.startsWith('neon-')) as [
        string,
        string,
      ][];
      const answer = await fetch(gatewayUrl, { method: 'POST', body, headers });
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text());
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/sql`,
    heard: () => {
      const all = batches;
      batches = [];
      return all;
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
