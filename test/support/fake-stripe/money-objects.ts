import type { Decline, TestCard } from './cards.ts';
import { type CardChecks, cardFace, type Origin, type PaymentIntent, type StripeObject } from './objects.ts';

export interface Charge extends StripeObject {
  amount: number;
  amount_captured: number;
  amount_refunded: number;
  balance_transaction: string | null;
  captured: boolean;
  currency: string;
  customer: string | null;
  disputed: boolean;
  payment_intent: string;
  payment_method: string;
  payment_method_details: { card: { capture_before?: number; [field: string]: unknown }; type: string };
  refunded: boolean;
  refunds: { object: string; data: Refund[]; has_more: boolean; url: string };
  status: string;
}

export interface Refund extends StripeObject {
  amount: number;
  balance_transaction: string | null;
  charge: string;
  currency: string;
  payment_intent: string;
  reason: string | null;
  status: string;
}

export interface Dispute extends StripeObject {
  amount: number;
  balance_transactions: BalanceTransaction[];
  charge: string;
  currency: string;
  is_charge_refundable: boolean;
  payment_intent: string;
  reason: string;
  status: string;
}

/** How the bank answered a charge. */
export interface Attempt {
  card: TestCard;
  expiry: { month: number; year: number };
  checks: CardChecks;
  billingDetails: unknown;
  paymentMethod: string;
  decline: Decline | null;
  authenticated: boolean;
  /** Seconds since 1970; null when the money is taken at once. */
  captureBefore: number | null;
}

export function newCharge(origin: Origin, intent: PaymentIntent, attempt: Attempt): Charge {
  const { decline } = attempt;
  const captured = decline === null && attempt.captureBefore === null;
  return {
    ...origin,
    object: 'charge',
    amount: intent.amount,
    amount_captured: captured ? intent.amount : 0,
    amount_refunded: 0,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: null,
    billing_details: attempt.billingDetails,
    calculated_statement_descriptor: 'STAND-IN',
    captured,
    currency: intent.currency,
    customer: intent.customer,
    description: intent.description,
    disputed: false,
    failure_balance_transaction: null,
    failure_code: decline?.code ?? null,
    failure_message: decline?.message ?? null,
    fraud_details: {},
    livemode: false,
    on_behalf_of: null,
    outcome: outcomeOf(decline),
    paid: decline === null,
    payment_intent: intent.id,
    payment_method: attempt.paymentMethod,
    payment_method_details: { card: cardDetails(intent, attempt), type: 'card' },
    receipt_email: intent.receipt_email,
    receipt_number: null,
    receipt_url: decline === null ? `https://pay.stripe.com/receipts/${origin.id}` : null,
    refunded: false,
    refunds: { object: 'list', data: [], has_more: false, url: `/v1/charges/${origin.id}/refunds` },
    review: null,
    shipping: null,
    source: null,
    source_transfer: null,
    statement_descriptor: null,
    statement_descriptor_suffix: intent.statement_descriptor_suffix,
    status: decline === null ? 'succeeded' : 'failed',
    transfer_data: null,
    transfer_group: intent.transfer_group,
  };
}

function outcomeOf(decline: Decline | null) {
  return {
    advice_code: decline?.advice_code ?? null,
    network_advice_code: null,
    network_decline_code: decline?.network_decline_code ?? null,
    network_status: decline === null ? 'approved_by_network' : 'declined_by_network',
    reason: decline?.decline_code ?? null,
    risk_level: 'normal',
    risk_score: 25,
    seller_message:
      decline === null ? 'Payment complete.' : 'The bank did not return any further details with this decline.',
    type: decline === null ? 'authorized' : 'issuer_declined',
  };
}

function cardDetails(intent: PaymentIntent, attempt: Attempt) {
  const { card, captureBefore } = attempt;
  return {
    ...cardFace(card, attempt.expiry),
    checks: { ...attempt.checks },
    amount_authorized: attempt.decline === null ? intent.amount : null,
    authorization_code: attempt.decline === null ? '224755' : null,
    ...(captureBefore === null ? {} : { capture_before: captureBefore }),
    extended_authorization: { status: 'disabled' },
    incremental_authorization: { status: 'unavailable' },
    installments: null,
    mandate: null,
    multicapture: { status: 'unavailable' },
    network: card.brand,
    network_token: { used: false },
    network_transaction_id: '791057772779751',
    overcapture: { maximum_amount_capturable: intent.amount, status: 'unavailable' },
    three_d_secure: attempt.authenticated ? authentication : null,
    transaction_link_id: null,
  };
}

const authentication = {
  authentication_flow: 'challenge',
  electronic_commerce_indicator: '05',
  exemption_indicator: null,
  result: 'authenticated',
  result_reason: null,
  transaction_id: '5a6ff0a5-6c5b-4b1c-a1e8-6c2a1f0e7f55',
  version: '2.2.0',
};

export interface RefundTerms {
  amount: number;
  reason: string | null;
  status: string;
  balanceTransaction: string | null;
}

export function newRefund(origin: Origin, charge: Charge, given: RefundTerms): Refund {
  return {
    ...origin,
    object: 'refund',
    amount: given.amount,
    balance_transaction: given.balanceTransaction,
    charge: charge.id,
    currency: charge.currency,
    customer: charge.customer,
    customer_account: null,
    destination_details: { card: { type: given.status === 'pending' ? 'pending' : 'refund' }, type: 'card' },
    payment_intent: charge.payment_intent,
    payment_method: charge.payment_method,
    reason: given.reason,
    receipt_number: null,
    source_transfer_reversal: null,
    status: given.status,
    transfer_reversal: null,
  };
}

/** One movement of the account's balance; nothing is taken as a fee. */
export function newBalanceTransaction(
  origin: Omit<Origin, 'metadata'>,
  given: { type: string; amount: number; currency: string; source: string; description: unknown },
) {
  return {
    ...origin,
    object: 'balance_transaction',
    amount: given.amount,
    available_on: origin.created,
    balance_type: 'payments',
    currency: given.currency,
    description: given.description,
    exchange_rate: null,
    fee: 0,
    fee_details: [],
    net: given.amount,
    reporting_category: given.type === 'adjustment' ? 'dispute' : given.type,
    source: given.source,
    status: 'available',
    type: given.type,
  };
}

export type BalanceTransaction = ReturnType<typeof newBalanceTransaction>;
