import type { Account } from './account.ts';
import { authenticationRequired, type Decline } from './cards.ts';
import { docUrl, refused, StripeProblem } from './errors.ts';
import type { Params, Spec } from './form.ts';
import type { PaymentIntent, PaymentMethod, SetupIntent } from './objects.ts';
import { cardStateOf, livePaymentMethod, methodOfData, usedUp } from './payment-methods.ts';
import type { Call } from './route.ts';

/** What setup intents and payment intents share: whose payment method it is, and the way to the bank and back. */

export const intentSpec: Spec = {
  allowed_payment_method_types: 'list',
  automatic_payment_methods: 'hash:enabled|allow_redirects',
  confirm: 'boolean',
  customer: 'string',
  description: 'string',
  metadata: 'metadata',
  payment_method: 'string',
  payment_method_data: 'hash:type|card|billing_details',
  payment_method_types: 'list',
  return_url: 'string',
  use_stripe_sdk: 'boolean',
};

export const confirmSpec: Spec = {
  client_secret: 'string',
  payment_method: 'string',
  payment_method_data: 'hash:type|card|billing_details',
  return_url: 'string',
  use_stripe_sdk: 'boolean',
};

const nameOf = (intent: SetupIntent | PaymentIntent): string =>
  intent.object === 'payment_intent' ? 'PaymentIntent' : 'SetupIntent';

/** Which payment methods an intent takes: named ones, or those switched on in the dashboard (the default). */
export function automaticMethods(params: Params): { enabled: boolean; allow_redirects: string } | null {
  const named = params.has('payment_method_types') || params.has('allowed_payment_method_types');
  const { enabled, allow_redirects } = params.hash('automatic_payment_methods');
  if (enabled === 'false' || (named && enabled === undefined)) return null;
  return { enabled: true, allow_redirects: allow_redirects === 'never' ? 'never' : 'always' };
}

/** The payment method the parameters name, if any; it must belong to the intent's customer, or to nobody. */
export function methodOfParams(
  account: Account,
  params: Params,
  intent: SetupIntent | PaymentIntent | null,
  customer: string | null,
): PaymentMethod | null {
  if (params.has('payment_method_data')) return methodOfData(account, params.hash('payment_method_data'));
  const id = params.text('payment_method');
  if (id === null) return null;
  const method = livePaymentMethod(account, id);
  refuseForeign(account, method, customer, intent);
  return method;
}

export function refuseForeign(
  account: Account,
  method: PaymentMethod,
  customer: string | null,
  intent: SetupIntent | PaymentIntent | null,
): void {
  const inside = intent === null ? {} : { [intent.object]: intent };
  if (method.customer !== null && customer === null) {
    throw refused(
      `The \`payment_method\` parameter supplied ${method.id} belongs to the Customer ${method.customer}. Please include the Customer in the \`customer\` parameter on the ${intent === null ? 'PaymentIntent' : nameOf(intent)}.`,
      { code: 'parameter_missing', param: 'source', ...inside },
    );
  }
  if (method.customer !== null && method.customer !== customer) {
    throw refused(
      `The PaymentMethod ${method.id} does not belong to the Customer you supplied ${customer}. Please use this PaymentMethod with the Customer that it belongs to instead.`,
      { param: 'payment_method', ...inside },
    );
  }
  if (cardStateOf(account, method).spent) throw usedUp(inside);
}

/** Some of the dashboard's payment methods redirect, so Stripe wants to know where to. */
export function refuseMissingReturnUrl(intent: SetupIntent | PaymentIntent, params: Params): void {
  const automatic = intent.automatic_payment_methods;
  if (automatic?.allow_redirects !== 'always' || params.text('return_url') !== null) return;
  throw refused(
    `This ${nameOf(intent)} is configured to accept payment methods enabled in your Dashboard. Because some of these payment methods might redirect your customer off of your page, you must provide a \`return_url\`. If you don't want to accept redirect-based payment methods and don't want to provide a \`return_url\`, set \`automatic_payment_methods[enabled]\` to \`true\` and \`automatic_payment_methods[allow_redirects]\` to \`never\` when creating Setup Intents and Payment Intents.`,
    { [intent.object]: intent },
  );
}

export function unexpectedState(intent: SetupIntent | PaymentIntent, message: string): StripeProblem {
  return refused(message, { code: `${intent.object}_unexpected_state`, [intent.object]: intent });
}

/** Sends the customer to the bank's page. */
export function askForAction(call: Call, intent: SetupIntent | PaymentIntent): void {
  const returnUrl = call.params.flag('use_stripe_sdk') ? null : call.params.text('return_url');
  intent.status = 'requires_action';
  intent.next_action =
    returnUrl === null
      ? { type: 'use_stripe_sdk', use_stripe_sdk: { type: 'three_d_secure_redirect', stripe_js: pageOf(call, intent) } }
      : { type: 'redirect_to_url', redirect_to_url: { return_url: returnUrl, url: pageOf(call, intent) } };
  call.account.emit(`${intent.object}.requires_action`, intent);
}

const pageOf = ({ account, base }: Call, intent: { id: string }): string =>
  `${base}/3ds/${account.keys.publishable_key}/${intent.id}`;

/** The bank's no, as an intent remembers it. */
export function errorOf(decline: Decline, method: PaymentMethod, charge: string | null): Record<string, unknown> {
  return {
    ...(charge === null ? {} : { charge }),
    ...decline,
    doc_url: docUrl(decline.code),
    payment_method: structuredClone(method),
    type: 'card_error',
  };
}

/** The customer did not pass the bank's check. */
export function failedAuthentication(intent: SetupIntent | PaymentIntent, method: PaymentMethod | null) {
  const code = `${intent.object}_authentication_failure`;
  return {
    code,
    doc_url: docUrl(code),
    message: `The provided PaymentMethod has failed authentication. You can provide payment_method_data or a new PaymentMethod to attempt to fulfill this ${nameOf(intent)} again.`,
    payment_method: structuredClone(method),
    type: 'invalid_request_error',
  };
}

/** 402 with the intent as it stands after the bank's no. */
export function declinedWith(intent: SetupIntent | PaymentIntent, error: Record<string, unknown>): StripeProblem {
  const { message, code, ...rest } = error;
  return new StripeProblem(402, {
    ...rest,
    type: 'card_error',
    code: String(code),
    message: String(message),
    [intent.object]: intent,
  });
}

/** What a card does when it is to be used: `ask` sends the customer to the bank first. */
export function verdictOf(
  account: Account,
  method: PaymentMethod,
  { offSession, authenticated }: { offSession: boolean; authenticated: boolean },
): Decline | 'ask' | null {
  const { card, setUp } = cardStateOf(account, method);
  const wanted =
    card.authentication === 'always' ||
    (card.authentication === 'unless_set_up' && !setUp) ||
    (card.authentication === 'on_session' && !offSession);
  if (wanted && !authenticated) return offSession ? authenticationRequired : 'ask';
  return card.decline ?? null;
}
