import type { Account } from './account.ts';
import { expire, paid } from './capturing.ts';
import { authenticationRequired, type Decline } from './cards.ts';
import type { Params } from './form.ts';
import {
  askForAction,
  declinedWith,
  errorOf,
  failedAuthentication,
  methodOfParams,
  refuseForeign,
  refuseMissingReturnUrl,
  unexpectedState,
  verdictOf,
} from './intents.ts';
import { type Charge, newCharge } from './money-objects.ts';
import type { PaymentIntent, PaymentMethod } from './objects.ts';
import { attach, cardStateOf, livePaymentMethod } from './payment-methods.ts';
import type { Call } from './route.ts';

const day = 86_400;

/** Confirms a payment intent: asks the bank, and maybe the customer first. */
export function confirm(call: Call, intent: PaymentIntent): PaymentIntent {
  const { account, params } = call;
  if (!['requires_payment_method', 'requires_confirmation', 'requires_action'].includes(intent.status)) {
    const message =
      intent.status === 'succeeded'
        ? 'You cannot confirm this PaymentIntent because it has already succeeded after being previously confirmed.'
        : `This PaymentIntent's status is ${intent.status}. Only a PaymentIntent with one of the following statuses may be confirmed: requires_payment_method, requires_confirmation, requires_action.`;
    throw unexpectedState(intent, message);
  }
  refuseMissingReturnUrl(intent, params);
  const method = methodFor(account, intent, params);
  refuseForeign(account, method, intent.customer, intent);
  if (params.has('setup_future_usage')) intent.setup_future_usage = params.text('setup_future_usage');
  const offSession = params.has('off_session') && params.text('off_session') !== 'false';
  if (offSession) account.offSession.add(intent.id);
  else account.offSession.delete(intent.id);
  intent.payment_method = method.id;
  intent.last_payment_error = null;
  const verdict = verdictOf(account, method, { offSession, authenticated: false });
  if (verdict === 'ask') {
    if (params.flag('error_on_requires_action')) {
      return charge(account, intent, method, { decline: authenticationRequired, authenticated: false });
    }
    askForAction(call, intent);
    return account.changed(intent);
  }
  return charge(account, intent, method, { decline: verdict, authenticated: false });
}

function methodFor(account: Account, intent: PaymentIntent, params: Params): PaymentMethod {
  const given = methodOfParams(account, params, intent, intent.customer)?.id ?? intent.payment_method;
  if (given !== null) return livePaymentMethod(account, given);
  const message =
    intent.customer === null
      ? "You cannot confirm this PaymentIntent because it's missing a payment method. You can either update the PaymentIntent with a payment method and then confirm it again, or confirm it again directly with a payment method or ConfirmationToken."
      : `You cannot confirm this PaymentIntent because it's missing a payment method. To confirm the PaymentIntent with ${intent.customer}, specify a payment method attached to this customer along with the customer ID.`;
  throw unexpectedState(intent, message);
}

/** The bank's answer; a no is thrown as 402, with the intent and the failed charge left behind. */
function charge(
  account: Account,
  intent: PaymentIntent,
  method: PaymentMethod,
  answer: { decline: Decline | null; authenticated: boolean },
): PaymentIntent {
  method.card.checks.cvc_check = 'pass';
  const { decline } = answer;
  if (decline?.code === 'authentication_required') {
    const error = errorOf(decline, method, null);
    failed(account, intent, error);
    throw declinedWith(intent, error);
  }
  const made = recordCharge(account, intent, method, answer);
  if (decline !== null) {
    const error = errorOf(decline, method, made.id);
    account.emit('charge.failed', made);
    failed(account, intent, error);
    throw declinedWith(intent, error);
  }
  succeed(account, intent, method, made);
  return intent;
}

function recordCharge(
  account: Account,
  intent: PaymentIntent,
  method: PaymentMethod,
  answer: { decline: Decline | null; authenticated: boolean },
): Charge {
  const { card, expiry } = cardStateOf(account, method);
  const manual = intent.capture_method === 'manual' && answer.decline === null;
  // Visa keeps the money of an absent customer for five days, all else is kept for seven.
  const days = card.brand === 'visa' && account.offSession.has(intent.id) ? 5 : 7;
  const made = newCharge(account.origin('ch_3', { ...intent.metadata }), intent, {
    card,
    expiry,
    checks: method.card.checks,
    billingDetails: structuredClone(method.billing_details),
    paymentMethod: method.id,
    ...answer,
    captureBefore: manual ? account.seconds() + days * day : null,
  });
  account.charges.set(made.id, made);
  intent.latest_charge = made.id;
  if (manual) account.later(days * day, () => expire(account, intent));
  return made;
}

function failed(account: Account, intent: PaymentIntent, error: Record<string, unknown>): void {
  intent.status = 'requires_payment_method';
  intent.payment_method = null;
  intent.next_action = null;
  intent.last_payment_error = error;
  account.changed(intent);
  account.emit('payment_intent.payment_failed', intent);
}

function succeed(account: Account, intent: PaymentIntent, method: PaymentMethod, made: Charge): void {
  intent.next_action = null;
  if (intent.customer !== null && intent.setup_future_usage !== null) {
    attach(account, method, intent.customer);
    if (intent.setup_future_usage === 'off_session') cardStateOf(account, method).setUp = true;
  }
  // Without a customer a payment method is good for one payment.
  if (method.customer === null) cardStateOf(account, method).spent = true;
  account.emit('charge.succeeded', made);
  if (made.captured) {
    paid(account, intent, made, intent.amount);
    return;
  }
  intent.status = 'requires_capture';
  intent.amount_capturable = intent.amount;
  account.changed(intent);
  account.emit('payment_intent.amount_capturable_updated', intent);
}

/** The customer comes back from the bank's page. */
export function settlePayment(account: Account, intent: PaymentIntent, passed: boolean): PaymentIntent {
  if (intent.status !== 'requires_action' || intent.payment_method === null) {
    throw unexpectedState(intent, `This PaymentIntent waits for no action: it has a status of ${intent.status}.`);
  }
  const method = livePaymentMethod(account, intent.payment_method);
  if (!passed) {
    failed(account, intent, failedAuthentication(intent, method));
    return intent;
  }
  const verdict = verdictOf(account, method, { offSession: false, authenticated: true });
  return charge(account, intent, method, { decline: verdict === 'ask' ? null : verdict, authenticated: true });
}
