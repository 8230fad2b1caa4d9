import type Stripe from 'stripe';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import fixtures from '../support/fake-stripe/fixtures.json';
import { refusal, type StripeAccount, stripeAccount } from '../support/stripe-account.ts';
import { differences } from '../support/stripe-shape.ts';

/** Every object of the stand-in, in every state, against the example that Stripe publishes of its kind. */

const neverRedirect = { automatic_payment_methods: { enabled: true, allow_redirects: 'never' as const } };
const returnUrl = 'https://shop.example/';

let account: StripeAccount;
let stripe: Stripe;
const errors: Record<string, unknown>[] = [];

const refused = async (request: Promise<unknown>): Promise<void> => {
  errors.push((await refusal(request)).raw as Record<string, unknown>);
};

beforeAll(async () => {
  account = await stripeAccount(inject('stripeUrl'));
  stripe = account.stripe;
  const customer = (await stripe.customers.create({ email: 'a@example.com', name: 'A', metadata: { user: '1' } })).id;
  await setUpCards(customer);
  await payAndRefund(customer);
  await goWrong();
});

async function setUpCards(customer: string): Promise<void> {
  await stripe.setupIntents.create({ customer });
  await stripe.setupIntents.create({ customer, payment_method: 'pm_card_visa', ...neverRedirect });
  const dropped = await stripe.setupIntents.create({ customer });
  await stripe.setupIntents.cancel(dropped.id, { cancellation_reason: 'abandoned' });
  for (const outcome of ['succeed', 'fail'] as const) {
    const asked = await stripe.setupIntents.create({
      customer,
      payment_method: 'pm_card_authenticationRequired',
      confirm: true,
      return_url: returnUrl,
    });
    await account.settleAction(asked.id, outcome);
  }
  await refused(
    stripe.setupIntents.create({ payment_method: 'pm_card_chargeDeclined', confirm: true, return_url: returnUrl }),
  );
  const method = await stripe.paymentMethods.attach('pm_card_mastercard', { customer });
  await stripe.customers.update(customer, { invoice_settings: { default_payment_method: method.id } });
  await stripe.paymentMethods.detach(method.id);
  const leaving = await stripe.customers.create({});
  await stripe.customers.del(leaving.id);
}

async function payAndRefund(customer: string): Promise<void> {
  const authorize = { capture_method: 'manual' } as const;
  const partly = await account.pay('pm_card_visa', {
    ...authorize,
    customer,
    metadata: { order: 'A-1' },
    description: 'A-1',
  });
  await stripe.paymentIntents.capture(partly.id, { amount_to_capture: 4_000 });
  await stripe.refunds.create({ payment_intent: partly.id, amount: 1_000, reason: 'requested_by_customer' });
  await stripe.refunds.create({ payment_intent: partly.id });
  const canceled = await account.pay('pm_card_visa', authorize);
  await stripe.paymentIntents.cancel(canceled.id);
  const lapsed = await account.pay('pm_card_visa', authorize);
  await account.expire(lapsed.id);
  for (const card of ['pm_card_refundFail', 'pm_card_pendingRefund']) {
    await stripe.refunds.create({ payment_intent: (await account.pay(card)).id });
  }
  await account.advance(61);
  for (const outcome of ['won', 'lost'] as const) {
    const { id } = await account.pay('pm_card_createDispute');
    const [dispute] = (await stripe.disputes.list({ payment_intent: id })).data as [Stripe.Dispute];
    await account.closeDispute(dispute.id, outcome);
  }
  await account.pay('pm_card_createDisputeInquiry');
  await stripe.paymentIntents.create({ amount: 1, currency: 'ils' });
  await stripe.paymentIntents.create({ amount: 1, currency: 'ils', payment_method: 'pm_card_amex', ...neverRedirect });
}

async function goWrong(): Promise<void> {
  await refused(account.pay('pm_card_visa_chargeDeclinedInsufficientFunds'));
  await refused(account.pay('pm_card_chargeDeclinedExpiredCard'));
  await refused(account.pay('pm_card_authenticationRequired', { off_session: true }));
  for (const outcome of ['succeed', 'fail'] as const) {
    await account.settleAction(
      (await account.pay('pm_card_authenticationRequired', { return_url: returnUrl })).id,
      outcome,
    );
  }
  await account.pay('pm_card_authenticationRequired');
  await refused(stripe.paymentIntents.capture((await account.pay('pm_card_visa')).id));
  await refused(stripe.customers.retrieve('cus_none'));
  await refused(account.pay('pm_none'));
  for (const status of [403, 429, 500]) {
    await account.fault({ route: '*', mode: 'error', status, kept: false, times: 1 });
    await refused(stripe.customers.list());
  }
}

