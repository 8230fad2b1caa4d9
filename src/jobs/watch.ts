import { sql } from 'drizzle-orm';
import { type Counts, type Job, systemBatch } from '../background.ts';
import { statement } from '../db/statement.ts';
import { IS_STUCK } from '../features/payments/stuck.ts';
import { logLine } from '../log.ts';

/** Logs an alert when something has been stuck for 15 minutes or has failed permanently within the last day. */
export const watch: Job = {
  name: 'watch',
  async run(services) {
    const [[stuck]] = await systemBatch(services)([
      statement<Counts>(sql`
        with refund as (
          select status from refunds
          where status = 'PENDING' and created_at < now() - interval '15 minutes'
            or status = 'FAILED' and settled_at > now() - interval '24 hours'
        ), mail as (
          select status from outbox
          where status = 'PENDING' and created_at < now() - interval '15 minutes'
            or status = 'FAILED' and created_at > now() - interval '24 hours'
        )
        select
          (select count(*) from payments where ${IS_STUCK})::int as payments_stuck,
          (select count(*) from payment_attempts where ${IS_STUCK})::int as attempts_stuck,
          (select count(*) from payments
           where status = 'DECLINED' and decline_reason in ('late_charge', 'late_charge_kept')
             and created_at between now() - interval '48 hours' and now() - interval '25 minutes'
          )::int as late_charges_kept,
          (select count(*) from payments
           where status in ('AUTHORIZED', 'FAILED') and capture_amount is not null
             and (status = 'FAILED' or capture_due_at < now() - interval '15 minutes'))::int as captures_stuck,
          (select count(*) from payments
           where status in ('AUTHORIZED', 'FAILED') and capture_amount is null
             and (status = 'FAILED' or capture_before <= now()))::int as authorizations_lapsed,
          (select count(*) from payment_voids
           where status = 'FAILED' and settled_at > now() - interval '24 hours')::int as voids_failed,
          (select count(*) from payments where disputed_at > now() - interval '24 hours')::int as payments_disputed,
          (select count(*) from refund where status = 'PENDING')::int as refunds_stuck,
          (select count(*) from refund where status = 'FAILED')::int as refunds_failed,
          (select count(*) from mail where status = 'PENDING')::int as mails_stuck,
          (select count(*) from mail where status = 'FAILED')::int as mails_failed,
          greatest(0, 3 - months_ahead()) as months_missing`),
    ]);
    const counts = stuck ?? {};
    if (Object.values(counts).some((count) => count > 0)) {
      logLine('alert', { job: 'watch', request_id: services.requestId, ...counts });
    }
    return counts;
  },
};
