import type Stripe from 'stripe';
import { beforeEach, describe, expect, inject, it } from 'vitest';
import { type StripeAccount, stripeAccount } from '../support/stripe-account.ts';

/** What becomes of money at the stand-in for Stripe, card by card. */

const day = 24 * 60 * 60;
const returnUrl = 'https://shop.example/orders/1';

let account: StripeAccount;
let stripe: Stripe;
let customer: string;
beforeEach(async () => {
  account = await stripeAccount(inject('stripeUrl'));
  stripe = account.stripe;
  customer = (await stripe.customers.create({})).id;
});

const errorOf = (request: Promise<unknown>): Promise<Stripe.errors.StripeError> =>
  request.then(
    () => Promise.reject(new Error('It was not refused')),
    (error) => error,
  );

const pay = (payment_method: string, change: Partial<Stripe.PaymentIntentCreateParams> = {}) =>
  stripe.paymentIntents.create({
    amount: 10_000,
    currency: 'ils',
    payment_method,
    confirm: true,
    allowed_payment_method_types: ['card'],
    ...change,
  });

const authorize = (card = 'pm_card_visa', change: Partial<Stripe.PaymentIntentCreateParams> = {}) =>
  pay(card, { capture_method: 'manual', ...change });

const saved = async (card: string): Promise<string> => (await stripe.paymentMethods.attach(card, { customer })).id;

const setUp = (card: string) =>
  stripe.setupIntents.create({
    customer,
    payment_method: card,
    confirm: true,
    automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
  });

describe('a declined card', () => {
  it.each([
    ['pm_card_chargeDeclined', 'card_declined', 'generic_decline'],
    ['pm_card_visa_chargeDeclinedInsufficientFunds', 'card_declined', 'insufficient_funds'],
    ['pm_card_visa_chargeDeclinedLostCard', 'card_declined', 'lost_card'],
    ['pm_card_chargeDeclinedExpiredCard', 'expired_card', 'expired_card'],
    ['pm_card_chargeDeclinedIncorrectCvc', 'incorrect_cvc', 'incorrect_cvc'],
    ['pm_card_chargeDeclinedProcessingError', 'processing_error', 'processing_error'],
  ])('%s is refused with its reason, and cannot be saved', async (card, code, decline_code) => {
    const declined = await errorOf(pay(card));
    expect(declined).toMatchObject({ statusCode: 402, code, decline_code });
    const intent = await stripe.paymentIntents.retrieve(declined.payment_intent?.id ?? '', {
      expand: ['latest_charge'],
    });
    expect(intent).toMatchObject({
      status: 'requires_payment_method',
      payment_method: null,
      last_payment_error: { code, decline_code },
      latest_charge: { status: 'failed', paid: false, failure_code: code },
    });
    expect(await errorOf(saved(card))).toMatchObject({ statusCode: 402, code });
    expect(await errorOf(setUp(card))).toMatchObject({ code, setup_intent: { status: 'requires_payment_method' } });
  });

  it('may be one that could be saved', async () => {
    const method = await saved('pm_card_chargeCustomerFail');
    expect(await errorOf(pay(method, { customer, off_session: true }))).toMatchObject({
      decline_code: 'generic_decline',
    });
  });

  it('can be followed by a good one on the same intent', async () => {
    const declined = await errorOf(pay('pm_card_chargeDeclined'));
    const intent = declined.payment_intent?.id ?? '';
    expect(await stripe.paymentIntents.confirm(intent, { payment_method: 'pm_card_mastercard' })).toMatchObject({
      status: 'succeeded',
      last_payment_error: null,
    });
    expect((await account.books()).intents).toMatchObject([{ captured: 10_000, charges: 2 }]);
  });
});

