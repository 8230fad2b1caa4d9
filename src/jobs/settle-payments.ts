import { sql } from 'drizzle-orm';
import { type Statement, statement } from '../db/statement.ts';
import { findAndSettle, type PendingPayment } from '../features/checkout/settle.ts';
import { publicCacheOf } from '../http/cache/public-cache.ts';
import { describeFailure } from '../log.ts';
import { type Job, type Services, systemBatch } from './job.ts';

const AT_ONCE = 5;
const LIMIT = 100;

/** Finds out what became of the charges whose answer never came, and finishes or undoes their orders. */
export const settlePayments: Job = {
  name: 'settle_payments',
  async run(services, deadline) {
    const counts = { captured: 0, declined: 0, unknown: 0, failed: 0 };
    for (let taken = 0; taken < LIMIT && performance.now() < deadline; ) {
      const [due] = await systemBatch(services)([claim]);
      if (due.length === 0) break;
      taken += due.length;
      for (const became of await Promise.all(due.map((payment) => settle(services, payment)))) counts[became] += 1;
      if (due.length < AT_ONCE) break;
    }
    // What was declined went back to the shelves.
    if (counts.declined > 0) publicCacheOf(services.config).written(['products'], undefined);
    return counts;
  },
};

// By then the customer's own request has given up. Claimed for a minute; the longest unasked come first, so that
// a few that nobody can tell anything of do not keep the others waiting.
const claim: Statement<PendingPayment> = statement(sql`
  with due as materialized (
    select id from payments
    where status = 'PENDING' and created_at < now() - interval '2 minutes'
      and (checked_at is null or checked_at < now() - interval '1 minute')
    order by checked_at nulls first, id limit ${AT_ONCE}::int for update skip locked
  )
  update payments p set checked_at = now(), check_count = p.check_count + 1
  from due, orders o
  where p.id = due.id and o.id = p.order_id
  returning p.order_id, o.order_number, o.user_id, p.provider, p.amount, p.currency, p.idempotency_key, p.save_as_default,
    coalesce((select provider_token from payment_tokens t where t.id = p.payment_token_id), '') as provider_token`);

const BECAME = { CAPTURED: 'captured', DECLINED: 'declined', PENDING: 'unknown', UNKNOWN: 'unknown' } as const;
type Became = (typeof BECAME)[keyof typeof BECAME] | 'failed';

async function settle(services: Services, payment: PendingPayment): Promise<Became> {
  try {
    return BECAME[await findAndSettle(services, payment)];
  } catch (error) {
    const { requestId } = services;
    console.error(
      JSON.stringify({
        level: 'error',
        job: 'settle_payments',
        request_id: requestId,
        order_id: payment.order_id,
        ...describeFailure(error),
      }),
    );
    return 'failed';
  }
}
