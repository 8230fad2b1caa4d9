import { sleep } from '../sleep.ts';
import { brandOf, type CardInput, cardDigits, refuseExpired, type TokenizedCard } from './cards.ts';
import {
  type AuthorizeResult,
  type CaptureResult,
  type ChargeResult,
  type FindContext,
  type FindResult,
  type PaymentMode,
  type PaymentOutcome,
  PaymentOutcomeUnknown,
  type PaymentProvider,
  type RefundInput,
  type RefundResult,
} from './provider.ts';

export type MockpayBehaviour =
  | 'approve'
  | 'decline'
  | 'insufficient_funds'
  | 'timeout_charged'
  | 'timeout_lost'
  | 'slow'
  | 'refund_fails'
  | 'action_required'
  | 'disputed'
  | 'capture_fails';

/**
 * The test cards; every other valid number is approved.
 * The behaviour is encoded in the token (`tok_<behaviour>_…`), so a token such as `tok_decline_1` works without a card;
 * a token without such a prefix is approved.
 */
export const TEST_CARDS: Readonly<Record<string, MockpayBehaviour>> = {
  '4242424242424242': 'approve',
  '5555555555554444': 'approve',
  '378282246310005': 'approve',
  '4000000000000002': 'decline',
  '4000000000009995': 'insufficient_funds',
  '4000000000000119': 'timeout_charged',
  '4000000000000127': 'timeout_lost',
  '4000000000000341': 'slow',
  '4000000000005126': 'refund_fails',
  '4000000000003220': 'action_required',
  '4000000000000259': 'disputed',
  '4000000000000069': 'capture_fails',
};

const BEHAVIOURS = new Set<MockpayBehaviour>([...Object.values(TEST_CARDS)]);
const SLOW_MS = 2_000;
/** How long an authorisation lasts. */
const AUTHORIZED_MS = 7 * 24 * 60 * 60 * 1000;

/** The whole state of a payment is in its reference, which the shop keeps: `mockpay_<state>_<key>`, or `mockpay_<key>`. */
const PREFIX = {
  unrefundable: 'mockpay_norefund_',
  uncapturable: 'mockpay_nocapture_',
  disputed: 'mockpay_disputed_',
  waiting: 'mockpay_action_',
  refused: 'mockpay_refused_',
  plain: 'mockpay_',
} as const;

/** Turns a card number into a token that does not contain it; throws `InvalidCard` (bad number, expired). */
export function tokenizeCard(card: CardInput, now: Date = new Date()): TokenizedCard {
  const digits = cardDigits(card.card_number);
  refuseExpired(card, now);
  const behaviour = TEST_CARDS[digits] ?? 'approve';
  const last4 = digits.slice(-4);
  return { providerToken: `tok_${behaviour}_${crypto.randomUUID()}`, brand: brandOf(digits), last4 };
}

export function behaviourOf(providerToken: string): MockpayBehaviour {
  for (const behaviour of BEHAVIOURS) {
    if (providerToken === `tok_${behaviour}` || providerToken.startsWith(`tok_${behaviour}_`)) return behaviour;
  }
  return 'approve';
}

/** Whether a token makes mockpay do anything other than approve; allowed in tests and development only. */
export const carriesBehaviour = (providerToken: string): boolean => behaviourOf(providerToken) !== 'approve';

/** Where the customer of a waiting payment says yes or no, relative to the address of the API. */
const ACTION_PATH = '/api/v1/payments/mockpay/actions/';

/** The reference of a payment that waited for its customer, once the customer has passed the check or failed it. */
export const settledAction = (idempotencyKey: string, hasPassed: boolean): string =>
  `${hasPassed ? PREFIX.plain : PREFIX.refused}${idempotencyKey}`;

/**
 * The built-in provider. It is stateless: all results follow from token, key and reference, so that every isolate and every
 * later job gets the same result.
 */
