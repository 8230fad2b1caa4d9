import { sql } from 'drizzle-orm';
import { systemBatch } from '../../background.ts';
import { statement } from '../../db/statement.ts';
import { AppError } from '../../errors.ts';
import type { Call } from '../../http/context.ts';
import { settledAction } from '../../payments/index.ts';
import { findAttempt, openAttempt, recordOf } from './attempts.ts';
import { findAndSettle, pendingPayment } from './settle.ts';

/**
 * The bank's page of mockpay, which has no bank: the customer of a waiting payment passes the check or fails it. For
 * development only; the provider is stateless, so the outcome goes into the payment's reference.
 * @throws AppError 404 when no payment waits under this key
 */
export async function settleMockpayAction(call: Call, key: string, hasPassed: boolean) {
  if (!call.config.isDevelopment) throw new AppError('NOT_FOUND');
  const reference = settledAction(key, hasPassed);
  const isWaiting = sql`idempotency_key = ${key} and provider = 'mockpay' and status = 'ACTION_REQUIRED'`;
  const [[paid], [attempted]] = await systemBatch(call)([
    statement<{ order_id: number }>(sql`
      update payments set reference = ${reference} where ${isWaiting} returning order_id`),
    statement<{ order_id: number }>(sql`
      update payment_attempts a set reference = ${reference}
      from payments p where p.id = a.payment_id and a.idempotency_key = ${key} and a.provider = 'mockpay'
        and a.status = 'ACTION_REQUIRED'
      returning p.order_id`),
  ]);
  const orderId = paid?.order_id ?? attempted?.order_id;
  if (orderId === undefined) throw new AppError('NOT_FOUND', 'No payment waits for this.');
  const [[payment], [attempt]] = await systemBatch(call)([pendingPayment(orderId), openAttempt(orderId)]);
  if (payment) await findAndSettle(call, payment);
  const outcome = attempt && (await findAttempt(call, attempt));
  if (attempt && outcome) await systemBatch(call)([recordOf(attempt, outcome)]);
  call.productsChanged(payment?.products ?? []);
  return { settled: true } as const;
}
