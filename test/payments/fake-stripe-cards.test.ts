import type Stripe from 'stripe';
import { beforeEach, describe, expect, inject, it } from 'vitest';
import { refusal, type StripeAccount, stripeAccount } from '../support/stripe-account.ts';

/** What the test cards do at the stand-in for Stripe, and what their holders must do. */

const returnUrl = 'https://shop.example/orders/1';

let account: StripeAccount;
let stripe: Stripe;
let customer: string;
beforeEach(async () => {
  account = await stripeAccount(inject('stripeUrl'));
  stripe = account.stripe;
  customer = (await stripe.customers.create({})).id;
});

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
    const declined = await refusal(account.pay(card));
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
    expect(await refusal(saved(card))).toMatchObject({ statusCode: 402, code });
    expect(await refusal(setUp(card))).toMatchObject({ code, setup_intent: { status: 'requires_payment_method' } });
  });

  it('may be one that could be saved', async () => {
    const method = await saved('pm_card_chargeCustomerFail');
    expect(await refusal(account.pay(method, { customer, off_session: true }))).toMatchObject({
      decline_code: 'generic_decline',
    });
  });

  it('can be followed by a good one on the same intent', async () => {
    const declined = await refusal(account.pay('pm_card_chargeDeclined'));
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
    const intent = await account.pay('pm_card_authenticationRequired', {
      capture_method: 'manual',
      return_url: returnUrl,
    });
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
    const failing = await account.pay('pm_card_threeDSecure2Required');
    expect(failing.next_action?.type).toBe('use_stripe_sdk');
    expect(await account.settleAction(failing.id, 'fail')).toMatchObject({
      status: 'requires_payment_method',
      last_payment_error: { code: 'payment_intent_authentication_failure' },
    });
    const poor = await account.pay('pm_card_authenticationRequiredChargeDeclinedInsufficientFunds');
    expect(await account.settleAction(poor.id, 'succeed')).toMatchObject({
      status: 'requires_payment_method',
      last_payment_error: { decline_code: 'insufficient_funds' },
    });
    expect((await account.books()).totals.captured).toBe(0);
  });

  it('is asked of an absent customer in vain, unless the card was set up for that', async () => {
    const always = await saved('pm_card_authenticationRequired');
    const refused = await refusal(account.pay(always, { customer, off_session: true }));
    expect(refused).toMatchObject({
      statusCode: 402,
      code: 'authentication_required',
      payment_intent: { status: 'requires_payment_method', latest_charge: null },
    });
    const setup = await setUp('pm_card_authenticationRequiredOnSetup');
    expect(setup.status).toBe('requires_action');
    const method = String(setup.payment_method);
    expect(await account.settleAction(setup.id, 'succeed')).toMatchObject({ status: 'succeeded' });
    expect(await account.pay(method, { customer, off_session: true })).toMatchObject({ status: 'succeeded' });
    const unprepared = await saved('pm_card_authenticationRequiredOnSetup');
    expect(await refusal(account.pay(unprepared, { customer, off_session: true }))).toMatchObject({
      code: 'authentication_required',
    });
  });

  it('needs to know the way back where payment methods redirect', async () => {
    const refused = await refusal(
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