export const mockpay: PaymentProvider = {
  async charge(input): Promise<ChargeResult> {
    const outcome = await pay(input, 'CHARGE');
    if (outcome.status === 'AUTHORIZED') throw new Error('an authorisation for a charge');
    return outcome;
  },

  async authorize({ isOffSession, ...input }): Promise<AuthorizeResult> {
    if (isOffSession && behaviourOf(input.providerToken) === 'action_required') {
      return { status: 'DECLINED', reason: 'authentication_required' };
    }
    const outcome = await pay(input, 'AUTHORIZE');
    if (outcome.status === 'CAPTURED') throw new Error('a charge for an authorisation');
    return outcome;
  },

  async capture({ reference }): Promise<CaptureResult> {
    if (reference.startsWith(PREFIX.uncapturable)) return { status: 'FAILED', reason: 'capture_refused' };
    return { status: 'CAPTURED', reference, ...disputeOf(reference) };
  },

  async find(idempotencyKey, { providerToken, reference, mode = 'CHARGE' }: FindContext): Promise<FindResult> {
    const behaviour = behaviourOf(providerToken);
    if (behaviour === 'timeout_lost') return { status: 'NOT_FOUND' };
    if (reference?.startsWith(PREFIX.refused))
      return { status: 'DECLINED', reason: 'authentication_failed', reference };
    if (reference === settledAction(idempotencyKey, true)) return accepted(reference, mode);
    return outcomeOf(behaviour, idempotencyKey, mode);
  },

  async refund(input): Promise<RefundResult> {
    return refundOf(input);
  },

  async findRefund(input): Promise<RefundResult> {
    return refundOf(input);
  },

  async void({ reference }) {
    return reference.startsWith(PREFIX.unrefundable)
      ? { status: 'FAILED', reason: 'refund_refused' }
      : { status: 'VOIDED' };
  },
};

async function pay(
  { providerToken, idempotencyKey }: { providerToken: string; idempotencyKey: string },
  mode: PaymentMode,
): Promise<PaymentOutcome> {
  const behaviour = behaviourOf(providerToken);
  if (behaviour === 'timeout_charged' || behaviour === 'timeout_lost') throw new PaymentOutcomeUnknown('timeout');
  if (behaviour === 'slow') await sleep(SLOW_MS);
  return outcomeOf(behaviour, idempotencyKey, mode);
}

function outcomeOf(behaviour: MockpayBehaviour, idempotencyKey: string, mode: PaymentMode): PaymentOutcome {
  switch (behaviour) {
    case 'decline':
      return { status: 'DECLINED', reason: 'card_declined' };
    case 'insufficient_funds':
      return { status: 'DECLINED', reason: 'insufficient_funds' };
    case 'action_required': {
      const action = { type: 'redirect_to_url', url: `${ACTION_PATH}${idempotencyKey}` };
      return { status: 'ACTION_REQUIRED', reference: `${PREFIX.waiting}${idempotencyKey}`, action };
    }
    case 'capture_fails':
      // A charge is an authorisation and its capture in one.
      return mode === 'CHARGE'
        ? { status: 'DECLINED', reason: 'capture_refused' }
        : accepted(`${PREFIX.uncapturable}${idempotencyKey}`, mode);
    case 'refund_fails':
      return accepted(`${PREFIX.unrefundable}${idempotencyKey}`, mode);
    case 'disputed':
      return accepted(`${PREFIX.disputed}${idempotencyKey}`, mode);
    default:
      return accepted(`${PREFIX.plain}${idempotencyKey}`, mode);
  }
}

function accepted(reference: string, mode: PaymentMode): PaymentOutcome {
  return mode === 'CHARGE'
    ? { status: 'CAPTURED', reference, ...disputeOf(reference) }
    : { status: 'AUTHORIZED', reference, captureBefore: new Date(Date.now() + AUTHORIZED_MS).toISOString() };
}

const disputeOf = (reference: string): { isDisputed?: true } =>
  reference.startsWith(PREFIX.disputed) ? { isDisputed: true } : {};

function refundOf({ reference, idempotencyKey }: RefundInput): RefundResult {
  if (reference.startsWith(PREFIX.unrefundable)) return { status: 'FAILED', reason: 'refund_refused' };
  return { status: 'SUCCEEDED', reference: `mockpay_refund_${idempotencyKey}` };
}
