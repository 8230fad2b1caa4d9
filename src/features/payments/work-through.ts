import { type SQL, sql } from 'drizzle-orm';
import { type Allowance, type Services, systemBatch } from '../../background.ts';
import { type Statement, statement } from '../../db/statement.ts';
import { describeFailure, logLine } from '../../log.ts';
import { PAYMENT_COLUMNS, type PendingPayment } from './settle.ts';

const AT_ONCE = 5;

interface Work<Became extends string> {
  /** Name of the job, for the log. */
  job: string;
  /** Which payments are due. A claim sets `checked_at`, which must make it false. */
  due: SQL;
  /** At most, for one payment. */
  subrequestsEach: number;
  /** How many became what; starts at zero. */
  counts: Record<Became | 'failed', number>;
  one: (payment: PendingPayment) => Promise<Became>;
}

/** Claims payments that are due, the longest unasked first, and works on a few at a time; each fails alone. */
export async function workThroughPayments<Became extends string>(
  services: Services,
  allowance: Allowance,
  { job, due, subrequestsEach, counts, one }: Work<Became>,
): Promise<Record<Became | 'failed', number>> {
  const claim = claimOf(due);
  const alone = (payment: PendingPayment) =>
    one(payment).catch((error: unknown) => {
      logLine('error', { job, request_id: services.requestId, order_id: payment.order_id, ...describeFailure(error) });
      return 'failed' as const;
    });
  while (allowance.take(1 + AT_ONCE * subrequestsEach)) {
    const [payments] = await systemBatch(services)([claim]);
    for (const became of await Promise.all(payments.map(alone))) counts[became] += 1;
    if (payments.length < AT_ONCE) break;
  }
  return counts;
}

const claimOf = (due: SQL): Statement<PendingPayment> =>
  statement(sql`
    with due as materialized (
      select id from payments where ${due}
      order by checked_at nulls first, id limit ${AT_ONCE}::int for update skip locked
    )
    update payments p set checked_at = now(), check_count = p.check_count + 1
    from due
    join payments same on same.id = due.id
    join orders o on o.id = same.order_id
    left join payment_tokens t on t.id = same.payment_token_id
    where p.id = due.id
    returning ${PAYMENT_COLUMNS}, p.capture_amount`);
