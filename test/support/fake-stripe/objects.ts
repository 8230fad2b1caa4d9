import type { TestCard } from './cards.ts';

/** The fields the stand-in itself works with; every object has all the others of its kind too. */
export interface StripeObject {
  id: string;
  object: string;
  created: number;
  metadata: Record<string, string>;
  [field: string]: unknown;
}

export interface Customer extends StripeObject {
  email: string | null;
  invoice_settings: { default_payment_method: string | null; [field: string]: unknown };
}

export interface CardChecks {
  address_line1_check: string | null;
  address_postal_code_check: string | null;
  cvc_check: string | null;
}

export interface PaymentMethod extends StripeObject {
  customer: string | null;
  billing_details: Record<string, unknown>;
  card: { brand: string; last4: string; checks: CardChecks; [field: string]: unknown };
}

export interface SetupIntent extends StripeObject {
  status: string;
  client_secret: string;
  customer: string | null;
  payment_method: string | null;
  automatic_payment_methods: { enabled: boolean; allow_redirects?: string } | null;
  next_action: Record<string, unknown> | null;
  last_setup_error: Record<string, unknown> | null;
  latest_attempt: string | null;
  cancellation_reason: string | null;
}

export interface PaymentIntent extends StripeObject {
  status: string;
  client_secret: string;
  amount: number;
  amount_capturable: number;
  amount_received: number;
  currency: string;
  capture_method: string;
  customer: string | null;
  payment_method: string | null;
  latest_charge: string | null;
  automatic_payment_methods: { enabled: boolean; allow_redirects?: string } | null;
  next_action: Record<string, unknown> | null;
  last_payment_error: Record<string, unknown> | null;
  setup_future_usage: string | null;
  canceled_at: number | null;
  cancellation_reason: string | null;
}

/** What an object starts with. */
export interface Origin {
  id: string;
  created: number;
  metadata: Record<string, string>;
}

const noAddress = { city: null, country: null, line1: null, line2: null, postal_code: null, state: null };

const noBillingDetails = { address: noAddress, email: null, name: null, phone: null, tax_id: null };

export function newCustomer(origin: Origin, given: { email: string | null; name: string | null }): Customer {
  return {
    ...origin,
    object: 'customer',
    address: null,
    balance: 0,
    currency: null,
    default_source: null,
    delinquent: false,
    description: null,
    discount: null,
    email: given.email,
    invoice_prefix: origin.id.slice(-8).toUpperCase(),
    invoice_settings: { custom_fields: null, default_payment_method: null, footer: null, rendering_options: null },
    livemode: false,
    name: given.name,
    next_invoice_sequence: 1,
    phone: null,
    preferred_locales: [],
    shipping: null,
    tax_exempt: 'none',
    test_clock: null,
  };
}

/** What a card says of itself, on a payment method and on a charge. */
export function cardFace(card: TestCard, expiry: { month: number; year: number }) {
  return {
    brand: card.brand,
    checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: 'unchecked' },
    country: 'US',
    exp_month: expiry.month,
    exp_year: expiry.year,
    fingerprint: `fp${card.number.slice(-14)}`,
    funding: card.funding,
    last4: card.number.slice(-4),
    regulated_status: 'unregulated',
    wallet: null,
  };
}

export function newPaymentMethod(
  origin: Origin,
  card: TestCard,
  expiry: { month: number; year: number },
  billingDetails: Record<string, unknown>,
): PaymentMethod {
  return {
    ...origin,
    object: 'payment_method',
    allow_redisplay: 'unspecified',
    billing_details: {
      ...noBillingDetails,
      ...billingDetails,
      address: { ...noAddress, ...Object(billingDetails.address) },
    },
    card: {
      ...cardFace(card, expiry),
      display_brand: card.brand,
      generated_from: null,
      networks: { available: [card.brand], preferred: null },
      three_d_secure_usage: { supported: true },
    },
    customer: null,
    customer_account: null,
    livemode: false,
    type: 'card',
  };
}

/** What payment and setup intents have in common. */
function newIntent(origin: Origin, secret: string, given: IntentTerms) {
  return {
    ...origin,
    application: null,
    automatic_payment_methods: given.automatic,
    cancellation_reason: null,
    client_secret: `${origin.id}_secret_${secret}`,
    customer: given.customer,
    description: given.description,
    excluded_payment_method_types: null,
    livemode: false,
    next_action: null,
    on_behalf_of: null,
    payment_method: given.paymentMethod,
    payment_method_configuration_details: given.automatic === null ? null : { id: 'pmc_standin', parent: null },
    payment_method_types: ['card'],
    status: given.paymentMethod === null ? 'requires_payment_method' : 'requires_confirmation',
  };
}

export interface IntentTerms {
  customer: string | null;
  paymentMethod: string | null;
  description: string | null;
  automatic: { enabled: boolean; allow_redirects?: string } | null;
}

export function newSetupIntent(origin: Origin, secret: string, given: IntentTerms & { usage: string }): SetupIntent {
  return {
    ...newIntent(origin, secret, given),
    object: 'setup_intent',
    flow_directions: null,
    last_setup_error: null,
    latest_attempt: null,
    mandate: null,
    payment_method_options: {
      card: { mandate_options: null, network: null, request_three_d_secure: 'automatic' },
    },
    single_use_mandate: null,
    usage: given.usage,
  };
}

export interface PaymentTerms extends IntentTerms {
  amount: number;
  currency: string;
  captureMethod: string;
  receiptEmail: string | null;
  setupFutureUsage: string | null;
  statementDescriptorSuffix: string | null;
  transferGroup: string | null;
}

export function newPaymentIntent(origin: Origin, secret: string, given: PaymentTerms): PaymentIntent {
  return {
    ...newIntent(origin, secret, given),
    object: 'payment_intent',
    amount: given.amount,
    amount_capturable: 0,
    amount_details: { tip: {} },
    amount_received: 0,
    application_fee_amount: null,
    canceled_at: null,
    capture_method: given.captureMethod,
    confirmation_method: 'automatic',
    currency: given.currency,
    customer_account: null,
    last_payment_error: null,
    latest_charge: null,
    managed_payments: { enabled: false },
    payment_method_options: {
      card: { installments: null, mandate_options: null, network: null, request_three_d_secure: 'automatic' },
    },
    processing: null,
    receipt_email: given.receiptEmail,
    review: null,
    setup_future_usage: given.setupFutureUsage,
    shipping: null,
    source: null,
    statement_descriptor: null,
    statement_descriptor_suffix: given.statementDescriptorSuffix,
    transfer_data: null,
    transfer_group: given.transferGroup,
  };
}
