import { sql } from 'drizzle-orm';
import { callFunction, callSql } from '../../db/function-call.ts';
import type { PaymentStatus } from '../../db/schema/words.ts';
import { statement } from '../../db/statement.ts';
import { drainSoon } from '../../email/outbox.ts';
import { AppError } from '../../errors.ts';
import type { SignedInCall } from '../../http/context.ts';
import { type KeyedRequest, knownKeyOf, LEASE_SECONDS, leaveToRetry } from '../../idempotency/keys.ts';
import { sha256 } from '../../sha256.ts';
import { BOOKING_DAYS } from '../branches/booking.ts';
import { PAUSE_MINUTES, RENEW_MINUTES } from '../checkout/commands/preview.ts';
import { orderById } from '../orders/queries.ts';
import { type Attempt, askForAttempt, recordOf } from '../payments/attempts.ts';
import { answerAttempt, answerKnown, type Stored } from '../payments/keyed-payment.ts';
import { refundSoon } from '../payments/refunds.ts';
import { voidSoon } from '../payments/voids.ts';
import type { AmendmentChoice, AmendmentTerms } from './schemas.ts';

/** Plans a change of the caller's order and holds what it adds: `preview_amendment` in the database. */
export async function previewAmendment(call: SignedInCall, orderId: number, terms: AmendmentTerms) {
  const { products, ...answer } = await call.run<
    'preview_amendment',
    { missing_items: { product_id: number; requested_quantity: number; available_quantity: number }[] }
  >('preview_amendment', {
    order_id: orderId,
    version: terms.version,
    lines: terms.lines && JSON.stringify(terms.lines),
    slot_id: terms.delivery_slot_id,
    date: terms.delivery_date,
    address: terms.address,
    postal_code: terms.postal_code,
    branch_id: call.config.deliverySourceBranchId,
    minutes: call.config.reservationMinutes,
    renew_minutes: RENEW_MINUTES,
    pause_minutes: PAUSE_MINUTES,
    booking_days: BOOKING_DAYS,
    time_zone: call.config.timeZone,
  });
  call.productsChanged(products);
  return answer;
}

/** Drops an open change, which frees what it holds. */
export async function dropAmendment(call: SignedInCall, orderId: number, amendmentId: number) {
  const { products } = await call.run('drop_amendment', { order_id: orderId, amendment_id: amendmentId });
  call.productsChanged(products);
  return { success: true } as const;
}

/** The first batch of a confirm: applied at once where it costs nothing more, else an attempt to pay. */
type Begun = Attempt & { status: PaymentStatus | 'CONFIRMED'; difference: string; products: number[] };

/**
 * Changes the order as previewed: in one batch, or in two with the charge or authorisation of what it adds in between. In the second
 * one the order may be on its way through the shop already; then the money goes back and the order stays as it is.
 */
export async function confirmAmendment(
  call: SignedInCall,
  orderId: number,
  amendmentId: number,
  key: string | undefined,
  choice: AmendmentChoice,
) {
  if (!key) throw new AppError('MISSING_IDEMPOTENCY_KEY');
  const request: KeyedRequest = { key, fingerprint: await sha256(JSON.stringify({ orderId, amendmentId, ...choice })) };
  const begin = callFunction<'begin_amendment', Begun>('begin_amendment', call.user.userId, {
    order_id: orderId,
    amendment_id: amendmentId,
    expected_total: choice.expected_total,
    token_id: choice.payment_token_id,
    age_confirmed: choice.age_confirmed,
    key,
    fingerprint: request.fingerprint,
    attempt: crypto.randomUUID(),
    lease_seconds: LEASE_SECONDS,
  });
  const results = await call
    .batch([statement<Begun>(sql`select * from ${callSql(begin)}`), orderById(orderId, call.language)])
    .catch(knownKeyOf<Stored>);
  if ('fingerprint' in results) return answerKnown(call, orderId, request, results);
  const [[begun], [order]] = results;
  if (!begun) throw new Error('an amendment without its row');
  call.productsChanged(begun.products);
  if (begun.status === 'CONFIRMED') {
    settleSoon(call, orderId, begun);
    return answerAttempt(call, undefined, order, {});
  }
  const outcome = await askForAttempt(call, begun, false);
  const [[settled], [amended]] = await call
    .batch([recordOf(begun, outcome), orderById(orderId, call.language)])
    .catch(leaveToRetry);
  settleSoon(call, orderId, begun);
  return answerAttempt(call, settled, amended, {});
}

/** Starts mail, refund and void right after the response, instead of waiting for the scheduled jobs. */
function settleSoon(call: SignedInCall, orderId: number, { status, difference }: Begun): void {
  drainSoon(call);
  if (Number(difference) < 0) refundSoon(call, orderId);
  if (status !== 'CONFIRMED') voidSoon(call, orderId);
}
