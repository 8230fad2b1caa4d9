import type { Account } from './account.ts';

/** What really happened to the money of one payment intent, in minor units. */
interface BookedIntent {
  id: string;
  status: string;
  currency: string;
  metadata: Record<string, string>;
  customer: string | null;
  amount: number;
  /** Held at the bank now. */
  authorized: number;
  captured: number;
  /** Paid back out of what was captured; a lapsed authorisation is no refund. */
  refunded: number;
  disputed: boolean;
  charges: number;
}

export interface Books {
  intents: BookedIntent[];
  totals: { authorized: number; captured: number; refunded: number };
}

/** The truth of one account, at once and without lag: all intents, or those with this metadata. */
export function booksOf(account: Account, metadata: Record<string, string>): Books {
  const wanted = Object.entries(metadata);
  const chargesOf = Map.groupBy(account.charges.values(), (charge) => charge.payment_intent);
  const refundsOf = Map.groupBy(account.refunds.values(), (refund) => refund.payment_intent);
  const intents = [...account.paymentIntents.values()]
    .filter((intent) => wanted.every(([key, value]) => intent.metadata[key] === value))
    .map((intent): BookedIntent => {
      const charges = chargesOf.get(intent.id) ?? [];
      const refunds = (refundsOf.get(intent.id) ?? []).filter(
        (one) => one.status !== 'failed' && one.reason !== 'expired_uncaptured_charge',
      );
      return {
        id: intent.id,
        status: intent.status,
        currency: intent.currency,
        metadata: intent.metadata,
        customer: intent.customer,
        amount: intent.amount,
        authorized: intent.amount_capturable,
        captured: charges.reduce((sum, charge) => sum + charge.amount_captured, 0),
        refunded: refunds.reduce((sum, refund) => sum + refund.amount, 0),
        disputed: charges.some((charge) => charge.disputed),
        charges: charges.length,
      };
    });
  const total = (field: 'authorized' | 'captured' | 'refunded') => intents.reduce((sum, one) => sum + one[field], 0);
  return {
    intents,
    totals: { authorized: total('authorized'), captured: total('captured'), refunded: total('refunded') },
  };
}
