import { sql } from 'drizzle-orm';
import { type Job, systemBatch } from '../../background.ts';
import { type Statement, statement } from '../../db/statement.ts';
import { describeFailure, logLine } from '../../log.ts';
import { ATTEMPT_COLUMNS, type Attempt, findAttempt } from './attempts.ts';
import { LOOKS } from './late-charges.ts';

const NAME = 'void_late_attempts';
const AT_ONCE = 5;

/** Attempts that were given up because the provider did not know them, and are to be looked at again. */
const claim: Statement<Attempt> = statement(sql`
  with due as materialized (
    select id from payment_attempts
    where status = 'DECLINED' and decline_reason = 'not_charged' and created_at > now() - interval '48 hours' and exists (
      select from unnest(${LOOKS}) look
      where created_at + look <= now() and coalesce(checked_at, created_at) < created_at + look)
    order by checked_at nulls first, id limit ${AT_ONCE}::int for update skip locked
  )
  update payment_attempts a set checked_at = now()
  from due
  join payment_attempts same on same.id = due.id
  join payments p on p.id = same.payment_id
  join orders o on o.id = p.order_id
  left join payment_tokens t on t.id = same.payment_token_id
  where a.id = due.id
  returning ${ATTEMPT_COLUMNS}`);

/** Takes back what reached the provider only after "not found" had given the attempt up: the order is paid without it. */
export const voidLateAttempts: Job = {
  name: NAME,
  async run(services, allowance) {
    const counts = { voided: 0, none: 0, unknown: 0, failed: 0 };
    const one = async (attempt: Attempt) => {
      const outcome = await findAttempt(services, attempt);
      if (!outcome) {
        await systemBatch(services)([record(attempt, sql`checked_at = null`)]);
        return 'unknown';
      }
      if (outcome.status !== 'CAPTURED' && outcome.status !== 'AUTHORIZED') return 'none';
      await systemBatch(services)([
        statement(sql`
          select void_payment(payment_id, provider, ${outcome.reference}, idempotency_key)
          from payment_attempts where id = ${attempt.attempt_id}`),
        record(attempt, sql`decline_reason = 'late_charge'`),
      ]);
      return 'voided';
    };
    // The claim, and for each of them asking and recording.
    while (allowance.take(1 + AT_ONCE * 2)) {
      const [attempts] = await systemBatch(services)([claim]);
      const became = await Promise.all(
        attempts.map((attempt) =>
          one(attempt).catch((error: unknown) => {
            const facts = { job: NAME, request_id: services.requestId, order_id: attempt.order_id };
            logLine('error', { ...facts, ...describeFailure(error) });
            return 'failed' as const;
          }),
        ),
      );
      for (const each of became) counts[each] += 1;
      if (attempts.length < AT_ONCE) break;
    }
    return counts;
  },
};

const record = ({ attempt_id }: Attempt, change: ReturnType<typeof sql>): Statement =>
  statement(sql`
    update payment_attempts set ${change} where id = ${attempt_id} and decline_reason = 'not_charged'`);
