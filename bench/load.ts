import autocannon from 'autocannon';
import pg from 'pg';
import { beginStatement, runBatch } from '../scripts/gateway/batch.ts';
import { type Job, type Measured, summary } from './job.ts';
import { purchase } from './purchase.ts';

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
    // The run ends with the first of these requests after its time.
    sampleInt: 100,
    setupClient: (client) => {
      // Each connection starts at a different place in the list.
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
    failed: result.non2xx + result.errors,
    perSecond: Math.round(done / result.duration),
    ...summary(latencies),
    ...(failure && { failure }),
  };
}

/** The same statements on direct connections: no HTTP, no Worker. */
async function direct({ url, batches, connections, seconds }: Extract<Job, { kind: 'direct' }>): Promise<Measured> {
  const pool = new pg.Pool({ connectionString: url, max: connections, min: connections });
  const begin = beginStatement({});
  const started = performance.now();
  const end = started + seconds * 1000;
  const latencies: number[] = [];
  let failed = 0;
  let failure: string | undefined;
  const worker = async (_: unknown, index: number) => {
    for (let turn = 0; performance.now() < end; turn++) {
      const client = await pool.connect();
      const asked = performance.now();
      try {
        await runBatch(client, batches[(turn * connections + index) % batches.length] ?? [], begin);
        latencies.push(performance.now() - asked);
      } catch (error) {
        failed += 1;
        failure ??= String(error);
      } finally {
        client.release();
      }
    }
  };
  await Promise.all(Array.from({ length: connections }, worker));
  const perSecond = Math.round((latencies.length / (performance.now() - started)) * 1000);
  await pool.end();
  return { done: latencies.length, failed, perSecond, ...summary(latencies), ...(failure && { failure }) };
}

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
// The requesting process has ended.
process.on('disconnect', () => process.exit(0));
