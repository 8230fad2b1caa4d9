import { AppError } from '../../errors.ts';
import type { SignedInCall } from '../../http/context.ts';
import { type KeyedRequest, knownKeyOf, LEASE_SECONDS } from '../../idempotency/keys.ts';
import type { PaymentMode } from '../../payments/index.ts';
import { sha256 } from '../../sha256.ts';
import { orderById } from '../orders/queries.ts';
import type { OrderRow } from '../orders/schemas.ts';
import { askForAttempt, recordOf } from './attempts.ts';
import { capture, dueCapture, recordOf as recordCapture } from './capture.ts';
import { answerAttempt, answerKnown, type Stored } from './keyed-payment.ts';

interface Choice {
  payment_token_id: number;
}

/**
 * Pays an order with another card, after its authorisation or its capture was refused. Two batches, as in confirm; a third one
 * where the order is ready and the money is taken at once.
 */
export async function payOrder(call: SignedInCall, orderId: number, key: string | undefined, choice: Choice) {
  if (!key) throw new AppError('MISSING_IDEMPOTENCY_KEY');
  const request: KeyedRequest = { key, fingerprint: await sha256(JSON.stringify({ orderId, ...choice })) };
  const begun = await call
    .run<'begin_attempt', { mode: PaymentMode }>('begin_attempt', {
      order_id: orderId,
      token_id: choice.payment_token_id,
      key,
      fingerprint: request.fingerprint,
      attempt: crypto.randomUUID(),
      lease_seconds: LEASE_SECONDS,
    })
    .catch(knownKeyOf<Stored>);
  if ('fingerprint' in begun) return answerKnown(call, orderId, request, begun);
  const outcome = await askForAttempt(call, begun, false);
  const [[settled], [due], [order]] = await call.batch([
    recordOf(begun, outcome),
    dueCapture(orderId),
    orderById(orderId, call.language),
  ]);
  return answerAttempt(call, settled, due ? await captureAtOnce(call, due, order) : order, {});
}

/** The goods are packed and only the money is missing. The job takes it when this fails. */
async function captureAtOnce(call: SignedInCall, due: Parameters<typeof capture>[1], order: OrderRow | undefined) {
  const result = await capture(call, due);
  if (!result) return order;
  const [, [captured]] = await call.batch([recordCapture(due, result), orderById(due.order_id, call.language)]);
  return captured;
}
