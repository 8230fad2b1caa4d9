import { Allowance, type Job, logged } from '../background.ts';
import { configOf } from '../config.ts';
import { Database } from '../db/database.ts';
import { drainOutbox } from '../email/outbox.ts';
import { voidLateCharges } from '../features/payments/late-charges.ts';
import { settlePayments } from '../features/payments/pending.ts';
import { settleRefunds } from '../features/payments/refunds.ts';
import { expiries } from './expire.ts';
import { releaseHolds } from './release-holds.ts';
import { watch } from './watch.ts';

/** All jobs of a run together, so that they are done before the next run begins. */
const RUN_MILLISECONDS = 240_000;
/** All jobs of a run together. Cloudflare allows an invocation 10,000; the rest is for what is under way at the end. */
const RUN_SUBREQUESTS = 9_000;
/** Too few for another portion of any job. */
const LEFT_OVER = 50;

/** The cron expressions of wrangler.toml. */
const SCHEDULE: Readonly<Record<string, readonly Job[]>> = {
  '*/5 * * * *': [
    releaseHolds,
    settlePayments,
    voidLateCharges,
    { name: 'settle_refunds', run: settleRefunds },
    { name: 'drain_outbox', run: drainOutbox },
    watch,
  ],
  '0 * * * *': expiries,
};

/**
 * Runs the jobs of one cron expression, each failing alone. In the first round each may use an equal share of the time and the
 * subrequests that are left; those with more to do share what the others did not need. So no backlog starves another job, and a
 * backlog of one gets nearly the whole run.
 * @throws Error for an unknown expression, and at the end when a job failed, so that the platform counts the run as failed
 */
export async function runScheduled(cron: string, env: Env): Promise<void> {
  const jobs = SCHEDULE[cron];
  if (!jobs) throw new Error(`No jobs for the cron expression "${cron}"`);
  const config = configOf(env);
  const requestId = `job-${crypto.randomUUID()}`;
  const end = performance.now() + RUN_MILLISECONDS;
  let subrequests = RUN_SUBREQUESTS;
  const failed: string[] = [];
  for (let round = jobs; round.length > 0 && subrequests > LEFT_OVER && performance.now() < end; ) {
    const unfinished: Job[] = [];
    for (const [index, job] of round.entries()) {
      const services = { config, database: new Database(config), requestId };
      const sharing = round.length - index;
      const time = (end - performance.now()) / sharing;
      const allowance = new Allowance(Math.floor(subrequests / sharing), performance.now() + time);
      const isDone = await logged(services, job.name, () => job.run(services, allowance));
      subrequests -= allowance.taken;
      if (!isDone) failed.push(job.name);
      else if (allowance.isSpent) unfinished.push(job);
    }
    round = unfinished;
  }
  if (failed.length > 0) throw new Error(`Failed: ${failed.join(', ')}`);
}
