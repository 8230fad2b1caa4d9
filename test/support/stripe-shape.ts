import type Stripe from 'stripe';
import fixtures from './fake-stripe/fixtures.json';

type Nullable<T> = { [K in keyof T]-?: null extends T[K] ? K : never }[keyof T];

type Card = Stripe.Charge.PaymentMethodDetails.Card;

/** Where the example has a value and Stripe documents null too; the types of the official package agree, or this does not compile. */
const nullable: {
  payment_intent: Nullable<Stripe.PaymentIntent>[];
  setup_intent: Nullable<Stripe.SetupIntent>[];
  customer: Nullable<Stripe.Customer>[];
  'customer.invoice_settings': Nullable<Stripe.Customer.InvoiceSettings>[];
  'payment_method.billing_details': Nullable<Stripe.PaymentMethod.BillingDetails>[];
  'payment_method.billing_details.address': Nullable<Stripe.Address>[];
  'payment_method.card': Nullable<Stripe.PaymentMethod.Card>[];
  charge: Nullable<Stripe.Charge>[];
  'charge.billing_details': Nullable<Stripe.Charge.BillingDetails>[];
  'charge.payment_method_details.card': Nullable<Card>[];
  refund: Nullable<Stripe.Refund>[];
  balance_transaction: Nullable<Stripe.BalanceTransaction>[];
} = {
  payment_intent: [
    'automatic_payment_methods',
    'canceled_at',
    'last_payment_error',
    'next_action',
    'payment_method_configuration_details',
    'processing',
    'shipping',
    'transfer_data',
  ],
  setup_intent: [
    'automatic_payment_methods',
    'last_setup_error',
    'next_action',
    'payment_method_configuration_details',
  ],
  customer: ['address', 'currency', 'discount', 'shipping'],
  'customer.invoice_settings': ['rendering_options'],
  'payment_method.billing_details': ['email', 'phone'],
  'payment_method.billing_details.address': ['city', 'country', 'line1', 'postal_code', 'state'],
  'payment_method.card': ['generated_from', 'wallet'],
  charge: ['balance_transaction', 'description', 'receipt_url', 'shipping', 'source', 'transfer_data'],
  'charge.billing_details': ['name'],
  'charge.payment_method_details.card': ['installments', 'three_d_secure', 'wallet'],
  refund: ['charge'],
  balance_transaction: ['description'],
};

type ErrorField = keyof Stripe.PaymentIntent.LastPaymentError & keyof Stripe.SetupIntent.LastSetupError;

const errorFields: ErrorField[] = [
  'advice_code',
  'charge',
  'code',
  'decline_code',
  'doc_url',
  'message',
  'network_decline_code',
  'param',
  'payment_method',
];

/** Fields that an object has in some states only, which the one example does not show. */
const atTimes: {
  'payment_intent.automatic_payment_methods': (keyof Stripe.PaymentIntent.AutomaticPaymentMethods)[];
  'payment_intent.last_payment_error': ErrorField[];
  'payment_intent.next_action': (keyof Stripe.PaymentIntent.NextAction)[];
  'payment_intent.payment_method_options': (keyof Stripe.PaymentIntent.PaymentMethodOptions)[];
  'setup_intent.automatic_payment_methods': (keyof Stripe.SetupIntent.AutomaticPaymentMethods)[];
  'setup_intent.last_setup_error': ErrorField[];
  'setup_intent.next_action': (keyof Stripe.SetupIntent.NextAction)[];
  'setup_intent.payment_method_options': (keyof Stripe.SetupIntent.PaymentMethodOptions)[];
  'charge.outcome': (keyof Stripe.Charge.Outcome)[];
  'charge.payment_method_details.card': (keyof Card)[];
  refund: (keyof Stripe.Refund)[];
} = {
  'payment_intent.automatic_payment_methods': ['allow_redirects'],
  'payment_intent.last_payment_error': errorFields,
  'payment_intent.next_action': ['redirect_to_url', 'use_stripe_sdk'],
  'payment_intent.payment_method_options': ['card'],
  'setup_intent.automatic_payment_methods': ['allow_redirects'],
  'setup_intent.last_setup_error': errorFields,
  'setup_intent.next_action': ['redirect_to_url', 'use_stripe_sdk'],
  'setup_intent.payment_method_options': ['card'],
  'charge.outcome': ['risk_level', 'risk_score'],
  'charge.payment_method_details.card': ['capture_before'],
  refund: ['failure_balance_transaction', 'failure_reason'],
};

