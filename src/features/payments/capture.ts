import { sql } from 'drizzle-orm';
import { type Job, type Services, systemBatch } from '../../background.ts';
import { type Statement, statement } from '../../db/statement.ts';
import { logLine } from '../../log.ts';
import {
  type CaptureResult,
  PaymentOutcomeUnknown,
  providerFor,
  UnknownPaymentProvider,
} from '../../payments/index.ts';
import { find, noteDispute, PAYMENT_COLUMNS, type PendingPayment } from './settle.ts';
import { workThroughPayments } from './work-through.ts';

const NAME = 'capture_payments';

/** A capture in progress is left alone for longer than a provider may take to answer. */
const DUE = sql.raw(`status = 'AUTHORIZED' and capture_amount is not null
  and (checked_at is null or checked_at < now() - interval '2 minutes')`);

export type DueCapture = PendingPayment & { capture_amount?: string | null };

/** The capture that an order has just become due for, if any: selected in the transaction that made it READY. */
export const dueCapture = (orderId: number): Statement<DueCapture> =>
  statement(sql`
    select ${PAYMENT_COLUMNS}, p.capture_amount
    from payments p join orders o on o.id = p.order_id left join payment_tokens t on t.id = p.payment_token_id
    where p.order_id = ${orderId} and p.status = 'AUTHORIZED' and p.capture_amount is not null`);

/** Captures what is due and was not captured at once; what happened to an earlier try is asked first. */
export const capturePayments: Job = {
  name: NAME,
  run: (services, allowance) =>
    workThroughPayments(services, allowance, {
      job: NAME,
      due: DUE,
      // Asking, capturing, asking again, recording, a dispute.
      subrequestsEach: 5,
      counts: { captured: 0, refused: 0, unknown: 0, failed: 0 },
      one: async (payment) => {
        const result = (await known(services, payment)) ?? (await capture(services, payment));
        if (result) await systemBatch(services)([recordOf(payment, result)]);
        await noteDispute(services, payment, result);
        if (!result) return 'unknown';
        return result.status === 'CAPTURED' ? 'captured' : 'refused';
      },
    }),
};

/**
 * Captures what is due, under the key that every later try has too; undefined while the outcome is unknown. The caller records
 * the result with `recordOf`.
 */
export async function capture(services: Services, payment: DueCapture): Promise<CaptureResult | undefined> {
  const { reference, capture_amount: amount, currency, idempotency_key: key } = payment;
  if (!reference || !amount) throw new Error('a capture without reference or amount');
  try {
    const provider = providerFor(payment.provider, services.config);
    return await provider.capture({ reference, amount, currency, idempotencyKey: `capture-${key}` });
  } catch (error) {
    if (error instanceof UnknownPaymentProvider) return undefined;
    if (!(error instanceof PaymentOutcomeUnknown)) throw error;
    return known(services, payment);
  }
}

/** What the provider says of an earlier try; undefined when it has not captured, or does not answer. */
async function known(services: Services, payment: DueCapture): Promise<CaptureResult | undefined> {
  const found = await find(services, payment);
  switch (found?.status) {
    case 'CAPTURED':
      if ((found.amount ?? payment.amount) === payment.capture_amount) return found;
      logLine('error', { job: NAME, order_id: payment.order_id, error: 'Another amount was captured' });
      return undefined;
    case 'VOIDED':
      return { status: 'FAILED', reason: 'authorization_lapsed' };
    default:
      return undefined;
  }
}

/**
 * Writes the result of a capture down; what the customer is told of a refusal comes with it. It is one of the authorisation that was
 * asked about, and of no other that has taken its place meanwhile.
 */
export const recordOf = ({ order_id, idempotency_key: key }: DueCapture, result: CaptureResult): Statement =>
  result.status === 'CAPTURED'
    ? statement(sql`select record_capture(${order_id}, ${key})`)
    : statement(sql`select payment_failed(${order_id}, ${result.reason}, ${key})`);
