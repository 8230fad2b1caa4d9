import { sql } from 'drizzle-orm';
import { statement } from '../../../db/statement.ts';
import { AppError, unavailable } from '../../../errors.ts';
import type { SignedInCall } from '../../../http/context.ts';
import { Reply } from '../../../http/route.ts';
import { sendSoon } from '../../../jobs/drain-outbox.ts';
import {
  type ChargeResult,
  PaymentOutcomeUnknown,
  providerFor,
  UnknownPaymentProvider,
} from '../../../payments/index.ts';
import { sha256 } from '../../auth/passwords.ts';
import { type Claim, knownKeyOf, LEASE_SECONDS, replay, withIdempotencyLock } from '../idempotency.ts';
import type { ConfirmInput } from '../schemas.ts';
import {
  find,
  findAndSettle,
  type PendingPayment,
  pendingPayment,
  type Settlement,
  settle,
  settlementOf,
} from '../settle.ts';
import { place } from './place.ts';

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
    const outcome = await charge(call, placed);
    const settlement = await settle(call, placed, outcome, 'for the caller');
    mail = settlement.mail;
    return answerOf(settlement);
  });
  if (mail) sendSoon(call, mail);
  return answer;
}

/** @throws AppError 503 when nobody knows: the payment stays pending, a retry or the scheduled job finds out */
async function charge(call: SignedInCall, payment: PendingPayment): Promise<ChargeResult> {
  const { amount, currency, provider_token: providerToken, idempotency_key: idempotencyKey } = payment;
  try {
    const provider = providerFor(payment.provider, call.config);
    return await provider.charge({ amount, currency, providerToken, idempotencyKey });
  } catch (error) {
    if (error instanceof UnknownPaymentProvider) return { status: 'DECLINED', reason: 'unknown_provider' };
    if (!(error instanceof PaymentOutcomeUnknown)) throw error;
    const outcome = await find(call, payment);
    // Not found right after a lost answer proves nothing: the charge may still be on its way.
    if (outcome && outcome.status !== 'NOT_FOUND') return outcome;
    throw unavailable(LEASE_SECONDS, error);
  }
}

/** The first request with this key died between its batches: finds out what happened and finishes it. */
async function resume(call: SignedInCall, claim: Claim, orderId: number | null) {
  if (orderId === null) throw new Error('a claimed key without an order');
  const [, [payment]] = await call.batch([
    statement(sql`update idempotency_keys set leased_until = now() + make_interval(secs => ${LEASE_SECONDS}::int)
                  where user_id = ${claim.userId} and key = ${claim.key}`),
    pendingPayment(orderId),
  ]);
  if (payment) {
    call.touched(payment.products);
    if ((await findAndSettle(call, payment)) === 'UNKNOWN') throw unavailable(LEASE_SECONDS);
  }
  const [[settlement]] = await call.batch([settlementOf(orderId)]);
  if (!settlement) throw new Error('a payment without its row');
  return answerOf(settlement);
}

function answerOf({ status, decline_reason: reason, payment_reference, mail: _, ...settlement }: Settlement) {
  if (status === 'DECLINED') throw new AppError('PAYMENT_FAILED', undefined, { details: { reason } });
  if (status === 'PENDING' || payment_reference === null) throw unavailable(LEASE_SECONDS);
  return new Reply({ ...settlement, payment_reference }, { status: 201 });
}