async function everything(kind: string): Promise<unknown[]> {
  const lists = new Map<string, () => { autoPagingToArray(limit: { limit: number }): Promise<unknown[]> }>([
    ['charge', () => stripe.charges.list()],
    ['customer', () => stripe.customers.list()],
    ['dispute', () => stripe.disputes.list()],
    ['event', () => stripe.events.list()],
    ['payment_intent', () => stripe.paymentIntents.list()],
    ['refund', () => stripe.refunds.list()],
    ['setup_intent', () => stripe.setupIntents.list()],
  ]);
  return (await lists.get(kind)?.().autoPagingToArray({ limit: 500 })) ?? [];
}

/** Every status that an object of this kind has had, now or in an event. */
async function statusesOf(kind: string): Promise<string[]> {
  const events = (await everything('event')) as Stripe.Event[];
  const objects = events.map((event): unknown => event.data.object).concat(await everything(kind)) as {
    object: string;
    status: string;
  }[];
  return [...new Set(objects.filter(({ object }) => object === kind).map(({ status }) => status))].toSorted();
}

describe('the fields of', () => {
  it.each(['charge', 'customer', 'dispute', 'event', 'payment_intent', 'refund', 'setup_intent'])(
    'every %s are those of the example',
    async (kind) => {
      const objects = await everything(kind);
      expect(objects).not.toEqual([]);
      expect(objects.flatMap(differences)).toEqual([]);
    },
  );

  it('objects in events, which show every state in passing, are those of the examples', async () => {
    const events = (await everything('event')) as Stripe.Event[];
    const objects = events.map((event): unknown => event.data.object);
    const kinds = new Set(objects.map((one) => (one as { object: string }).object));
    expect([...kinds].toSorted()).toEqual(
      ['charge', 'customer', 'dispute', 'payment_intent', 'payment_method', 'refund', 'setup_intent'].toSorted(),
    );
    expect(objects.flatMap(differences)).toEqual([]);
  });

  it('payment methods, movements of the balance and deleted customers are those of the examples', async () => {
    const [charge] = (await stripe.charges.list({ limit: 1 })).data as [Stripe.Charge];
    const expanded = await stripe.charges.retrieve(charge.id, { expand: ['balance_transaction'] });
    const gone = await stripe.customers.create({});
    const objects = [
      await stripe.paymentMethods.create({ type: 'card', card: { token: 'tok_visa' } }),
      expanded.balance_transaction,
      await stripe.customers.del(gone.id),
    ];
    expect(objects.flatMap(differences)).toEqual([]);
  });

  it('errors are those that Stripe documents', async () => {
    const documented: (keyof Stripe.StripeRawError | 'request_log_url')[] = [
      'advice_code',
      'charge',
      'code',
      'decline_code',
      'doc_url',
      'message',
      'network_decline_code',
      'param',
      'payment_intent',
      'payment_method',
      'request_log_url',
      'setup_intent',
      'type',
    ];
    const addedByClient = ['headers', 'statusCode', 'requestId'];
    expect(errors).toHaveLength(10);
    for (const error of errors) {
      expect([...documented, ...addedByClient]).toEqual(expect.arrayContaining(Object.keys(error)));
      const inside = [error.payment_intent, error.payment_method, error.setup_intent].filter(
        (one) => one !== undefined,
      );
      expect(inside.flatMap(differences)).toEqual([]);
    }
  });
});

describe('among them is every status', () => {
  it.each([
    [
      'payment_intent',
      'canceled requires_action requires_capture requires_confirmation requires_payment_method succeeded',
    ],
    ['setup_intent', 'canceled requires_action requires_confirmation requires_payment_method succeeded'],
    ['charge', 'failed succeeded'],
    ['refund', 'failed pending succeeded'],
    ['dispute', 'lost needs_response warning_needs_response won'],
  ])('of a %s', async (kind, statuses) => {
    expect(await statusesOf(kind)).toEqual(statuses.split(' '));
  });
});

describe('the judge', () => {
  it('sees a field too many, one too few, another type and a null where none may be', () => {
    const { amount, ...refund } = fixtures.refund;
    expect(differences({ ...refund, amount: '100' })).toEqual(['refund.amount is string, not number']);
    expect(differences({ ...refund, amount: null })).toEqual(['refund.amount is null']);
    expect(differences(refund)).toEqual(['refund.amount is missing']);
    expect(differences({ ...refund, amount, color: 'red' })).toEqual(["refund.color is not Stripe's"]);
    expect(differences({ ...refund, amount, destination_details: { card: {}, type: 'card' } })).toEqual([
      'refund.destination_details.card.type is missing',
    ]);
    expect(differences({ ...refund, amount })).toEqual([]);
  });
});
