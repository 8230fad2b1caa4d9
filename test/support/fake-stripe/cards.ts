/** How the bank says no. */
export interface Decline {
  code: string;
  decline_code: string;
  message: string;
  advice_code?: string;
  network_decline_code?: string;
  param?: string;
}

/** A card of Stripe's testing page: `pm_card_{names}`, `tok_{names}`, or its number. */
export interface TestCard {
  names: string[];
  number: string;
  brand: string;
  funding: string;
  /** Every charge is declined. */
  decline?: Decline;
  /** Declined only when charged: saving the card succeeds. */
  attachable?: boolean;
  /** 3-D Secure: for every payment, unless set up for later use, or only while the customer is there. */
  authentication?: 'always' | 'unless_set_up' | 'on_session';
  /** The charge opens a dispute with this reason. */
  dispute?: { reason: string; status: string };
  /** A refund reads `succeeded` first and fails later, or is `pending` first and succeeds later. */
  refund?: 'fails' | 'pending';
}

const declined = (decline_code: string, message = 'Your card was declined.', network = '05'): Decline => ({
  code: 'card_declined',
  decline_code,
  message,
  advice_code: 'try_again_later',
  network_decline_code: network,
});

const genericDecline = declined('generic_decline', undefined, '01');
const insufficientFunds = declined('insufficient_funds', 'Your card has insufficient funds.', '51');

/** No charge is made for an authentication that the absent customer cannot give. */
export const authenticationRequired: Decline = {
  code: 'authentication_required',
  decline_code: 'authentication_required',
  message: 'Your card was declined. This transaction requires authentication.',
};

/** A number of a real card, in test mode. */
export const notATestCard = declined(
  'test_mode_live_card',
  'Your card was declined. Your request was in test mode, but used a non test (live) card. For a list of valid test cards, visit: https://stripe.com/docs/testing.',
);

const visa = (names: string[], number: string, behaviour: Partial<TestCard> = {}): TestCard => ({
  names,
  number,
  brand: 'visa',
  funding: 'credit',
  ...behaviour,
});

const cards: TestCard[] = [
  visa(['visa'], '4242424242424242'),
  visa(['visa_debit'], '4000056655665556', { funding: 'debit' }),
  visa(['mastercard'], '5555555555554444', { brand: 'mastercard' }),
  visa(['mastercard_debit'], '5200828282828210', { brand: 'mastercard', funding: 'debit' }),
  visa(['amex'], '378282246310005', { brand: 'amex' }),
  visa(['chargeDeclined', 'visa_chargeDeclined'], '4000000000000002', { decline: genericDecline }),
  visa(['chargeDeclinedInsufficientFunds', 'visa_chargeDeclinedInsufficientFunds'], '4000000000009995', {
    decline: insufficientFunds,
  }),
  visa(['visa_chargeDeclinedLostCard'], '4000000000009987', {
    decline: { ...declined('lost_card', undefined, '41'), advice_code: 'do_not_try_again' },
  }),
  visa(['visa_chargeDeclinedStolenCard'], '4000000000009979', {
    decline: { ...declined('stolen_card', undefined, '43'), advice_code: 'do_not_try_again' },
  }),
  visa(['visa_chargeDeclinedVelocityLimitExceeded'], '4000000000006975', {
    decline: declined('card_velocity_exceeded', undefined, '65'),
  }),
  visa(['chargeDeclinedExpiredCard'], '4000000000000069', {
    decline: {
      ...declined('expired_card', 'Your card has expired.', '54'),
      code: 'expired_card',
      advice_code: 'confirm_card_data',
      param: 'exp_month',
    },
  }),
  visa(['chargeDeclinedIncorrectCvc'], '4000000000000127', {
    decline: {
      ...declined('incorrect_cvc', "Your card's security code is incorrect.", '82'),
      code: 'incorrect_cvc',
      advice_code: 'confirm_card_data',
      param: 'cvc',
    },
  }),
  visa(['chargeDeclinedProcessingError'], '4000000000000119', {
    decline: {
      ...declined('processing_error', 'An error occurred while processing your card. Try again in a little bit.', '06'),
      code: 'processing_error',
    },
  }),
  visa(['chargeCustomerFail'], '4000000000000341', { decline: genericDecline, attachable: true }),
  visa(['authenticationRequired'], '4000002760003184', { authentication: 'always' }),
  visa(['threeDSecure2Required'], '4000000000003220', { authentication: 'always' }),
  visa(['authenticationRequiredOnSetup'], '4000002500003155', { authentication: 'unless_set_up' }),
  visa(['authenticationRequiredSetupForOffSession'], '4000003800000446', { authentication: 'on_session' }),
  visa(['authenticationRequiredChargeDeclinedInsufficientFunds'], '4000008260003178', {
    authentication: 'always',
    decline: insufficientFunds,
    attachable: true,
  }),
  visa(['createDispute'], '4000000000000259', { dispute: { reason: 'fraudulent', status: 'needs_response' } }),
  visa(['createDisputeProductNotReceived'], '4000000000002685', {
    dispute: { reason: 'product_not_received', status: 'needs_response' },
  }),
  visa(['createDisputeInquiry'], '4000000000001976', {
    dispute: { reason: 'fraudulent', status: 'warning_needs_response' },
  }),
  visa(['refundFail'], '4000000000005126', { refund: 'fails' }),
  visa(['pendingRefund'], '4000000000007726', { refund: 'pending' }),
];

/** The card of `pm_card_visa` or `tok_visa`. */
export function cardOfToken(token: string): TestCard | undefined {
  const name = /^(?:pm_card|tok)_(.+)$/.exec(token)?.[1];
  return cards.find(({ names }) => name !== undefined && names.includes(name));
}

export const cardOfNumber = (number: string): TestCard | undefined => cards.find((card) => card.number === number);
