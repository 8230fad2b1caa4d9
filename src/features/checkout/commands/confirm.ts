import { sql } from 'drizzle-orm';
import { statement } from '../../../db/statement.ts';
import { drainSoon, sendSoon } from '../../../email/outbox.ts';
import { AppError, outcomeUnknown } from '../../../errors.ts';
import type { SignedInCall } from '../../../http/context.ts';
import { Reply } from '../../../http/route.ts';
import { sha256 } from '../../auth/passwords.ts';
import { charge } from '../../payments/charge.ts';
import { findAndSettle, pendingPayment, type Settlement, settle, settlementOf } from '../../payments/settle.ts';
import { type Claim, knownKeyOf, LEASE_SECONDS, replay, withIdempotencyLock } from '../idempotency.ts';
import type { ConfirmInput } from '../schemas.ts';
import { type PlacedOrder, place } from './place.ts';

/** Two batches with the charge in between, when no transaction is open. See docs/architecture.md. */
export async function confirm(call: SignedInCall, key: string | undefined, terms: ConfirmInput) {
  if (!key) throw new AppError('MISSING_IDEMPOTENCY_KEY');
  const claim: Claim = {
    userId: call.user.userId,
    key,
    fingerprint: await sha256(JSON.stringify(terms)),
    attempt: crypto.randomUUID(),
  };
  let mail: Settlement['mail'];
  const answer = await withIdempotencyLock(call, claim, async (claimed) => {
    const placed = await place(call, claim, terms).catch(knownKeyOf);
    claimed();
    if ('fingerprint' in placed) return replay(placed, claim) ?? resume(call, claim, placed.order_id);
    if (placed.status === 'CAPTURED') return paidByCredit(call, placed);
    const outcome = await charge(call, placed);
    const settlement = await settle(call, placed, outcome, 'for the caller').catch(orderStands);
    mail = settlement.mail;
    return answerOf(settlement);
  });
  if (mail) sendSoon(call, mail);
  return answer;
}

/** The order is placed and charged: even a failure that undid its transaction leaves it to a retry or the job to finish. */
function orderStands(error: unknown): never {
  throw error instanceof AppError && error.status === 503 ? outcomeUnknown(LEASE_SECONDS, error) : error;
}

/** Store credit paid the total: the first batch has placed the order already. */
function paidByCredit(call: SignedInCall, { order_id, order_number, total }: PlacedOrder) {
  drainSoon(call);
  const payment_reference = `credit_${order_number}`;
  return new Reply({ order_id, order_number, total_paid: total, payment_reference }, { status: 201 });
}

/** The first request with this key died between its batches: finds out what happened and finishes it. */
async function resume(call: SignedInCall, claim: Claim, orderId: number | null) {
  if (orderId === null) throw new Error('a claimed key without an order');
  const [, [payment]] = await call.batch([
    statement(sql`update idempotency_keys set leased_until = now() + make_interval(secs => ${LEASE_SECONDS}::int)
                  where user_id = ${claim.userId} and scope = 'CHECKOUT' and key = ${claim.key}`),
    pendingPayment(orderId),
  ]);
  if (payment) {
    call.productsChanged(payment.products);
    if ((await findAndSettle(call, payment)) === 'UNKNOWN') throw outcomeUnknown(LEASE_SECONDS);
  }
  const [[settlement]] = await call.batch([settlementOf(orderId)]);
  if (!settlement) throw new Error('a payment without its row');
  return answerOf(settlement);
}

function answerOf({ status, decline_reason: reason, payment_reference, mail: _, ...settlement }: Settlement) {
  if (status === 'DECLINED') throw new AppError('PAYMENT_FAILED', undefined, { details: { reason } });
  if (status === 'PENDING' || payment_reference === null) throw outcomeUnknown(LEASE_SECONDS);
  return new Reply({ ...settlement, payment_reference }, { status: 201 });
}
