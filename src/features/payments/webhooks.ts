import { sql } from 'drizzle-orm';
import { systemBatch } from '../../background.ts';
import type { PaymentStatus } from '../../db/schema/words.ts';
import { type Statement, statement } from '../../db/statement.ts';
import { AppError, unavailable } from '../../errors.ts';
import type { Call } from '../../http/context.ts';
import { type PaymentProvider, providerFor, UnknownPaymentProvider, type WebhookEvent } from '../../payments/index.ts';
import { type Attempt, attemptWhere, findAttempt, openAttempt, recordOf as recordAttempt } from './attempts.ts';
import { type DueCapture, recordOf as recordCapture } from './capture.ts';
import { find, noteDispute, outcomeOf, PAYMENT_COLUMNS, settle } from './settle.ts';

/** `own_amount` is what the payment's own charge took, without those of amendments. */
type NamedPayment = DueCapture & { status: PaymentStatus; own_amount: string };

/**
 * A webhook is a hint that something happened to a payment; what happened is asked of the provider. So a forged, repeated or
 * belated one can do no harm. It is noted once it has been worked on: after a failure the provider sends it again.
 */
export async function receiveWebhook(call: Call, providerName: string, body: string) {
  const provider = senderOf(call, providerName);
  const event = await provider.readWebhook?.(body, call.headers);
  if (!event) throw new AppError('WEBHOOK_REFUSED');
  const named = paymentOf(providerName, event);
  const [[known], [payment], [extraCharge]] = await systemBatch(call)([
    statement(sql`select 1 from payment_events where provider = ${providerName} and event_id = ${event.id}`),
    named,
    extraChargeOf(providerName, event),
  ]);
  if (!known && payment) await actOn(call, event, payment, named);
  if (!known && extraCharge) await lookForDispute(call, extraCharge);
  if (!known) await systemBatch(call)([noteEvent(providerName, event)]);
  return { received: true } as const;
}

/** @throws AppError 404 unless the provider is one of this deployment and sends webhooks */
function senderOf({ config }: Call, name: string): PaymentProvider {
  try {
    const provider = providerFor(name, config);
    if (provider.readWebhook) return provider;
  } catch (error) {
    if (!(error instanceof UnknownPaymentProvider)) throw error;
  }
  throw new AppError('NOT_FOUND', 'There is no such payment provider.');
}

/** The payment by our key or by the provider's reference, as the payment's own or that of an attempt; each by its index. */
function paymentOf(provider: string, { payment }: WebhookEvent): Statement<NamedPayment> {
  const { reference = null, idempotencyKey = null } = payment ?? {};
  return statement(sql`
    select ${PAYMENT_COLUMNS}, p.capture_amount, p.status, p.amount - coalesce(
      (select sum(a.amount) from payment_attempts a where a.payment_id = p.id and a.status = 'CAPTURED'), 0) as own_amount
    from (
      select id from payments where idempotency_key = ${idempotencyKey} and provider = ${provider}
      union select id from payments where reference = ${reference} and provider = ${provider}
      union select payment_id from payment_attempts where idempotency_key = ${idempotencyKey} and provider = ${provider}
      union select payment_id from payment_attempts where reference = ${reference} and provider = ${provider}
    ) named
    join payments p on p.id = named.id
    join orders o on o.id = p.order_id
    left join payment_tokens t on t.id = p.payment_token_id
    limit 1`);
}

/** The settled charge of an amendment that the event names. */
const extraChargeOf = (provider: string, { payment }: WebhookEvent): Statement<Attempt> =>
  attemptWhere(sql`a.id in (
    select id from payment_attempts where idempotency_key = ${payment?.idempotencyKey ?? null} and provider = ${provider}
    union select id from payment_attempts where reference = ${payment?.reference ?? null} and provider = ${provider}
  ) and a.status = 'CAPTURED'`);

async function actOn(
  call: Call,
  event: WebhookEvent,
  before: NamedPayment,
  named: Statement<NamedPayment>,
): Promise<void> {
  const [[attempt]] = await systemBatch(call)([openAttempt(before.order_id)]);
  // Its authorisation may have taken the place of the one that was read.
  const payment = (attempt && (await settleAttempt(call, attempt, named))) ?? before;
  // Store credit paid the order: only its attempts have a provider to ask.
  if (payment.provider === 'credit') return;
  const isItself = event.payment?.idempotencyKey === payment.idempotency_key;
  const reference = payment.reference ?? (isItself ? event.payment?.reference : null);
  const asked = { ...payment, amount: payment.own_amount, reference };
  const found = await find(call, asked);
  if (!found) throw unavailable();
  // It may still be on its way: the scheduled job decides when it is not.
  if (found.status === 'NOT_FOUND') return;
  if (payment.status === 'PENDING' || payment.status === 'ACTION_REQUIRED') {
    await settle(call, payment, outcomeOf(found), 'job');
  } else if (payment.status === 'AUTHORIZED') {
    if (found.status === 'VOIDED') {
      await systemBatch(call)([recordCapture(payment, { status: 'FAILED', reason: 'authorization_lapsed' })]);
    }
    if (found.status === 'CAPTURED' && (found.amount ?? payment.amount) === payment.capture_amount) {
      await systemBatch(call)([recordCapture(payment, found)]);
    }
  }
  await noteDispute(call, payment, found);
}

/** Answers the named payment as it is then. */
async function settleAttempt(
  call: Call,
  attempt: Attempt,
  named: Statement<NamedPayment>,
): Promise<NamedPayment | undefined> {
  // One whose answer is not here yet may be on its way.
  if (!attempt.reference) return undefined;
  const outcome = await findAttempt(call, attempt);
  if (!outcome) throw unavailable();
  const [, [payment]] = await systemBatch(call)([recordAttempt(attempt, outcome), named]);
  return payment;
}

async function lookForDispute(call: Call, charge: Attempt): Promise<void> {
  const found = await findAttempt(call, charge);
  if (!found) throw unavailable();
  await noteDispute(call, charge, found);
}

const noteEvent = (provider: string, { id, type, payment }: WebhookEvent): Statement =>
  statement(sql`
    insert into payment_events (provider, event_id, type, reference)
    values (${provider}, ${id}, ${type}, ${payment?.reference ?? null}) on conflict do nothing`);
