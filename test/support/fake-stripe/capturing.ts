import type { Account } from './account.ts';
import { openDispute } from './disputes.ts';
import { refused } from './errors.ts';
import { mergedMetadata, type Params } from './form.ts';
import { unexpectedState } from './intents.ts';
import { type Charge, newRefund } from './money-objects.ts';
import type { PaymentIntent } from './objects.ts';
import { cardStateOf, livePaymentMethod } from './payment-methods.ts';

/** The money is ours: all of the charge, or what was captured of it. */
export function paid(account: Account, intent: PaymentIntent, made: Charge, amount: number): void {
  made.balance_transaction = account.balanceTransaction({
    type: 'charge',
    amount,
    currency: made.currency,
    source: made.id,
    description: intent.description,
  }).id;
  intent.status = 'succeeded';
  intent.amount_capturable = 0;
  intent.amount_received = amount;
  account.changed(intent);
  const { dispute } = cardStateOf(account, livePaymentMethod(account, made.payment_method)).card;
  if (dispute !== undefined) openDispute(account, made, { amount, ...dispute });
  account.emit('payment_intent.succeeded', intent);
}

/** Takes the authorised money, or a part of it; the rest is released. */
export function capture(account: Account, intent: PaymentIntent, params: Params): PaymentIntent {
  if (intent.status === 'succeeded' && intent.capture_method === 'manual') {
    throw unexpectedState(
      intent,
      'The remaining amount on this PaymentIntent could not be captured because the remainder of the authorized amount has been released.',
    );
  }
  const made = account.charges.get(intent.latest_charge ?? '');
  if (intent.status !== 'requires_capture' || made === undefined) {
    throw unexpectedState(
      intent,
      `This PaymentIntent could not be captured because it has a status of ${intent.status}. Only a PaymentIntent with one of the following statuses may be captured: requires_capture.`,
    );
  }
  const amount = params.integer('amount_to_capture') ?? intent.amount_capturable;
  refuseAmount(intent, amount);
  if (params.text('final_capture') === 'false') {
    throw refused('This payment is not eligible for multicapture.', { param: 'final_capture', payment_intent: intent });
  }
  if (params.has('metadata')) intent.metadata = mergedMetadata(intent.metadata, params);
  made.captured = true;
  made.amount_captured = amount;
  account.emit('charge.captured', made);
  paid(account, intent, made, amount);
  return intent;
}

function refuseAmount(intent: PaymentIntent, amount: number): void {
  if (amount < 0) {
    throw refused('Invalid non-negative integer', { param: 'amount_to_capture', payment_intent: intent });
  }
  if (amount === 0) {
    throw refused('This value must be greater than or equal to 1.', {
      code: 'parameter_invalid_integer',
      param: 'amount',
      payment_intent: intent,
    });
  }
  if (amount > intent.amount_capturable) {
    throw refused(
      'The payment could not be captured because the requested capture amount is greater than the amount you can capture for this charge. Contact us via https://support.stripe.com/contact/ for help.',
      { code: 'amount_too_large', payment_intent: intent },
    );
  }
}

export function cancel(account: Account, intent: PaymentIntent, reason: string | null): PaymentIntent {
  if (intent.status === 'succeeded' || intent.status === 'canceled') {
    throw unexpectedState(
      intent,
      `You cannot cancel this PaymentIntent because it has a status of ${intent.status}. Only a PaymentIntent with one of the following statuses may be canceled: requires_payment_method, requires_capture, requires_reauthorization, requires_confirmation, requires_action, expired, processing.`,
    );
  }
  intent.status = 'canceled';
  intent.amount_capturable = 0;
  intent.next_action = null;
  intent.canceled_at = account.seconds();
  intent.cancellation_reason = reason;
  account.changed(intent);
  account.emit('payment_intent.canceled', intent);
  return intent;
}

/** The bank lets go of money that nobody took in time: the charge reads as refunded, though nothing was ever taken. */
export function expire(account: Account, intent: PaymentIntent): void {
  const made = account.charges.get(intent.latest_charge ?? '');
  if (intent.status !== 'requires_capture' || made === undefined) return;
  const refund = newRefund(account.origin('re_3'), made, {
    amount: made.amount,
    reason: 'expired_uncaptured_charge',
    status: 'succeeded',
    balanceTransaction: null,
  });
  account.refunds.set(refund.id, refund);
  made.amount_refunded = made.amount;
  made.refunded = true;
  made.refunds.data.unshift(refund);
  account.emit('charge.expired', made);
  cancel(account, intent, 'automatic');
}
