import { type SQL, sql } from 'drizzle-orm';
import { type Job, type Services, systemBatch } from '../../background.ts';
import type { PaymentStatus } from '../../db/schema/words.ts';
import { type Statement, statement, wordList } from '../../db/statement.ts';
import { AppError } from '../../errors.ts';
import { describeFailure, logLine } from '../../log.ts';
import type { PaymentMode, PaymentOutcome } from '../../payments/index.ts';
import { FINISHED } from '../orders/statuses.ts';
import { pay } from './pay.ts';
import { ACTION_MINUTES, type DueAction, find, outcomeOf, type PendingPayment } from './settle.ts';

/** An attempt to authorise an order anew, to be asked of its provider as a payment is. */
export interface Attempt extends Omit<PendingPayment, 'order_number' | 'save_as_default'> {
  attempt_id: number;
  mode: PaymentMode;
}

export interface SettledAttempt {
  status: PaymentStatus;
  order_id: number;
  order_number: string;
  decline_reason: string | null;
  action: DueAction | null;
}

export const ATTEMPT_COLUMNS =
  sql.raw(`a.id as attempt_id, p.order_id, o.user_id, a.provider, coalesce(t.provider_token, '') as provider_token,
  t.provider_customer, a.amount, p.currency, a.idempotency_key, p.mode, a.reference, a.created_at`);

/** The attempts `a` of payments `p` that the condition names. */
export const attemptWhere = (condition: SQL): Statement<Attempt> =>
  statement(sql`
    select ${ATTEMPT_COLUMNS} from payment_attempts a
    join payments p on p.id = a.payment_id join orders o on o.id = p.order_id
    left join payment_tokens t on t.id = a.payment_token_id
    where ${condition}`);

/** The unsettled attempt of an order, if there is one. */
export const openAttempt = (orderId: number): Statement<Attempt> =>
  attemptWhere(sql`p.order_id = ${orderId} and a.status in ('PENDING', 'ACTION_REQUIRED')`);

const asPayment = (attempt: Attempt): PendingPayment => ({ ...attempt, order_number: '', save_as_default: false });

/** Asks the provider for the authorisation. @throws AppError 503 when the outcome is unknown */
export const askForAttempt = (services: Services, attempt: Attempt, isOffSession: boolean): Promise<PaymentOutcome> =>
  pay(services, asPayment(attempt), isOffSession);

/** What became of an attempt; undefined when the provider does not answer. */
export async function findAttempt(services: Services, attempt: Attempt): Promise<PaymentOutcome | undefined> {
  const found = await find(services, asPayment(attempt));
  return found && outcomeOf(found);
}

/** Records the outcome of an attempt: `settle_attempt` in the database. */
export function recordOf({ attempt_id }: Attempt, outcome: PaymentOutcome): Statement<SettledAttempt> {
  const reference = 'reference' in outcome ? (outcome.reference ?? null) : null;
  const captureBefore = outcome.status === 'AUTHORIZED' ? outcome.captureBefore : null;
  const reason = outcome.status === 'DECLINED' ? outcome.reason : null;
  const action = outcome.status === 'ACTION_REQUIRED' ? JSON.stringify(outcome.action) : null;
  return statement(sql`
    select * from settle_attempt(${attempt_id}, ${outcome.status}, ${reference}, ${captureBefore}, ${reason},
      ${action}::jsonb, ${ACTION_MINUTES})`);
}

const AT_ONCE = 5;
const RENEW = 'renew_authorizations';

// A day before the bank lets go, if the order's window begins later than that; in the last hour, whatever its window. One without
// an open attempt: an attempt whose outcome is unknown is asked for first.
const DUE = sql`p.status = 'AUTHORIZED' and p.capture_amount is null and p.capture_before < now() + interval '1 day'
  and (o.window_start > p.capture_before or p.capture_before < now() + interval '1 hour')
  and o.status not in (${wordList(FINISHED)})
  and not exists (select from payment_attempts a where a.payment_id = p.id and a.status in ('PENDING', 'ACTION_REQUIRED'))`;

/** Makes an attempt for each authorisation that lapses before its order can be captured, and answers them. */
const beginRenewals: Statement<Attempt> = statement(sql`
  with due as materialized (
    select p.id from payments p join orders o on o.id = p.order_id where ${DUE}
    order by p.capture_before, p.id limit ${AT_ONCE}::int for update of p skip locked
  ), a as (
    insert into payment_attempts (payment_id, payment_token_id, provider, idempotency_key, amount)
    select p.id, p.payment_token_id, p.provider, next_payment_key(p.id, o.order_number),
      o.total_amount - o.removed_amount - p.credit_amount + p.refunded_amount + p.margin_amount
    from due join payments p on p.id = due.id join orders o on o.id = p.order_id
    on conflict do nothing
    returning *
  )
  select ${ATTEMPT_COLUMNS} from a
  join payments p on p.id = a.payment_id join orders o on o.id = p.order_id
  left join payment_tokens t on t.id = a.payment_token_id`);

/** Attempts whose answer never came, or that wait for their customer. */
const claimOpen: Statement<Attempt> = statement(sql`
  with due as materialized (
    select id from payment_attempts
    where status in ('PENDING', 'ACTION_REQUIRED')
      and (status = 'ACTION_REQUIRED' or created_at < now() - interval '2 minutes')
      and (checked_at is null or checked_at < now() - interval '1 minute')
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

/** Renews the authorisations that would lapse too early, and finds out what became of attempts without an outcome. */
export const renewAuthorizations: Job = {
  name: RENEW,
  async run(services, allowance) {
    const counts = { renewed: 0, charged: 0, declined: 0, waiting: 0, unknown: 0, failed: 0 };
    const work = [
      { claim: claimOpen, ask: (attempt: Attempt) => findAttempt(services, attempt) },
      { claim: beginRenewals, ask: (attempt: Attempt) => askOffSession(services, attempt) },
    ];
    for (const { claim, ask } of work) {
      // The claim, and for each of them asking, asking again and recording.
      while (allowance.take(1 + AT_ONCE * 4)) {
        const [attempts] = await systemBatch(services)([claim]);
        const became = await Promise.all(attempts.map((attempt) => settleAlone(services, attempt, ask)));
        for (const each of became) counts[each] += 1;
        if (attempts.length < AT_ONCE) break;
      }
    }
    return counts;
  },
};

type Became = 'renewed' | 'charged' | 'declined' | 'waiting' | 'unknown' | 'failed';

const BECAME: Partial<Record<PaymentStatus, Became>> = {
  AUTHORIZED: 'renewed',
  CAPTURED: 'charged',
  DECLINED: 'declined',
  ACTION_REQUIRED: 'waiting',
};

async function settleAlone(
  services: Services,
  attempt: Attempt,
  ask: (attempt: Attempt) => Promise<PaymentOutcome | undefined>,
): Promise<Became> {
  try {
    const outcome = await ask(attempt);
    if (!outcome) return 'unknown';
    const [[settled]] = await systemBatch(services)([recordOf(attempt, outcome)]);
    return (settled && BECAME[settled.status]) ?? 'unknown';
  } catch (error) {
    const facts = { job: RENEW, request_id: services.requestId, order_id: attempt.order_id };
    logLine('error', { ...facts, ...describeFailure(error) });
    return 'failed';
  }
}

/** The customer is not there: undefined when the outcome is unknown, which a later run finds out. */
async function askOffSession(services: Services, attempt: Attempt): Promise<PaymentOutcome | undefined> {
  try {
    return await askForAttempt(services, attempt, true);
  } catch (error) {
    if (error instanceof AppError && error.status === 503) return undefined;
    throw error;
  }
}
