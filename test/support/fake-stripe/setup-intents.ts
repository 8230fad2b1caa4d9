import { type Account, newId, randomText } from './account.ts';
import { noSuch } from './errors.ts';
import { mergedMetadata } from './form.ts';
import {
  askForAction,
  automaticMethods,
  confirmSpec,
  declinedWith,
  errorOf,
  failedAuthentication,
  intentSpec,
  methodOfParams,
  refuseForeign,
  refuseMissingReturnUrl,
  unexpectedState,
} from './intents.ts';
import { listSpec, page } from './lists.ts';
import { newSetupIntent, type PaymentMethod, type SetupIntent } from './objects.ts';
import { attach, cardStateOf, livePaymentMethod } from './payment-methods.ts';
import type { Call, Route } from './route.ts';

export function liveSetupIntent(account: Account, id: string): SetupIntent {
  const intent = account.setupIntents.get(id);
  if (intent === undefined) throw noSuch('setupintent', id, 'intent', 404);
  return intent;
}

function create(call: Call): SetupIntent {
  const { account, params } = call;
  const customer = account.customerOf(params);
  const method = methodOfParams(account, params, null, customer);
  const intent = newSetupIntent(account.origin('seti_1', mergedMetadata({}, params)), randomText(31), {
    customer,
    paymentMethod: method?.id ?? null,
    description: params.text('description'),
    automatic: automaticMethods(params),
    usage: params.text('usage') ?? 'off_session',
  });
  if (params.flag('confirm')) refuseMissingReturnUrl(intent, params);
  account.setupIntents.set(intent.id, intent);
  account.emit('setup_intent.created', intent);
  return params.flag('confirm') ? confirm(call, intent) : intent;
}

function confirm(call: Call, intent: SetupIntent): SetupIntent {
  const { account, params } = call;
  if (!['requires_payment_method', 'requires_confirmation', 'requires_action'].includes(intent.status)) {
    throw unexpectedState(intent, `You cannot confirm this SetupIntent because it has already ${intent.status}.`);
  }
  refuseMissingReturnUrl(intent, params);
  const given = methodOfParams(account, params, intent, intent.customer)?.id ?? intent.payment_method;
  if (given === null) {
    throw unexpectedState(
      intent,
      "You cannot confirm this SetupIntent because it's missing a payment method. You can either update the SetupIntent with a payment method and then confirm it again, or confirm it again directly with a payment method or ConfirmationToken.",
    );
  }
  const method = livePaymentMethod(account, given);
  refuseForeign(account, method, intent.customer, intent);
  intent.payment_method = method.id;
  intent.latest_attempt = newId('setatt_1');
  intent.last_setup_error = null;
  const { card } = cardStateOf(account, method);
  if (card.decline !== undefined && card.attachable !== true) {
    const error = errorOf(card.decline, method, null);
    fail(account, intent, error);
    throw declinedWith(intent, error);
  }
  if (card.authentication === 'always' || card.authentication === 'unless_set_up') askForAction(call, intent);
  else finish(account, intent, method);
  return intent;
}

function finish(account: Account, intent: SetupIntent, method: PaymentMethod): void {
  if (intent.customer !== null) attach(account, method, intent.customer);
  method.card.checks.cvc_check = 'pass';
  cardStateOf(account, method).setUp = true;
  intent.status = 'succeeded';
  intent.next_action = null;
  account.emit('setup_intent.succeeded', intent);
}

function fail(account: Account, intent: SetupIntent, error: Record<string, unknown>): void {
  intent.status = 'requires_payment_method';
  intent.payment_method = null;
  intent.next_action = null;
  intent.last_setup_error = error;
  account.emit('setup_intent.setup_failed', intent);
}

/** The customer comes back from the bank's page. */
export function settleSetup(account: Account, intent: SetupIntent, passed: boolean): SetupIntent {
  if (intent.status !== 'requires_action' || intent.payment_method === null) {
    throw unexpectedState(intent, `This SetupIntent waits for no action: it has a status of ${intent.status}.`);
  }
  const method = livePaymentMethod(account, intent.payment_method);
  if (passed) finish(account, intent, method);
  else fail(account, intent, failedAuthentication(intent, method));
  return intent;
}

export const setupIntentRoutes: Route[] = [
  {
    route: 'POST /v1/setup_intents',
    spec: { ...intentSpec, usage: 'enum:off_session|on_session' },
    handle: create,
  },
  {
    route: 'GET /v1/setup_intents',
    spec: { ...listSpec, customer: 'string', payment_method: 'string' },
    handle: ({ account, params }) =>
      page(account.setupIntents.values(), params, {
        url: '/v1/setup_intents',
        kind: 'setupintent',
        by: ['customer', 'payment_method'],
      }),
  },
  {
    route: 'GET /v1/setup_intents/:id',
    spec: { client_secret: 'string' },
    publishable: true,
    handle: ({ account, id }) => liveSetupIntent(account, id),
  },
  {
    route: 'POST /v1/setup_intents/:id/confirm',
    spec: confirmSpec,
    publishable: true,
    handle: (call) => confirm(call, liveSetupIntent(call.account, call.id)),
  },
  {
    route: 'POST /v1/setup_intents/:id/cancel',
    spec: { cancellation_reason: 'enum:abandoned|duplicate|requested_by_customer' },
    handle({ account, params, id }) {
      const intent = liveSetupIntent(account, id);
      if (intent.status === 'succeeded' || intent.status === 'canceled') {
        throw unexpectedState(
          intent,
          `You cannot cancel this SetupIntent because it has a status of ${intent.status}. Only a SetupIntent with one of the following statuses may be canceled: requires_payment_method, requires_confirmation, requires_action, processing.`,
        );
      }
      intent.status = 'canceled';
      intent.next_action = null;
      intent.cancellation_reason = params.text('cancellation_reason');
      account.emit('setup_intent.canceled', intent);
      return intent;
    },
  },
];
