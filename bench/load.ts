import { randomUUID } from 'node:crypto';
import { Agent, request as httpRequest } from 'node:http';
import autocannon from 'autocannon';
import pg from 'pg';
import { beginStatement, runBatch } from '../scripts/gateway/batch.ts';
import type { Customer } from './customers.ts';
import type { Batch } from './site.ts';

/** What the load generator, a process of its own, is asked to do. */
export type Job =
  | { kind: 'http'; url: string; requests: HttpRequest[]; connections: number; seconds: number }
  | { kind: 'direct'; url: string; batches: Batch[]; connections: number; seconds: number }
  | { kind: 'purchase'; url: string; customers: Customer[]; products: number[]; slots: number[]; seconds: number };

export interface HttpRequest {
  method: 'GET' | 'POST';
  path: string;
  headers?: Record<string, string>;
  body?: string;
  /** Gives each request an address of its own. */
  freshAddress?: true;
}

/** Milliseconds; `done` counts what succeeded. */
export interface Measured {
  done: number;
  failed: number;
  perSecond: number;
  p50: number;
  p99: number;
  /** Of each step, where there are several. */
  steps?: Record<string, { p50: number; p99: number }>;
  /** What the first failure answered. */
  failure?: string;
}

function summary(latencies: number[]): { p50: number; p99: number } {
  const sorted = latencies.toSorted((a, b) => a - b);
  const at = (part: number) => Math.round((sorted[Math.floor(sorted.length * part)] ?? 0) * 100) / 100;
  return { p50: at(0.5), p99: at(0.99) };
}

async function overHttp({ url, requests, connections, seconds }: Extract<Job, { kind: 'http' }>): Promise<Measured> {
  let turn = 0;
  let failure: string | undefined;
  const prepared = requests.map(({ freshAddress, ...request }) =>
    freshAddress
      ? {
          ...request,
          setupRequest: (sent: autocannon.Request) => ({
            ...sent,
            headers: { ...sent.headers, 'cf-connecting-ip': randomAddress() },
          }),
        }
      : request,
  );
  const latencies: number[] = [];
  const result = await autocannon({
    url,
    connections,
    duration: seconds,
    setupClient: (client) => {
      // Each connection starts somewhere else in the list.
      const start = Math.floor((turn++ * prepared.length) / connections);
      client.setRequests([...prepared.slice(start), ...prepared.slice(0, start)]);
      client.on('body', (body: Buffer) => {
        if (body.includes('"error"')) failure ??= body.toString();
      });
      client.on('response', (_status, _bytes, milliseconds) => latencies.push(milliseconds));
    },
  });
  const done = result['2xx'];
  return {
    done,
    failed: result.non2xx + result.errors + result.timeouts,
    perSecond: Math.round(done / result.duration),
    ...summary(latencies),
    ...(failure && { failure }),
  };
}

/** Several workers in a loop until the time is over; each turn answers what it took, by step. */
async function loop(
  workers: ((turn: number) => Promise<Record<string, number>>)[],
  seconds: number,
): Promise<Measured> {
  const started = performance.now();
  const end = started + seconds * 1000;
  const steps: Record<string, number[]> = {};
  let failed = 0;
  let failure: string | undefined;
  const work = workers.map(async (worker) => {
    for (let turn = 0; performance.now() < end; turn++) {
      try {
        for (const [name, took] of Object.entries(await worker(turn))) {
          steps[name] ??= [];
          steps[name].push(took);
        }
      } catch (error) {
        failed += 1;
        failure ??= String(error);
      }
    }
  });
  await Promise.all(work);
  const { whole = [], ...parts } = steps;
  const elapsed = (performance.now() - started) / 1000;
  const named = Object.entries(parts).map(([name, latencies]) => [name, summary(latencies)] as const);
  return {
    done: whole.length,
    failed,
    perSecond: Math.round(whole.length / elapsed),
    ...summary(whole),
    ...(named.length > 0 && { steps: Object.fromEntries(named) }),
    ...(failure && { failure }),
  };
}

/** The same statements by connections of our own: no HTTP, no Worker. */
async function direct({ url, batches, connections, seconds }: Extract<Job, { kind: 'direct' }>): Promise<Measured> {
  const pool = new pg.Pool({ connectionString: url, max: connections, min: connections });
  const begin = beginStatement({});
  const workers = Array.from({ length: connections }, (_, index) => async (turn: number) => {
    const client = await pool.connect();
    const started = performance.now();
    try {
      await runBatch(client, batches[(turn * connections + index) % batches.length] ?? [], begin);
    } finally {
      client.release();
    }
    return { whole: performance.now() - started };
  });
  try {
    return await loop(workers, seconds);
  } finally {
    await pool.end();
  }
}

async function purchase(job: Extract<Job, { kind: 'purchase' }>): Promise<Measured> {
  const agent = new Agent({ keepAlive: true, maxSockets: job.customers.length });
  const workers = job.customers.map((customer) => async () => {
    const post = (path: string, body: object, headers: Record<string, string> = {}) =>
      send(agent, `${job.url}/api/v1${path}`, body, { authorization: `Bearer ${customer.token}`, ...headers });
    const times = [performance.now()];
    const product_id = anyOf(job.products);
    const cart = await post('/cart/items', { product_id, quantity: 1 });
    times.push(performance.now());
    const terms = { cart_id: cart.id, fulfillment_type: 'DELIVERY', delivery_slot_id: anyOf(job.slots) };
    await post('/checkout/preview', terms);
    times.push(performance.now());
    const key = { 'idempotency-key': randomUUID() };
    await post('/checkout/confirm', { ...terms, payment_token_id: customer.cardId }, key);
    times.push(performance.now());
    const [start = 0, added = 0, previewed = 0, confirmed = 0] = times;
    return { whole: confirmed - start, add: added - start, preview: previewed - added, confirm: confirmed - previewed };
  });
  try {
    return await loop(workers, job.seconds);
  } finally {
    agent.destroy();
  }
}

function send(agent: Agent, url: string, body: object, headers: Record<string, string>): Promise<{ id: number }> {
  return new Promise((resolve, reject) => {
    const payload = JSON.stringify(body);
    const options = { agent, method: 'POST', headers: { 'content-type': 'application/json', ...headers } };
    const sent = httpRequest(url, options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('end', () => {
        const text = Buffer.concat(chunks).toString();
        if ((response.statusCode ?? 500) >= 300) reject(new Error(`${response.statusCode} ${text}`));
        else resolve(JSON.parse(text).data);
      });
    });
    sent.once('error', reject);
    sent.end(payload);
  });
}

const anyOf = (ids: number[]) => ids[Math.floor(Math.random() * ids.length)];

const randomAddress = () => `10.${[0, 0, 0].map(() => Math.floor(Math.random() * 256)).join('.')}`;

const run = (job: Job): Promise<Measured> => {
  if (job.kind === 'http') return overHttp(job);
  return job.kind === 'direct' ? direct(job) : purchase(job);
};

process.on('message', (job: Job) => {
  run(job).then(
    (measured) => process.send?.(measured),
    (error: Error) => process.send?.({ done: 0, failed: 1, perSecond: 0, p50: 0, p99: 0, failure: error.message }),
  );
});
// Whoever asked is gone.
process.on('disconnect', () => process.exit(0));
