import { AppError, isErrorCode, outcomeUnknown } from '../../errors.ts';
import type { SignedInCall } from '../../http/context.ts';
import { Reply } from '../../http/route.ts';
import { type KeyedRequest, type KnownKey, LEASE_SECONDS, storedAnswer } from '../../idempotency/keys.ts';
import { orderById } from '../orders/queries.ts';
import type { OrderRow } from '../orders/schemas.ts';
import { withAddress } from './action.ts';
import { findAttempt, openAttempt, recordOf, type SettledAttempt } from './attempts.ts';

/** What is stored for a key under which an attempt to pay was made: why it was declined; anything else is read anew. */
export type Stored = Record<string, unknown>;

/** The key was used before: its outcome as it stands now, which is asked of the provider while it is not known. */
export async function answerKnown(call: SignedInCall, orderId: number, request: KeyedRequest, known: KnownKey<Stored>) {
  const stored = storedAnswer(known, request);
  const headers = stored?.headers ?? {};
  if (stored?.status === 402) throw declined(stored.body?.reason, headers);
  const [[attempt], [order]] = await call.batch([openAttempt(orderId), orderById(orderId, call.language)]);
  if (!attempt || stored?.status === 200) return answerAttempt(call, undefined, order, headers);
  const outcome = await findAttempt(call, attempt);
  if (!outcome) throw outcomeUnknown(LEASE_SECONDS);
  const [[settled], [now]] = await call.batch([recordOf(attempt, outcome), orderById(orderId, call.language)]);
  return answerAttempt(call, settled, now, {});
}

/** What an attempt to pay came to: the order, or what the bank wants of the customer. @throws AppError when it was declined */
export function answerAttempt(
  call: SignedInCall,
  settled: SettledAttempt | undefined,
  order: OrderRow | undefined,
  headers: Record<string, string>,
) {
  if (settled?.status === 'DECLINED') throw declined(settled.decline_reason);
  if (settled?.action) {
    const { order_id, order_number, action } = settled;
    return new Reply({ order_id, order_number, action: withAddress(call, action) }, { status: 202 });
  }
  if (!order) throw new AppError('NOT_FOUND', 'There is no such order.');
  return new Reply(order, { status: 200, headers });
}

/** The provider declined; or it did not, and what was paid for came too late: `reason` is the error code then. */
const declined = (reason: unknown, headers?: Record<string, string>): AppError =>
  typeof reason === 'string' && isErrorCode(reason)
    ? new AppError(reason, undefined, { headers })
    : new AppError('PAYMENT_FAILED', undefined, { details: { reason }, headers });
