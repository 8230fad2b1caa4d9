import type { Account } from './account.ts';
import { newDispute } from './dispute-object.ts';
import { noSuch } from './errors.ts';
import { listSpec, page } from './lists.ts';
import type { Charge, Dispute } from './money-objects.ts';
import type { Route } from './route.ts';

/** The customer asks the bank for the money back. */
export function openDispute(
  account: Account,
  charge: Charge,
  given: { amount: number; reason: string; status: string },
): Dispute {
  const dispute = newDispute(account.origin('dp_1'), charge, given);
  account.disputes.set(dispute.id, dispute);
  charge.disputed = true;
  account.emit('charge.dispute.created', dispute);
  if (dispute.is_charge_refundable) return dispute;
  move(account, dispute, -dispute.amount);
  account.emit('charge.dispute.funds_withdrawn', dispute);
  return dispute;
}

/** The bank decides. */
export function closeDispute(account: Account, dispute: Dispute, outcome: 'won' | 'lost'): Dispute {
  dispute.status = outcome;
  account.emit('charge.dispute.closed', dispute);
  if (outcome === 'lost') return dispute;
  dispute.is_charge_refundable = true;
  move(account, dispute, dispute.amount);
  account.emit('charge.dispute.funds_reinstated', dispute);
  return dispute;
}

function move(account: Account, dispute: Dispute, amount: number): void {
  const description =
    amount < 0 ? `Chargeback withdrawal for ${dispute.charge}` : `Chargeback reversal for ${dispute.charge}`;
  const { currency, id: source } = dispute;
  dispute.balance_transactions.push(
    account.balanceTransaction({ type: 'adjustment', amount, currency, source, description }),
  );
}

export function liveDispute(account: Account, id: string): Dispute {
  const dispute = account.disputes.get(id);
  if (dispute === undefined) throw noSuch('dispute', id, 'dispute', 404);
  return dispute;
}

export const disputeRoutes: Route[] = [
  {
    route: 'GET /v1/disputes',
    spec: { ...listSpec, charge: 'string', payment_intent: 'string' },
    handle: ({ account, params }) =>
      page(account.disputes.values(), params, {
        url: '/v1/disputes',
        kind: 'dispute',
        by: ['charge', 'payment_intent'],
      }),
  },
  { route: 'GET /v1/disputes/:id', spec: {}, handle: ({ account, id }) => liveDispute(account, id) },
];
