import type { Charge, Dispute } from './money-objects.ts';
import type { Origin } from './objects.ts';

const daysToAnswer = 9;

/** A dispute before anybody has answered it. */
export function newDispute(
  origin: Origin,
  charge: Charge,
  given: { amount: number; reason: string; status: string },
): Dispute {
  const inquiry = given.status.startsWith('warning_');
  return {
    ...origin,
    object: 'dispute',
    amount: given.amount,
    balance_transactions: [],
    charge: charge.id,
    currency: charge.currency,
    enhanced_eligibility_types: [],
    evidence: noEvidence(),
    evidence_details: {
      due_by: origin.created + daysToAnswer * 86_400,
      enhanced_eligibility: {},
      has_evidence: false,
      past_due: false,
      submission_count: 0,
    },
    is_charge_refundable: inquiry,
    livemode: false,
    payment_intent: charge.payment_intent,
    payment_method_details: {
      card: {
        brand: charge.payment_method_details.card.brand,
        case_type: inquiry ? 'inquiry' : 'chargeback',
        network: charge.payment_method_details.card.brand,
        network_reason_code: given.reason === 'fraudulent' ? '10.4' : '13.1',
      },
      type: 'card',
    },
    reason: given.reason,
    status: given.status,
  };
}

const evidenceFields = [
  'access_activity_log',
  'billing_address',
  'cancellation_policy',
  'cancellation_policy_disclosure',
  'cancellation_rebuttal',
  'customer_communication',
  'customer_email_address',
  'customer_name',
  'customer_purchase_ip',
  'customer_signature',
  'duplicate_charge_documentation',
  'duplicate_charge_explanation',
  'duplicate_charge_id',
  'product_description',
  'receipt',
  'refund_policy',
  'refund_policy_disclosure',
  'refund_refusal_explanation',
  'service_date',
  'service_documentation',
  'shipping_address',
  'shipping_carrier',
  'shipping_date',
  'shipping_documentation',
  'shipping_tracking_number',
  'uncategorized_file',
  'uncategorized_text',
];

const noEvidence = () => ({
  ...Object.fromEntries(evidenceFields.map((field) => [field, null])),
  enhanced_evidence: {},
});
