import { sql } from 'drizzle-orm';
import { Allowance, type Counts, type Services, soon } from '../../background.ts';
import { type Statement, statement } from '../../db/statement.ts';
import type { Call } from '../../http/context.ts';
import { providerFor, type RefundResult } from '../../payments/index.ts';
import { askProvider, type Outcome, settleDue, waitAfter } from './settle-due.ts';

interface DueRefund {
  id: number;
  amount: string;
  attempts: number;
  currency: string;
  provider: string;
  reference: string;
  /** Parts of the amount that are paid back from charges of amendments. */
  shares: Share[] | null;
}

interface Share {
  attempt_id: number;
  amount: string;
  provider: string;
  reference: string;
}

/** Subrequests of background work after a response: enough for a hundred refunds. */
const AFTER_RESPONSE = 240;
/** Longer than a provider's response may take. Repeating a refund is safe: its id is the idempotency key. */
const LEASE = sql.raw("interval '2 minutes'");

/** Requests the due refunds from the provider. A permanent rejection fails a refund; anything else is retried indefinitely. */
export const settleRefunds = (
  services: Services,
  allowance: Allowance = new Allowance(AFTER_RESPONSE, Number.POSITIVE_INFINITY),
  /** Only the refunds of this order. */
  orderId?: number,
): Promise<Counts> =>
  settleDue(services, allowance, {
    claim: (limit) => claim(limit, orderId),
    requestsEach: 2,
    counts: { succeeded: 0, failed: 0, retried: 0 },
    settle: async (refund) => outcomeOf(refund, await ask(services, refund)),
  });

/** Pays the refunds that a command has just created, after the response. */
export const refundSoon = (call: Call, orderId: number): void =>
  soon(call, 'settle_refunds', () => settleRefunds(call, undefined, orderId));

const claim = (limit: number, orderId: number | undefined): Statement<DueRefund> =>
  statement(sql`
    with due as materialized (
      select id from refunds
      where status = 'PENDING' and next_attempt_at <= now()
        and ${orderId === undefined ? sql`true` : sql`order_id = ${orderId}`}
      order by next_attempt_at, id limit ${limit} for update skip locked
    )
    update refunds r set attempts = r.attempts + 1, next_attempt_at = now() + ${LEASE}
    from due, payments p
    where r.id = due.id and p.id = r.payment_id
    returning r.id, r.amount - r.credit_amount as amount, r.attempts, p.currency, p.provider, p.reference, (
      select json_agg(json_build_object('attempt_id', a.id, 'amount', s.amount::numeric(12, 2)::text, 'provider', a.provider,
        'reference', a.reference) order by a.id)
      from jsonb_to_recordset(r.shares) as s (attempt_id integer, amount numeric) join payment_attempts a on a.id = s.attempt_id) as shares`);

/** One part after the other. Unless all were paid or the only one refused, it stays due: each part has its own key. */
async function ask(services: Services, refund: DueRefund): Promise<RefundResult | 'UNKNOWN'> {
  const parts = partsOf(refund);
  const results: (RefundResult | 'UNKNOWN')[] = [];
  for (const part of parts) results.push(await askPart(services, refund, part));
  const refused = results.find((result) => result !== 'UNKNOWN' && result.status === 'FAILED');
  if (refused && results.every((result) => result !== 'UNKNOWN' && result.status === 'FAILED')) return refused;
  return refused || results.includes('UNKNOWN') ? 'UNKNOWN' : (results[0] ?? 'UNKNOWN');
}

interface Part {
  provider: string;
  reference: string;
  amount: string;
  idempotencyKey: string;
}

/** What is paid back from each charge of the order. */
function partsOf({ id, amount, provider, reference, shares }: DueRefund): Part[] {
  const idempotencyKey = `refund-${id}`;
  const others = (shares ?? []).map(({ attempt_id, ...share }) => ({
    ...share,
    idempotencyKey: `${idempotencyKey}-${attempt_id}`,
  }));
  const agorot = (money: string) => Math.round(Number(money) * 100);
  const rest = agorot(amount) - others.reduce((sum, share) => sum + agorot(share.amount), 0);
  const first = { provider, reference, amount: (rest / 100).toFixed(2), idempotencyKey };
  return rest > 0 ? [first, ...others] : others;
}

function askPart(services: Services, refund: DueRefund, part: Part): Promise<RefundResult | 'UNKNOWN'> {
  const { provider: name, ...input } = { ...part, currency: refund.currency };
  return askProvider(services, { job: 'settle_refunds', refund_id: refund.id }, async () => {
    const provider = providerFor(name, services.config);
    const known = refund.attempts > 1 && provider.forgetsRefunds ? await provider.findRefund(input) : undefined;
    return known && known.status !== 'NOT_FOUND' ? known : await provider.refund(input);
  });
}

function outcomeOf(
  { id, attempts }: DueRefund,
  result: RefundResult | 'UNKNOWN',
): Outcome<'succeeded' | 'failed' | 'retried'> {
  const isOpen = sql`id = ${id} and status = 'PENDING'`;
  if (result === 'UNKNOWN') {
    const record = statement(sql`
      update refunds set next_attempt_at = now() + make_interval(secs => ${waitAfter(attempts)}::int)
      where ${isOpen} and attempts = ${attempts}`);
    return { became: 'retried', record };
  }
  if (result.status === 'FAILED') {
    const record = statement(sql`
      update refunds set status = 'FAILED', failure_reason = ${result.reason}, settled_at = now() where ${isOpen}`);
    return { became: 'failed', record };
  }
  const record = statement(sql`
    update refunds set status = 'SUCCEEDED', reference = ${result.reference}, settled_at = now() where ${isOpen}`);
  return { became: 'succeeded', record };
}
