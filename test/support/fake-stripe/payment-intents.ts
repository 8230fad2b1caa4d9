import { type Account, randomText } from './account.ts';
import { cancel, capture } from './capturing.ts';
import { confirm } from './charging.ts';
import { badParameter, noSuch, unsupportedCurrency } from './errors.ts';
import { mergedMetadata, type Params } from './form.ts';
import {
  automaticMethods,
  confirmSpec,
  intentSpec,
  methodOfParams,
  refuseMissingReturnUrl,
  unexpectedState,
} from './intents.ts';
import { listSpec, page } from './lists.ts';
import { newPaymentIntent, type PaymentIntent } from './objects.ts';
import type { Call, Route } from './route.ts';
import { searchPaymentIntents, searchSpec } from './search.ts';

const currencies = ['aud', 'cad', 'chf', 'eur', 'gbp', 'ils', 'jpy', 'nzd', 'sek', 'usd'];
const largestAmount = 99_999_999;

const createSpec = {
  ...intentSpec,
  amount: 'integer!',
  currency: 'string!',
  capture_method: 'enum:automatic|automatic_async|manual',
  error_on_requires_action: 'boolean',
  off_session: 'enum:true|false|one_off|recurring',
  receipt_email: 'string',
  setup_future_usage: 'enum:off_session|on_session',
  statement_descriptor_suffix: 'string',
  transfer_group: 'string',
};

export function livePaymentIntent(account: Account, id: string, status: 400 | 404 = 404): PaymentIntent {
  const intent = account.paymentIntents.get(id);
  if (intent === undefined) throw noSuch('payment_intent', id, status === 404 ? 'intent' : 'payment_intent', status);
  return intent;
}

function checkAmount(amount: number): void {
  if (amount < 1) {
    throw badParameter('This value must be greater than or equal to 1.', {
      code: 'parameter_invalid_integer',
      param: 'amount',
    });
  }
  if (amount > largestAmount) {
    throw badParameter('Amount must be no more than 999,999.99', { code: 'amount_too_large', param: 'amount' });
  }
}

function create(call: Call): PaymentIntent {
  const { account, params } = call;
  const amount = params.integer('amount') ?? 0;
  const currency = (params.text('currency') ?? '').toLowerCase();
  checkAmount(amount);
  if (!currencies.includes(currency)) throw unsupportedCurrency(currency, currencies);
  if (params.has('off_session') && !params.flag('confirm')) {
    throw badParameter('You can only set off_session when confirm=true.', { param: 'off_session' });
  }
  const customer = account.customerOf(params);
  const method = methodOfParams(account, params, null, customer);
  const intent = newPaymentIntent(account.origin('pi_3', mergedMetadata({}, params)), randomText(25), {
    amount,
    currency,
    customer,
    paymentMethod: method?.id ?? null,
    description: params.text('description'),
    automatic: automaticMethods(params),
    captureMethod: params.text('capture_method') ?? 'automatic_async',
    receiptEmail: params.text('receipt_email'),
    setupFutureUsage: params.text('setup_future_usage'),
    statementDescriptorSuffix: params.text('statement_descriptor_suffix'),
    transferGroup: params.text('transfer_group'),
  });
  if (params.flag('confirm')) refuseMissingReturnUrl(intent, params);
  account.paymentIntents.set(intent.id, intent);
  account.changed(intent);
  account.emit('payment_intent.created', intent);
  return params.flag('confirm') ? confirm(call, intent) : intent;
}

function update(account: Account, intent: PaymentIntent, params: Params): PaymentIntent {
  if (params.has('amount')) {
    if (!['requires_payment_method', 'requires_confirmation', 'requires_action'].includes(intent.status)) {
      throw unexpectedState(
        intent,
        `This PaymentIntent's amount could not be updated because it has a status of ${intent.status}. You may only update the amount of a PaymentIntent with one of the following statuses: requires_payment_method, requires_confirmation, requires_action.`,
      );
    }
    const amount = params.integer('amount') ?? 0;
    checkAmount(amount);
    intent.amount = amount;
  }
  const method = methodOfParams(account, params, intent, intent.customer);
  if (method !== null) {
    intent.payment_method = method.id;
    if (intent.status === 'requires_payment_method') intent.status = 'requires_confirmation';
  }
  if (params.has('description')) Object.assign(intent, { description: params.text('description') });
  if (params.has('metadata')) intent.metadata = mergedMetadata(intent.metadata, params);
  return account.changed(intent);
}

export const paymentIntentRoutes: Route[] = [
  { route: 'POST /v1/payment_intents', spec: createSpec, handle: create },
  {
    route: 'GET /v1/payment_intents',
    spec: { ...listSpec, customer: 'string' },
    handle: ({ account, params }) =>
      page(account.paymentIntents.values(), params, {
        url: '/v1/payment_intents',
        kind: 'payment_intent',
        by: ['customer'],
      }),
  },
  {
    route: 'GET /v1/payment_intents/search',
    spec: searchSpec,
    handle: ({ account, params }) => searchPaymentIntents(account, params),
  },
  {
    route: 'GET /v1/payment_intents/:id',
    spec: { client_secret: 'string' },
    publishable: true,
    handle: ({ account, id }) => livePaymentIntent(account, id),
  },
  {
    route: 'POST /v1/payment_intents/:id',
    spec: {
      amount: 'integer',
      description: 'string',
      metadata: 'metadata',
      payment_method: 'string',
      payment_method_data: 'hash',
    },
    handle: ({ account, params, id }) => update(account, livePaymentIntent(account, id), params),
  },
  {
    route: 'POST /v1/payment_intents/:id/confirm',
    spec: {
      ...confirmSpec,
      error_on_requires_action: 'boolean',
      off_session: 'enum:true|false|one_off|recurring',
      setup_future_usage: 'enum:off_session|on_session',
    },
    publishable: true,
    handle: (call) => confirm(call, livePaymentIntent(call.account, call.id)),
  },
  {
    route: 'POST /v1/payment_intents/:id/capture',
    spec: {
      amount_to_capture: 'integer',
      final_capture: 'boolean',
      metadata: 'metadata',
    },
    handle: ({ account, params, id }) => capture(account, livePaymentIntent(account, id), params),
  },
  {
    route: 'POST /v1/payment_intents/:id/cancel',
    spec: { cancellation_reason: 'enum:abandoned|duplicate|fraudulent|requested_by_customer' },
    handle: ({ account, params, id }) =>
      cancel(account, livePaymentIntent(account, id), params.text('cancellation_reason')),
  },
];
