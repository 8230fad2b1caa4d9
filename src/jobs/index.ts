import { type Job, logged } from '../background.ts';
import { configOf } from '../config.ts';
import { Database } from '../db/database.ts';
import { drainOutbox } from '../email/outbox.ts';
import { voidLateCharges } from '../features/payments/late-charges.ts';
import { settlePayments } from '../features/payments/pending.ts';
import { settleRefunds } from '../features/payments/refunds.ts';
import { expiries } from './expire.ts';
import { releaseHolds } from './release-holds.ts';
import { watch } from './watch.ts';

/** For each of them, so that all are done before the next run begins and none can starve the others. */
const MILLISECONDS_EACH = 45_000;

/** The cron expressions of wrangler.toml. */
const SCHEDULE: Readonly<Record<string, readonly Job[]>> = {
  '*/5 * * * *': [
    releaseHolds,
    settlePayments,
    voidLateCharges,
    { name: 'settle_refunds', run: (services, deadline) => settleRefunds(services, { deadline }) },
    { name: 'drain_outbox', run: (services, deadline) => drainOutbox(services, { deadline }) },
    watch,
  ],
  '0 * * * *': expiries,
};

/**
 * Runs the jobs of one cron expression, each failing alone.
 * @throws Error for an unknown expression, and at the end when a job failed, so that the platform counts the run as failed
 */
export async function runScheduled(cron: string, env: Env): Promise<void> {
  const jobs = SCHEDULE[cron];
  if (!jobs) throw new Error(`No jobs for the cron expression "${cron}"`);
  const config = configOf(env);
  const requestId = `job-${crypto.randomUUID()}`;
  const failed: string[] = [];
  for (const { name, run } of jobs) {
    const services = { config, database: new Database(config), requestId };
    const deadline = performance.now() + MILLISECONDS_EACH;
    if (!(await logged(services, name, () => run(services, deadline)))) failed.push(name);
  }
  if (failed.length > 0) throw new Error(`Failed: ${failed.join(', ')}`);
}