describe('3-D Secure', () => {
  it('sends the customer to the bank and back', async () => {
    const intent = await authorize('pm_card_authenticationRequired', { return_url: returnUrl });
    expect(intent).toMatchObject({
      status: 'requires_action',
      latest_charge: null,
      next_action: { type: 'redirect_to_url', redirect_to_url: { return_url: returnUrl } },
    });
    const bank = intent.next_action?.redirect_to_url?.url ?? '';
    expect(await (await fetch(bank)).text()).toContain('3-D Secure');
    const back = await fetch(bank, {
      method: 'POST',
      body: new URLSearchParams('outcome=succeed'),
      redirect: 'manual',
    });
    expect(back.headers.get('location')).toContain(`${returnUrl}?payment_intent=${intent.id}`);
    const done = await stripe.paymentIntents.retrieve(intent.id, { expand: ['latest_charge'] });
    expect(done).toMatchObject({
      status: 'requires_capture',
      next_action: null,
      latest_charge: { payment_method_details: { card: { three_d_secure: { result: 'authenticated' } } } },
    });
  });

  it('may fail, and the bank may say no after it', async () => {
    const failing = await pay('pm_card_threeDSecure2Required');
    expect(failing.next_action?.type).toBe('use_stripe_sdk');
    expect(await account.settleAction(failing.id, 'fail')).toMatchObject({
      status: 'requires_payment_method',
      last_payment_error: { code: 'payment_intent_authentication_failure' },
    });
    const poor = await pay('pm_card_authenticationRequiredChargeDeclinedInsufficientFunds');
    expect(await account.settleAction(poor.id, 'succeed')).toMatchObject({
      status: 'requires_payment_method',
      last_payment_error: { decline_code: 'insufficient_funds' },
    });
    expect((await account.books()).totals.captured).toBe(0);
  });

  it('is asked of an absent customer in vain, unless the card was set up for that', async () => {
    const always = await saved('pm_card_authenticationRequired');
    const refused = await errorOf(pay(always, { customer, off_session: true }));
    expect(refused).toMatchObject({
      statusCode: 402,
      code: 'authentication_required',
      payment_intent: { status: 'requires_payment_method', latest_charge: null },
    });
    const setup = await setUp('pm_card_authenticationRequiredOnSetup');
    expect(setup.status).toBe('requires_action');
    const method = String(setup.payment_method);
    expect(await account.settleAction(setup.id, 'succeed')).toMatchObject({ status: 'succeeded' });
    expect(await pay(method, { customer, off_session: true })).toMatchObject({ status: 'succeeded' });
    const unprepared = await saved('pm_card_authenticationRequiredOnSetup');
    expect(await errorOf(pay(unprepared, { customer, off_session: true }))).toMatchObject({
      code: 'authentication_required',
    });
  });

  it('needs to know the way back where payment methods redirect', async () => {
    const refused = await errorOf(
      stripe.paymentIntents.create({ amount: 1, currency: 'ils', payment_method: 'pm_card_visa', confirm: true }),
    );
    expect(refused.message).toContain('you must provide a `return_url`');
    expect((await account.books()).intents).toEqual([]);
  });

  it('is settled by the customer with the publishable key and the secret of the intent alone', async () => {
    const { id, client_secret } = await stripe.setupIntents.create({ customer });
    const confirm = (key: string, secret: string) =>
      fetch(`${account.url}/v1/setup_intents/${id}/confirm`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}` },
        body: new URLSearchParams({ client_secret: secret, payment_method: 'pm_card_visa', return_url: returnUrl }),
      });
    const { publishable_key } = account.keys;
    expect((await confirm(publishable_key, `${id}_secret_guessed`)).status).toBe(400);
    expect(await (await confirm(publishable_key, client_secret ?? '')).json()).toMatchObject({ status: 'succeeded' });
    const list = await fetch(`${account.url}/v1/customers`, {
      headers: { authorization: `Bearer ${publishable_key}` },
    });
    expect(list.status).toBe(403);
  });
});

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
    expect(await errorOf(stripe.paymentIntents.capture(id))).toMatchObject({
      code: 'payment_intent_unexpected_state',
      payment_intent: { id, status: 'canceled' },
    });
  });

  it('is captured once, and never for more', async () => {
    const { id } = await authorize();
    const tooMuch = await errorOf(stripe.paymentIntents.capture(id, { amount_to_capture: 10_001 }));
    expect(tooMuch).toMatchObject({ statusCode: 400, code: 'amount_too_large' });
    expect(await errorOf(stripe.paymentIntents.capture(id, { amount_to_capture: 0 }))).toMatchObject({
      param: 'amount',
    });
    await stripe.paymentIntents.capture(id, { amount_to_capture: 1 });
    expect((await errorOf(stripe.paymentIntents.capture(id))).message).toContain('has been released');
    expect((await errorOf(stripe.paymentIntents.cancel(id))).message).toContain('a status of succeeded');
    expect((await account.books()).totals).toEqual({ authorized: 0, captured: 1, refunded: 0 });
  });

  it('is released by canceling', async () => {
    const { id } = await authorize();
    expect((await account.books()).totals.authorized).toBe(10_000);
    await stripe.paymentIntents.cancel(id, { cancellation_reason: 'requested_by_customer' });
    expect((await account.books()).totals).toEqual({ authorized: 0, captured: 0, refunded: 0 });
    expect((await errorOf(stripe.refunds.create({ payment_intent: id }))).message).toContain('uncaptured Charge');
  });
});

describe('a refund', () => {
  it('never exceeds what was captured', async () => {
    const { id } = await pay('pm_card_visa');
    await stripe.refunds.create({ payment_intent: id, amount: 6_000 });
    const tooMuch = await errorOf(stripe.refunds.create({ payment_intent: id, amount: 4_001 }));
    expect(tooMuch.message).toBe('Refund amount (₪40.01) is greater than unrefunded amount on charge (₪40.00)');
    expect((await stripe.refunds.create({ payment_intent: id })).amount).toBe(4_000);
    expect(await errorOf(stripe.refunds.create({ payment_intent: id }))).toMatchObject({
      code: 'charge_already_refunded',
    });
  });

  it('may fail after it read as done, or take its time', async () => {
    const failing = await pay('pm_card_refundFail');
    const slow = await pay('pm_card_pendingRefund');
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
    expect(await errorOf(stripe.refunds.create({ payment_intent: id }))).toMatchObject({ code: 'charge_disputed' });
    await account.closeDispute(dispute.id, 'won');
    expect((await stripe.refunds.create({ payment_intent: id })).amount).toBe(9_000);
  });

  it('can be made for any payment', async () => {
    const { id } = await pay('pm_card_visa');
    const dispute = await account.dispute(id, { amount: 100, reason: 'product_not_received' });
    expect(await stripe.disputes.retrieve(dispute.id)).toMatchObject({ amount: 100, reason: 'product_not_received' });
    expect((await account.books()).intents).toMatchObject([{ disputed: true }]);
    const types = (await account.deliveries()).map(({ type }) => type);
    expect(types.slice(-2)).toEqual(['charge.dispute.created', 'charge.dispute.funds_withdrawn']);
  });
});
