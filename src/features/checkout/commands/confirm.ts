import { sql } from 'drizzle-orm';
import { statement } from '../../../db/statement.ts';
import { drainSoon, sendSoon } from '../../../email/outbox.ts';
import { AppError, outcomeUnknown } from '../../../errors.ts';
import type { SignedInCall } from '../../../http/context.ts';
import { Reply } from '../../../http/route.ts';
import { type KnownKey, knownKeyOf, LEASE_SECONDS, leaveToRetry } from '../../../idempotency/keys.ts';
import { sha256 } from '../../../sha256.ts';
import { ActionRequired, withAddress } from '../../payments/action.ts';
import { pay } from '../../payments/pay.ts';
import { findAndSettle, pendingPayment, type Settlement, settle, settlementOf } from '../../payments/settle.ts';
import { type Claim, type ConfirmationRow, leaseOf, replay, type Stored, withIdempotencyLock } from '../idempotency.ts';
import type { ConfirmInput } from '../schemas.ts';
import { type PlacedOrder, place } from './place.ts';

/** Two batches with the charge in between, when no transaction is open. See docs/architecture.md. */
export async function confirm(call: SignedInCall, key: string | undefined, terms: ConfirmInput) {
  if (!key) throw new AppError('MISSING_IDEMPOTENCY_KEY');
  const lease = leaseOf(call, key);
  const fingerprint = await sha256(JSON.stringify(terms));
  const claim: Claim = { userId: call.user.userId, key, fingerprint, attempt: lease.attempt };
  let mail: Settlement['mail'];
  const work = async (claimed: () => void) => {
    const placed = await place(call, claim, terms).catch(knownKeyOf<Stored>);
    claimed();
    if ('fingerprint' in placed) return replay(placed, claim) ?? resume(call, claim, placed);
    if (placed.status !== 'PENDING') return paidByCredit(call, placed);
    const outcome = await pay(call, placed);
    const settlement = await settle(call, placed, outcome, 'confirm').catch(leaveToRetry);
    mail = settlement.mail;
    return confirmationOf(call, settlement);
  };
  const answer = await withIdempotencyLock(call, claim, lease, work, (known) => resume(call, claim, known));
  if (mail) sendSoon(call, mail);
  return answer;
}

/** Store credit paid the total: the first batch has placed the order already. */
function paidByCredit(call: SignedInCall, { order_id, order_number, total }: PlacedOrder) {
  drainSoon(call);
  const payment_reference = `credit_${order_number}`;
  return new Reply({ order_id, order_number, total_paid: total, payment_reference }, { status: 201 });
}

/** The first request with this key died between its batches, or left the payment to its customer: finds out and finishes it. */
async function resume(call: SignedInCall, claim: Claim, known: KnownKey<Stored>): Promise<Reply<ConfirmationRow>> {
  const orderId = known.order_id;
  if (orderId === null) throw new Error('a claimed key without an order');
  const [, [payment], [settled]] = await call.batch([
    // Settled meanwhile by a webhook or the job: this is the 201 that follows a 202, and the next one is a repeat.
    statement(sql`update idempotency_keys set leased_until = now() + make_interval(secs => ${LEASE_SECONDS}::int),
                    response_status = case when response_status = 202 and exists (
                      select from orders where id = ${orderId} and placed_at is not null) then 201 else response_status end
                  where user_id = ${claim.userId} and scope = 'CHECKOUT' and key = ${claim.key}`),
    pendingPayment(orderId),
    settlementOf(orderId),
  ]);
  if (!payment) {
    if (!settled) throw new Error('a payment without its row');
    return confirmationOf(call, settled);
  }
  call.productsChanged(payment.products);
  const settlement = await findAndSettle(call, payment, 'repeat');
  if (settlement) return confirmationOf(call, settlement);
  const waiting = ActionRequired.safeParse(known.body);
  if (!waiting.success) throw outcomeUnknown(LEASE_SECONDS);
  return new Reply(waiting.data, { status: 202 });
}

function confirmationOf(call: SignedInCall, settlement: Settlement): Reply<ConfirmationRow> {
  const { status, decline_reason: reason, payment_reference, total_paid, order_id, order_number, action } = settlement;
  if (status === 'DECLINED') throw new AppError('PAYMENT_FAILED', undefined, { details: { reason } });
  if (status === 'ACTION_REQUIRED' && action) {
    return new Reply({ order_id, order_number, action: withAddress(call, action) }, { status: 202 });
  }
  if (status === 'PENDING' || status === 'ACTION_REQUIRED' || payment_reference === null)
    throw outcomeUnknown(LEASE_SECONDS);
  return new Reply({ order_id, order_number, total_paid, payment_reference }, { status: 201 });
}
