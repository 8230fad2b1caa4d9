import { sql } from 'drizzle-orm';
import { Allowance, type Counts, type Services, soon, systemBatch } from '../../background.ts';
import { LAST_WAIT_SECONDS, retryDelaySeconds } from '../../backoff.ts';
import { type Statement, statement } from '../../db/statement.ts';
import type { Call } from '../../http/context.ts';
import { describeFailure, logLine } from '../../log.ts';
import { PaymentOutcomeUnknown, providerFor, type VoidResult } from '../../payments/index.ts';

interface DueVoid {
  id: number;
  provider: string;
  reference: string;
  idempotency_key: string;
  attempts: number;
}

const AT_ONCE = 5;
const AFTER_RESPONSE = 7;
/** Longer than a provider may take to answer. Asking twice is safe: the void has its own key. */
const LEASE = sql.raw("interval '2 minutes'");

/** Asks the provider to let go of what is not needed any more. What it refuses for good fails; all else comes again, without end. */
export async function settleVoids(
  services: Services,
  allowance: Allowance = new Allowance(AFTER_RESPONSE, Number.POSITIVE_INFINITY),
  /** Only the voids of this order. */
  orderId?: number,
): Promise<Counts> {
  const counts = { voided: 0, failed: 0, retried: 0 };
  while (allowance.take(2 + AT_ONCE)) {
    const [due] = await systemBatch(services)([claim(orderId)]);
    if (due.length === 0) break;
    const results = await Promise.all(due.map(async (each) => ({ each, result: await ask(services, each) })));
    await systemBatch(services)(results.map(({ each, result }) => recordOf(each, result)));
    for (const { result } of results) {
      counts[result === 'UNKNOWN' ? 'retried' : result.status === 'VOIDED' ? 'voided' : 'failed'] += 1;
    }
    if (due.length < AT_ONCE) break;
  }
  return counts;
}

/** Lets go of an order's authorisation after the response, instead of waiting for the scheduled job. */
export const voidSoon = (call: Call, orderId: number): void =>
  soon(call, 'settle_voids', () => settleVoids(call, undefined, orderId));

const claim = (orderId: number | undefined): Statement<DueVoid> =>
  statement(sql`
    with due as materialized (
      select v.id from payment_voids v
      where v.status = 'PENDING' and v.next_attempt_at <= now()
        and ${orderId === undefined ? sql`true` : sql`v.payment_id = (select id from payments where order_id = ${orderId})`}
      order by v.next_attempt_at, v.id limit ${AT_ONCE}::int for update skip locked
    )
    update payment_voids v set attempts = v.attempts + 1, next_attempt_at = now() + ${LEASE}
    from due where v.id = due.id
    returning v.id, v.provider, v.reference, v.idempotency_key, v.attempts`);

async function ask({ config, requestId }: Services, due: DueVoid): Promise<VoidResult | 'UNKNOWN'> {
  try {
    const provider = providerFor(due.provider, config);
    return await provider.void({ reference: due.reference, idempotencyKey: `void-${due.idempotency_key}` });
  } catch (error) {
    const why = error instanceof PaymentOutcomeUnknown ? { reason: error.reason } : describeFailure(error);
    logLine('warn', { job: 'settle_voids', request_id: requestId, void_id: due.id, ...why });
    return 'UNKNOWN';
  }
}

function recordOf({ id, attempts }: DueVoid, result: VoidResult | 'UNKNOWN'): Statement {
  if (result === 'UNKNOWN') {
    const wait = retryDelaySeconds(attempts) ?? LAST_WAIT_SECONDS;
    return statement(sql`
      update payment_voids set next_attempt_at = now() + make_interval(secs => ${wait}::int)
      where id = ${id} and status = 'PENDING' and attempts = ${attempts}`);
  }
  const reason = result.status === 'FAILED' ? result.reason : null;
  return statement(sql`
    update payment_voids set status = ${reason === null ? 'SUCCEEDED' : 'FAILED'}, failure_reason = ${reason},
      settled_at = now()
    where id = ${id} and status = 'PENDING'`);
}
