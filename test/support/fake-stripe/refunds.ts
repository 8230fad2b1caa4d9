import type { Account } from './account.ts';
import { badParameter, noSuch, refused } from './errors.ts';
import { mergedMetadata, type Params } from './form.ts';
import { listSpec, page } from './lists.ts';
import { type Charge, newRefund, type Refund } from './money-objects.ts';
import { livePaymentIntent } from './payment-intents.ts';
import { cardStateOf, livePaymentMethod } from './payment-methods.ts';
import type { Call, Route } from './route.ts';

/** How long a refund that ends otherwise than it began takes for it. */
const settlesAfterSeconds = 60;

export function liveCharge(account: Account, id: string): Charge {
  const charge = account.charges.get(id);
  if (charge === undefined) throw noSuch('charge', id, 'id', 404);
  return charge;
}

function chargeOf(account: Account, params: Params): Charge {
  const id = params.text('charge');
  if (id !== null) return liveCharge(account, id);
  const intentId = params.text('payment_intent');
  if (intentId === null) {
    throw badParameter('One of the following params should be provided for this request: payment_intent or charge.');
  }
  const charge = account.charges.get(livePaymentIntent(account, intentId, 400).latest_charge ?? '');
  if (charge === undefined || charge.status === 'failed') {
    throw refused(`This PaymentIntent (${intentId}) does not have a successful charge to refund.`);
  }
  return charge;
}

function refuseUnrefundable(account: Account, charge: Charge): void {
  if (!charge.captured) {
    throw refused(
      `This uncaptured Charge was created by a PaymentIntent (${charge.payment_intent}). You must cancel the PaymentIntent to reverse the authorization instead of refunding the Charge directly. For more information, see https://stripe.com/docs/payments/place-a-hold-on-a-payment-method`,
    );
  }
  const dispute = [...account.disputes.values()].find((one) => one.charge === charge.id && !one.is_charge_refundable);
  if (dispute !== undefined) {
    throw refused(`Charge ${charge.id} has been charged back; cannot issue a refund.`, { code: 'charge_disputed' });
  }
}

function amountOf(charge: Charge, params: Params): number {
  const left = charge.amount_captured - charge.amount_refunded;
  if (left <= 0) {
    throw refused(`Charge ${charge.id} has already been refunded.`, { code: 'charge_already_refunded' });
  }
  const amount = params.integer('amount') ?? left;
  if (amount <= 0) {
    throw refused('This value must be greater than or equal to 1.', {
      code: 'parameter_invalid_integer',
      param: 'amount',
    });
  }
  if (amount > left) {
    throw refused(
      `Refund amount (${money(amount, charge)}) is greater than unrefunded amount on charge (${money(left, charge)})`,
      { param: 'amount' },
    );
  }
  return amount;
}

const money = (amount: number, { currency }: Charge): string =>
  new Intl.NumberFormat('en-US', { style: 'currency', currency }).format(amount / 100);

function create({ account, params }: Call): Refund {
  const charge = chargeOf(account, params);
  refuseUnrefundable(account, charge);
  const amount = amountOf(charge, params);
  const behaviour = cardStateOf(account, livePaymentMethod(account, charge.payment_method)).card.refund;
  const refund = newRefund(account.origin('re_3', mergedMetadata({}, params)), charge, {
    amount,
    reason: params.text('reason'),
    status: behaviour === 'pending' ? 'pending' : 'succeeded',
    balanceTransaction: null,
  });
  account.refunds.set(refund.id, refund);
  refund.balance_transaction = moved(account, charge, refund, -amount);
  count(charge, refund, amount);
  account.emit('refund.created', refund);
  account.emit('charge.refunded', charge);
  if (behaviour === 'fails') account.later(settlesAfterSeconds, () => failRefund(account, refund));
  if (behaviour === 'pending') account.later(settlesAfterSeconds, () => completeRefund(account, refund));
  return refund;
}

function moved(account: Account, charge: Charge, refund: Refund, amount: number): string {
  const description = charge.description === null ? 'REFUND FOR CHARGE' : `REFUND FOR CHARGE (${charge.description})`;
  const type = amount < 0 ? 'refund' : 'refund_failure';
  return account.balanceTransaction({ type, amount, currency: charge.currency, source: refund.id, description }).id;
}

function count(charge: Charge, refund: Refund, amount: number): void {
  charge.amount_refunded += amount;
  charge.refunded = charge.amount_refunded === charge.amount_captured;
  if (amount > 0) charge.refunds.data.unshift(refund);
}

/** The bank sends the money back to us, some time after the refund read as done. */
export function failRefund(account: Account, refund: Refund): void {
  if (refund.status === 'failed') return;
  const charge = liveCharge(account, refund.charge);
  refund.status = 'failed';
  refund.failure_reason = 'expired_or_canceled_card';
  refund.failure_balance_transaction = moved(account, charge, refund, refund.amount);
  count(charge, refund, -refund.amount);
  account.emit('refund.updated', refund);
  account.emit('charge.refund.updated', refund);
  account.emit('refund.failed', refund);
}

function completeRefund(account: Account, refund: Refund): void {
  if (refund.status !== 'pending') return;
  refund.status = 'succeeded';
  refund.destination_details = { card: { type: 'refund' }, type: 'card' };
  account.emit('refund.updated', refund);
  account.emit('charge.refund.updated', refund);
}

export function liveRefund(account: Account, id: string): Refund {
  const refund = account.refunds.get(id);
  if (refund === undefined) throw noSuch('refund', id, 'refund', 404);
  return refund;
}

export const refundRoutes: Route[] = [
  {
    route: 'POST /v1/refunds',
    spec: {
      amount: 'integer',
      charge: 'string',
      metadata: 'metadata',
      payment_intent: 'string',
      reason: 'enum:duplicate|fraudulent|requested_by_customer',
    },
    handle: create,
  },
  {
    route: 'GET /v1/refunds',
    spec: { ...listSpec, charge: 'string', payment_intent: 'string' },
    handle: ({ account, params }) =>
      page(account.refunds.values(), params, { url: '/v1/refunds', kind: 'refund', by: ['charge', 'payment_intent'] }),
  },
  { route: 'GET /v1/refunds/:id', spec: {}, handle: ({ account, id }) => liveRefund(account, id) },
  {
    route: 'POST /v1/refunds/:id',
    spec: { metadata: 'metadata' },
    handle({ account, params, id }) {
      const refund = liveRefund(account, id);
      refund.metadata = mergedMetadata(refund.metadata, params);
      return refund;
    },
  },
];
