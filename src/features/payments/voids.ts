import { sql } from 'drizzle-orm';
import { Allowance, type Counts, type Services, soon } from '../../background.ts';
import { type Statement, statement } from '../../db/statement.ts';
import type { Call } from '../../http/context.ts';
import { providerFor, type VoidResult } from '../../payments/index.ts';
import { askProvider, type Outcome, settleDue, waitAfter } from './settle-due.ts';

interface DueVoid {
  id: number;
  provider: string;
  reference: string;
  idempotency_key: string;
  attempts: number;
}

const AFTER_RESPONSE = 7;
/** Longer than a provider may take to answer. Asking twice is safe: the void has its own key. */
const LEASE = sql.raw("interval '2 minutes'");

/** Asks the provider to let go of what is not needed any more. What it refuses for good fails; all else comes again, without end. */
export const settleVoids = (
  services: Services,
  allowance: Allowance = new Allowance(AFTER_RESPONSE, Number.POSITIVE_INFINITY),
  /** Only the voids of this order. */
  orderId?: number,
): Promise<Counts> =>
  settleDue(services, allowance, {
    claim: (limit) => claim(limit, orderId),
    requestsEach: 1,
    counts: { voided: 0, failed: 0, retried: 0 },
    settle: async (due) => outcomeOf(due, await ask(services, due)),
  });

/** Lets go of an order's authorisation after the response, instead of waiting for the scheduled job. */
export const voidSoon = (call: Call, orderId: number): void =>
  soon(call, 'settle_voids', () => settleVoids(call, undefined, orderId));

const claim = (limit: number, orderId: number | undefined): Statement<DueVoid> =>
  statement(sql`
    with due as materialized (
      select v.id from payment_voids v
      where v.status = 'PENDING' and v.next_attempt_at <= now()
        and ${orderId === undefined ? sql`true` : sql`v.payment_id = (select id from payments where order_id = ${orderId})`}
      order by v.next_attempt_at, v.id limit ${limit}::int for update skip locked
    )
    update payment_voids v set attempts = v.attempts + 1, next_attempt_at = now() + ${LEASE}
    from due where v.id = due.id
    returning v.id, v.provider, v.reference, v.idempotency_key, v.attempts`);

const ask = (services: Services, { id, provider, reference, idempotency_key: key }: DueVoid) =>
  askProvider(services, { job: 'settle_voids', void_id: id }, () =>
    providerFor(provider, services.config).void({ reference, idempotencyKey: `void-${key}` }),
  );

function outcomeOf(
  { id, attempts }: DueVoid,
  result: VoidResult | 'UNKNOWN',
): Outcome<'voided' | 'failed' | 'retried'> {
  if (result === 'UNKNOWN') {
    const record = statement(sql`
      update payment_voids set next_attempt_at = now() + make_interval(secs => ${waitAfter(attempts)}::int)
      where id = ${id} and status = 'PENDING' and attempts = ${attempts}`);
    return { became: 'retried', record };
  }
  const reason = result.status === 'FAILED' ? result.reason : null;
  const record = statement(sql`
    update payment_voids set status = ${reason === null ? 'SUCCEEDED' : 'FAILED'}, failure_reason = ${reason},
      settled_at = now()
    where id = ${id} and status = 'PENDING'`);
  return { became: reason === null ? 'voided' : 'failed', record };
}
