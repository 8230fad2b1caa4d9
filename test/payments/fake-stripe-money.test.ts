import type Stripe from 'stripe';
import { beforeEach, describe, expect, inject, it } from 'vitest';
import { refusal, type StripeAccount, stripeAccount } from '../support/stripe-account.ts';

/** What becomes of money at the stand-in for Stripe. */

const day = 24 * 60 * 60;

let account: StripeAccount;
let stripe: Stripe;
let customer: string;
beforeEach(async () => {
  account = await stripeAccount(inject('stripeUrl'));
  stripe = account.stripe;
  customer = (await stripe.customers.create({})).id;
});

const authorize = (card = 'pm_card_visa', change: Partial<Stripe.PaymentIntentCreateParams> = {}) =>
  account.pay(card, { capture_method: 'manual', ...change });

const saved = async (card: string): Promise<string> => (await stripe.paymentMethods.attach(card, { customer })).id;

describe('an authorisation', () => {
  const lapse = (intent: Stripe.PaymentIntent): number => {
    const charge = intent.latest_charge as Stripe.Charge;
    return (charge.payment_method_details?.card?.capture_before ?? 0) - charge.created;
  };

  it('lapses after seven days, a Visa of an absent customer after five', async () => {
    const expand = ['latest_charge'];
    const present = await authorize('pm_card_visa', { expand });
    const visa = await authorize(await saved('pm_card_visa'), { customer, off_session: true, expand });
    const master = await authorize(await saved('pm_card_mastercard'), { customer, off_session: true, expand });
    expect([present, visa, master].map(lapse)).toEqual([7 * day, 5 * day, 7 * day]);
    await account.advance(5 * day);
    const states = await Promise.all([present, visa, master].map(({ id }) => stripe.paymentIntents.retrieve(id)));
    expect(states.map(({ status }) => status)).toEqual(['requires_capture', 'canceled', 'requires_capture']);
  });

  it('that lapsed is canceled, and its charge reads as refunded though nothing was taken', async () => {
    const { id } = await authorize();
    await account.expire(id);
    expect(await stripe.paymentIntents.retrieve(id, { expand: ['latest_charge'] })).toMatchObject({
      status: 'canceled',
      cancellation_reason: 'automatic',
      latest_charge: { captured: false, refunded: true },
    });
    expect((await account.books()).totals).toEqual({ authorized: 0, captured: 0, refunded: 0 });
    expect(await refusal(stripe.paymentIntents.capture(id))).toMatchObject({
      code: 'payment_intent_unexpected_state',
      payment_intent: { id, status: 'canceled' },
    });
  });

  it('is captured once, and never for more', async () => {
    const { id } = await authorize();
    const tooMuch = await refusal(stripe.paymentIntents.capture(id, { amount_to_capture: 10_001 }));
    expect(tooMuch).toMatchObject({ statusCode: 400, code: 'amount_too_large' });
    expect(await refusal(stripe.paymentIntents.capture(id, { amount_to_capture: 0 }))).toMatchObject({
      param: 'amount',
    });
    await stripe.paymentIntents.capture(id, { amount_to_capture: 1 });
    expect((await refusal(stripe.paymentIntents.capture(id))).message).toContain('has been released');
    expect((await refusal(stripe.paymentIntents.cancel(id))).message).toContain('a status of succeeded');
    expect((await account.books()).totals).toEqual({ authorized: 0, captured: 1, refunded: 0 });
  });

  it('is released by canceling', async () => {
    const { id } = await authorize();
    expect((await account.books()).totals.authorized).toBe(10_000);
    await stripe.paymentIntents.cancel(id, { cancellation_reason: 'requested_by_customer' });
    expect((await account.books()).totals).toEqual({ authorized: 0, captured: 0, refunded: 0 });
    expect((await refusal(stripe.refunds.create({ payment_intent: id }))).message).toContain('uncaptured Charge');
  });
});

describe('a refund', () => {
  it('never exceeds what was captured', async () => {
    const { id } = await account.pay('pm_card_visa');
    await stripe.refunds.create({ payment_intent: id, amount: 6_000 });
    const tooMuch = await refusal(stripe.refunds.create({ payment_intent: id, amount: 4_001 }));
    expect(tooMuch.message).toBe('Refund amount (₪40.01) is greater than unrefunded amount on charge (₪40.00)');
    expect((await stripe.refunds.create({ payment_intent: id })).amount).toBe(4_000);
    expect(await refusal(stripe.refunds.create({ payment_intent: id }))).toMatchObject({
      code: 'charge_already_refunded',
    });
  });

  it('may fail after it read as done, or take its time', async () => {
    const failing = await account.pay('pm_card_refundFail');
    const slow = await account.pay('pm_card_pendingRefund');
    const refunds = [
      await stripe.refunds.create({ payment_intent: failing.id }),
      await stripe.refunds.create({ payment_intent: slow.id }),
    ];
    expect(refunds.map(({ status }) => status)).toEqual(['succeeded', 'pending']);
    await account.advance(60);
    const later = await Promise.all(refunds.map(({ id }) => stripe.refunds.retrieve(id)));
    expect(later.map(({ status }) => status)).toEqual(['failed', 'succeeded']);
    expect(later[0]).toMatchObject({ failure_reason: 'expired_or_canceled_card' });
    expect((await account.books()).totals).toMatchObject({ captured: 20_000, refunded: 10_000 });
    const types = (await stripe.events.list({ limit: 100 })).data.map(({ type }) => type);
    expect(types).toContain('refund.failed');
  });
});

describe('a dispute', () => {
  it('comes with its card once the money is captured, and forbids refunds until it is won', async () => {
    const { id } = await authorize('pm_card_createDispute');
    expect((await stripe.disputes.list({ payment_intent: id })).data).toEqual([]);
    await stripe.paymentIntents.capture(id, { amount_to_capture: 9_000 });
    const [dispute] = (await stripe.disputes.list({ payment_intent: id })).data as [Stripe.Dispute];
    expect(dispute).toMatchObject({ amount: 9_000, reason: 'fraudulent', status: 'needs_response' });
    expect(await stripe.disputes.retrieve(dispute.id)).toEqual(dispute);
    expect(await refusal(stripe.refunds.create({ payment_intent: id }))).toMatchObject({ code: 'charge_disputed' });
    await account.closeDispute(dispute.id, 'won');
    expect((await stripe.refunds.create({ payment_intent: id })).amount).toBe(9_000);
  });

  it('can be made for any payment', async () => {
    const { id } = await account.pay('pm_card_visa');
    const dispute = await account.dispute(id, { amount: 100, reason: 'product_not_received' });
    expect(await stripe.disputes.retrieve(dispute.id)).toMatchObject({ amount: 100, reason: 'product_not_received' });
    expect((await account.books()).intents).toMatchObject([{ disputed: true }]);
    const types = (await account.deliveries()).map(({ type }) => type);
    expect(types.slice(-2)).toEqual(['charge.dispute.created', 'charge.dispute.funds_withdrawn']);
  });
});
