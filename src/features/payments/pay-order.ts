import { sql } from 'drizzle-orm';
import { type Statement, statement } from '../../db/statement.ts';
import { AppError, outcomeUnknown } from '../../errors.ts';
import type { SignedInCall } from '../../http/context.ts';
import { Reply } from '../../http/route.ts';
import { type KeyedRequest, type KnownKey, storedAnswer } from '../../idempotency/keys.ts';
import type { PaymentMode } from '../../payments/index.ts';
import { sha256 } from '../../sha256.ts';
import { LEASE_SECONDS } from '../checkout/idempotency.ts';
import { ORDER_COLUMNS, ORDER_TABLES } from '../orders/order-rows.ts';
import type { OrderRow } from '../orders/schemas.ts';
import { withAddress } from './action.ts';
import { askForAttempt, findAttempt, openAttempt, recordOf, type SettledAttempt } from './attempts.ts';
import { capture, dueCapture, recordOf as recordCapture } from './capture.ts';

interface Choice {
  payment_token_id: number;
}

/** What is stored for a key of this route: why it was declined; anything else is read anew. */
type Stored = Record<string, unknown>;

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
    .catch(knownKeyOf);
  if ('fingerprint' in begun) return answerKnown(call, orderId, request, begun);
  const outcome = await askForAttempt(call, begun, false);
  const [[settled], [due], [order]] = await call.batch([
    recordOf(begun, outcome),
    dueCapture(orderId),
    ownOrder(orderId),
  ]);
  return answerOf(call, settled, due ? await captureAtOnce(call, due, order) : order, {});
}

function knownKeyOf(error: unknown): KnownKey<Stored> {
  if (error instanceof AppError && error.details.known) return error.details.known as KnownKey<Stored>;
  throw error;
}

/** The key was used before: its outcome as it stands now, which is asked of the provider while it is not known. */
async function answerKnown(call: SignedInCall, orderId: number, request: KeyedRequest, known: KnownKey<Stored>) {
  const stored = storedAnswer(known, request);
  const headers = stored?.headers ?? {};
  if (stored?.status === 402) throw new AppError('PAYMENT_FAILED', undefined, { details: { ...stored.body }, headers });
  const [[attempt], [order]] = await call.batch([openAttempt(orderId), ownOrder(orderId)]);
  if (!attempt || stored?.status === 200) return answerOf(call, undefined, order, headers);
  const outcome = await findAttempt(call, attempt);
  if (!outcome) throw outcomeUnknown(LEASE_SECONDS);
  const [[settled], [now]] = await call.batch([recordOf(attempt, outcome), ownOrder(orderId)]);
  return answerOf(call, settled, now, {});
}

/** The goods are packed and only the money is missing. The job takes it when this fails. */
async function captureAtOnce(call: SignedInCall, due: Parameters<typeof capture>[1], order: OrderRow | undefined) {
  const result = await capture(call, due);
  if (!result) return order;
  const [, [captured]] = await call.batch([recordCapture(due, result), ownOrder(due.order_id)]);
  return captured;
}

function answerOf(
  call: SignedInCall,
  settled: SettledAttempt | undefined,
  order: OrderRow | undefined,
  headers: Record<string, string>,
) {
  if (settled?.status === 'DECLINED') {
    throw new AppError('PAYMENT_FAILED', undefined, { details: { reason: settled.decline_reason } });
  }
  if (settled?.action) {
    const { order_id, order_number, action } = settled;
    return new Reply({ order_id, order_number, action: withAddress(call, action) }, { status: 202 });
  }
  if (!order) throw new AppError('NOT_FOUND', 'There is no such order.');
  return new Reply(order, { status: 200, headers });
}

const ownOrder = (orderId: number): Statement<OrderRow> =>
  statement(sql`select ${ORDER_COLUMNS} from ${ORDER_TABLES} where o.id = ${orderId} and o.placed_at is not null`);
