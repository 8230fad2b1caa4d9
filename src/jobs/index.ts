import { Allowance, type Job, logged, systemBatch } from '../background.ts';
import { configOf } from '../config.ts';
import { Database } from '../db/database.ts';
import { drainOutbox } from '../email/outbox.ts';
import { lapseAmendments } from '../features/amendments/lapse.ts';
import { publishEvents } from '../features/events/publish.ts';
import { renewAuthorizations } from '../features/payments/attempts.ts';
import { cancelUnpaid } from '../features/payments/cancel-unpaid.ts';
import { capturePayments } from '../features/payments/capture.ts';
import { voidLateAttempts } from '../features/payments/late-attempts.ts';
import { voidLateCharges } from '../features/payments/late-charges.ts';
import { settlePayments } from '../features/payments/pending.ts';
import { settleRefunds } from '../features/payments/refunds.ts';
import { settleVoids } from '../features/payments/voids.ts';
import { applyPrices, catchUpPrices } from '../features/prices/due.ts';
import { lapseProposals } from '../features/substitutions/lapse.ts';
import { expiries } from './expire.ts';
import { keepMonths } from './months.ts';
import { releaseHolds } from './release-holds.ts';
import { runSucceeded } from './runs.ts';
import { watch } from './watch.ts';

/** The time for all jobs of a run, so that it ends before the next one starts. */
const RUN_MILLISECONDS = 240_000;
/** Subrequests of all jobs of a run. Cloudflare allows 10,000 per invocation; the rest is for work in progress at the end. */
const RUN_SUBREQUESTS = 9_000;
/** With this many left, no job can do another portion of work. */
const LEFT_OVER = 50;

const drainMails: Job = { name: 'drain_outbox', everyRound: true, run: drainOutbox };

/** The cron expressions of wrangler.toml. */
const SCHEDULE: Readonly<Record<string, readonly Job[]>> = {
  '*/5 * * * *': [
    applyPrices,
    releaseHolds,
    lapseProposals,
    lapseAmendments,
    settlePayments,
    capturePayments,
    renewAuthorizations,
    cancelUnpaid,
    voidLateCharges,
    voidLateAttempts,
    { name: 'settle_voids', run: settleVoids },
    { name: 'settle_refunds', run: settleRefunds },
    drainMails,
    publishEvents,
    watch,
  ],
  // A run of its own, with subrequests, connections and processor time of its own: one run sends 5,000 mails at 200 ms each.
  '2-57/5 * * * *': [drainMails],
  '0 * * * *': [...expiries, keepMonths],
};

/**
 * Runs the jobs of one cron expression; a failing job does not stop the others. In the first round each job may use an equal
 * share of the remaining time and subrequests; jobs with more work share what the others left. So a backlog in one job cannot
 * starve the others, yet gets nearly the whole run when it is the only one. Mails of later rounds go out in the same run.
 * @throws Error for an unknown expression, and at the end when a job failed, so that Cloudflare records the run as failed
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
    const unfinished = new Set<Job>();
    for (const [index, job] of round.entries()) {
      const services = { env, config, database: new Database(config, catchUpPrices), requestId };
      const sharing = round.length - index;
      const time = (end - performance.now()) / sharing;
      const allowance = new Allowance(Math.floor(subrequests / sharing), performance.now() + time);
      const isDone = await logged(services, job.name, () => job.run(services, allowance));
      subrequests -= allowance.taken;
      if (!isDone) failed.push(job.name);
      else if (allowance.isSpent) unfinished.add(job);
    }
    const goesOn = (job: Job) => unfinished.has(job) || (job.everyRound && !failed.includes(job.name));
    round = unfinished.size === 0 ? [] : round.filter(goesOn);
  }
  if (failed.length > 0) throw new Error(`Failed: ${failed.join(', ')}`);
  await systemBatch({ config, database: new Database(config, catchUpPrices), requestId })([runSucceeded(cron)]);
}