/** Where the example has null, the type of a value that is no string. */
const typeAt = new Map([
  ['payment_intent.canceled_at', 'number'],
  ['charge.payment_method_details.card.amount_authorized', 'number'],
  ['setup_intent.automatic_payment_methods.enabled', 'boolean'],
]);

const examples = new Map<string, unknown>(Object.entries(fixtures));
const nullableAt = new Map<string, string[]>(Object.entries(nullable));
const atTimesAt = new Map<string, string[]>(Object.entries(atTimes));

/** In what an object differs from Stripe's example of its kind: fields too many or too few, and types. */
export function differences(actual: unknown): string[] {
  const kind = kindOf(actual);
  return kind === null ? [`no example of ${JSON.stringify(actual)}`] : compare(actual, examples.get(kind), kind);
}

function kindOf(value: unknown): string | null {
  if (!isObject(value) || typeof value.object !== 'string') return null;
  const kind = value.deleted === true ? `deleted_${value.object}` : value.object;
  return examples.has(kind) ? kind : null;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

function compare(actual: unknown, example: unknown, path: string): string[] {
  const kind = kindOf(actual);
  if (kind !== null && kind !== path) return compare(actual, examples.get(kind), kind);
  if (path.endsWith('.metadata')) return isHash(actual) ? [] : [`${path} is no hash of strings`];
  if (Array.isArray(example) || Array.isArray(actual)) return compareLists(actual, example, path);
  if (isObject(actual) && isObject(example)) return compareFields(actual, example, path);
  if (actual === null) return example === null || mayBeNull(path) ? [] : [`${path} is null`];
  const expected = example === null ? (typeAt.get(path) ?? 'string') : typeof example;
  if (typeof actual !== expected) return [`${path} is ${typeof actual}, not ${expected}`];
  return typeof actual === 'number' && !Number.isInteger(actual) ? [`${path} is no integer`] : [];
}

const isHash = (value: unknown): boolean =>
  isObject(value) && Object.values(value).every((one) => typeof one === 'string');

function mayBeNull(path: string): boolean {
  const dot = path.lastIndexOf('.');
  return nullableAt.get(path.slice(0, dot))?.includes(path.slice(dot + 1)) === true;
}

function compareLists(actual: unknown, example: unknown, path: string): string[] {
  if (!Array.isArray(actual)) return [`${path} is no list`];
  if (example !== null && !Array.isArray(example)) return [`${path} is a list`];
  return actual.flatMap((one) => {
    if (kindOf(one) !== null) return differences(one);
    const first = Array.isArray(example) ? example[0] : undefined;
    return first === undefined ? [`${path} has no example of ${JSON.stringify(one)}`] : compare(one, first, path);
  });
}

function compareFields(actual: Record<string, unknown>, example: Record<string, unknown>, path: string): string[] {
  // The object of an event is judged as what it is, not by the example's, which is a plan.
  if (path === 'event.data' && kindOf(actual.object) !== null) return differences(actual.object);
  const missing = Object.keys(example).filter((field) => !(field in actual));
  const extra = Object.keys(actual).filter((field) => !(field in example));
  const unknown = extra.filter((field) => atTimesAt.get(path)?.includes(field) !== true);
  return [
    ...missing.map((field) => `${path}.${field} is missing`),
    ...unknown.map((field) => `${path}.${field} is not Stripe's`),
    ...extra.flatMap((field) => (kindOf(actual[field]) === null ? [] : differences(actual[field]))),
    ...Object.keys(example)
      .filter((field) => field in actual)
      .flatMap((field) => compare(actual[field], example[field], `${path}.${field}`)),
  ];
}
