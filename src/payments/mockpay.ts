import { brandOf, type CardInput, cardDigits, refuseExpired, type TokenizedCard } from './cards.ts';
import {
  type ChargeResult,
  type FindResult,
  PaymentOutcomeUnknown,
  type PaymentProvider,
  type RefundResult,
} from './provider.ts';

export type MockpayBehaviour =
  | 'approve'
  | 'decline'
  | 'insufficient_funds'
  | 'timeout_charged'
  | 'timeout_lost'
  | 'slow'
  | 'refund_fails';

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
};

const BEHAVIOURS = new Set<MockpayBehaviour>([...Object.values(TEST_CARDS)]);
const SLOW_MS = 2_000;
const UNREFUNDABLE = 'mockpay_norefund_';

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

/**
 * The built-in provider. It is stateless: the results of `charge` and `find` follow from token and key, so that every isolate
 * and every later job gets the same result.
 */
export const mockpay: PaymentProvider = {
  async charge(input) {
    const behaviour = behaviourOf(input.providerToken);
    if (behaviour === 'timeout_charged' || behaviour === 'timeout_lost') throw new PaymentOutcomeUnknown('timeout');
    if (behaviour === 'slow') await new Promise((resolve) => setTimeout(resolve, SLOW_MS));
    return settledCharge(behaviour, input.idempotencyKey);
  },

  async find(idempotencyKey, { providerToken }): Promise<FindResult> {
    const behaviour = behaviourOf(providerToken);
    return behaviour === 'timeout_lost' ? { status: 'NOT_FOUND' } : settledCharge(behaviour, idempotencyKey);
  },

  async refund({ reference, idempotencyKey }): Promise<RefundResult> {
    if (reference.startsWith(UNREFUNDABLE)) return { status: 'FAILED', reason: 'refund_refused' };
    return { status: 'SUCCEEDED', reference: `mockpay_refund_${idempotencyKey}` };
  },

  async void({ reference }) {
    return reference.startsWith(UNREFUNDABLE) ? { status: 'FAILED', reason: 'refund_refused' } : { status: 'VOIDED' };
  },
};

function settledCharge(behaviour: MockpayBehaviour, idempotencyKey: string): ChargeResult {
  switch (behaviour) {
    case 'decline':
      return { status: 'DECLINED', reason: 'card_declined' };
    case 'insufficient_funds':
      return { status: 'DECLINED', reason: 'insufficient_funds' };
    case 'refund_fails':
      return { status: 'CAPTURED', reference: `${UNREFUNDABLE}${idempotencyKey}` };
    default:
      return { status: 'CAPTURED', reference: `mockpay_${idempotencyKey}` };
  }
}
