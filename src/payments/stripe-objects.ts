import type Stripe from 'stripe';
import {
  type CaptureResult,
  type FindResult,
  type PaymentAction,
  PaymentOutcomeUnknown,
  type RefundInput,
  type RefundResult,
} from './provider.ts';

/** The name of our idempotency key in the metadata of what we make at Stripe. */
export const KEY = 'idempotency_key';

/** `"12.90"` is 1290. The currencies of the shop have two decimals, and the amounts fit into an integer exactly. */
export const toMinorUnits = (amount: string): number => Number(amount.replace('.', ''));
export const fromMinorUnits = (units: number): string =>
  `${Math.trunc(units / 100)}.${String(units % 100).padStart(2, '0')}`;

interface Asked {
  amount: string;
  currency: string;
  idempotencyKey: string;
}

function sameMoney(answer: { amount: number; currency: string }, asked: { amount: string; currency: string }): void {
  if (answer.amount !== toMinorUnits(asked.amount) || answer.currency !== asked.currency.toLowerCase()) {
    throw new PaymentOutcomeUnknown('answer_for_another_amount');
  }
}

/** How a payment intent stands. @throws PaymentOutcomeUnknown while Stripe itself does not know, or for another payment */
export function resultOf(intent: Stripe.PaymentIntent, asked: Asked): Exclude<FindResult, { status: 'NOT_FOUND' }> {
  if (intent.metadata[KEY] !== asked.idempotencyKey) throw new PaymentOutcomeUnknown('answer_for_another_key');
  sameMoney(intent, asked);
  const { id: reference } = intent;
  switch (intent.status) {
    case 'succeeded':
      return {
        status: 'CAPTURED',
        reference,
        ...(intent.amount_received !== intent.amount && { amount: fromMinorUnits(intent.amount_received) }),
        ...(chargeOf(intent)?.disputed && { isDisputed: true }),
      };
    case 'requires_capture':
      return { status: 'AUTHORIZED', reference, captureBefore: captureBeforeOf(intent) };
    case 'requires_action':
      return { status: 'ACTION_REQUIRED', reference, action: actionOf(intent) };
    case 'requires_payment_method':
      return { status: 'DECLINED', reference, reason: declineOf(intent.last_payment_error) };
    case 'canceled':
      return { status: 'VOIDED' };
    default:
      throw new PaymentOutcomeUnknown(`intent_${intent.status}`);
  }
}

const chargeOf = ({ latest_charge: charge }: Stripe.PaymentIntent): Stripe.Charge | undefined =>
  charge && typeof charge !== 'string' ? charge : undefined;

function captureBeforeOf(intent: Stripe.PaymentIntent): string | null {
  const seconds = chargeOf(intent)?.payment_method_details?.card?.capture_before;
  return seconds ? new Date(seconds * 1000).toISOString() : null;
}

function actionOf({ next_action: next, client_secret }: Stripe.PaymentIntent): PaymentAction {
  return {
    type: next?.type ?? 'use_stripe_sdk',
    ...(client_secret && { client_secret }),
    ...(next?.redirect_to_url?.url && { url: next.redirect_to_url.url }),
  };
}

const declineOf = (error: { code?: string; decline_code?: string } | null | undefined): string =>
  error?.decline_code ?? error?.code ?? 'card_declined';

/** Whether Stripe certainly refused, and a short reason that holds nothing of what was sent. */
export function refusalOf(error: unknown): { kind: 'refused' | 'unknown'; reason: string } {
  if (error instanceof PaymentOutcomeUnknown) throw error;
  if (!isStripeError(error)) throw error;
  switch (error.type) {
    case 'StripeCardError':
      return { kind: 'refused', reason: declineOf(error) };
    case 'StripeInvalidRequestError':
      return { kind: 'refused', reason: error.code ?? 'invalid_request' };
    case 'StripeConnectionError':
      return {
        kind: 'unknown',
        reason: error.code === 'ETIMEDOUT' || /timed out|timeout/i.test(error.message) ? 'timeout' : 'network',
      };
    default:
      // Wrong keys, too many requests, a concurrent request with the same key, trouble at Stripe.
      return { kind: 'unknown', reason: `http_${error.statusCode ?? 0}` };
  }
}

interface StripeFault extends Error {
  type: string;
  code?: string;
  decline_code?: string;
  statusCode?: number;
}

const isStripeError = (error: unknown): error is StripeFault =>
  error instanceof Error && 'type' in error && typeof error.type === 'string' && error.type.startsWith('Stripe');

interface EventObject {
  object?: string;
  id?: string;
  payment_intent?: string | { id: string } | null;
  metadata?: Record<string, string> | null;
}

/** The payment that an event concerns: its object is a payment intent, or names one (a charge, a dispute, a refund). */
export function intentIdOf(subject: EventObject): { reference: string; idempotencyKey: string | null } | null {
  const { object, id, payment_intent: intent, metadata } = subject;
  if (object === 'payment_intent' && id) return { reference: id, idempotencyKey: metadata?.[KEY] ?? null };
  const reference = typeof intent === 'string' ? intent : intent?.id;
  return reference ? { reference, idempotencyKey: null } : null;
}

/** What a request to pay can end with; an intent that Stripe has canceled by itself counts as declined. */
export function asPaid(result: Exclude<FindResult, { status: 'NOT_FOUND' }>) {
  return result.status === 'VOIDED' ? ({ status: 'DECLINED', reason: 'canceled' } as const) : result;
}

/** @throws PaymentOutcomeUnknown for an answer about another amount, or without a capture */
export function captured(intent: Stripe.PaymentIntent, wanted: number, currency: string): CaptureResult {
  if (intent.status !== 'succeeded') throw new PaymentOutcomeUnknown('unexpected_answer');
  sameMoney(
    { amount: intent.amount_received, currency: intent.currency },
    { amount: fromMinorUnits(wanted), currency },
  );
  return { status: 'CAPTURED', reference: intent.id };
}

/** @throws PaymentOutcomeUnknown for an answer about another amount, and while the refund is under way */
export function refunded(refund: Stripe.Refund, input: RefundInput): RefundResult {
  sameMoney(refund, input);
  switch (refund.status) {
    case 'succeeded':
      return { status: 'SUCCEEDED', reference: refund.id };
    case 'failed':
    case 'canceled':
      return { status: 'FAILED', reason: refund.failure_reason ?? refund.status };
    default:
      // Neither paid nor refused yet: it is asked for again.
      throw new PaymentOutcomeUnknown('refund_pending');
  }
}
