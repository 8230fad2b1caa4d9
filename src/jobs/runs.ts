import { sql } from 'drizzle-orm';
import { type Statement, statement } from '../db/statement.ts';

/** Minutes after which the jobs of a cron expression are late: two runs were missed, or failed. The run for mail alone is not watched: that of
 * every five minutes sends mail, too. */
const LATE_AFTER_MINUTES: Readonly<Record<string, number>> = { '*/5 * * * *': 15, '0 * * * *': 125 };

export interface JobRun {
  schedule: string;
  succeeded_at: string | null;
  is_late: boolean;
}

/** Notes that all jobs of a cron expression have ended without a failure. */
export const runSucceeded = (schedule: string): Statement =>
  statement(sql`
    insert into job_runs (schedule, succeeded_at) values (${schedule}, now())
      on conflict (schedule) do update set succeeded_at = excluded.succeeded_at`);

/** The last good run of each cron expression. One that has never run is late. */
export const jobRuns = (): Statement<JobRun> =>
  statement(sql`
    select s.schedule, r.succeeded_at,
      coalesce(r.succeeded_at < now() - make_interval(mins => s.minutes), true) as is_late
    from json_to_recordset(${JSON.stringify(
      Object.entries(LATE_AFTER_MINUTES).map(([schedule, minutes]) => ({ schedule, minutes })),
    )}) as s (schedule text, minutes integer)
    left join job_runs r on r.schedule = s.schedule
    order by s.minutes`);
