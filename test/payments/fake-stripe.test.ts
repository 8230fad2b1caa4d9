import Stripe from 'stripe';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { NodeHttpClient } from '../../node_modules/stripe/esm/net/NodeHttpClient.js';
import { refusal, type StripeAccount, stripeAccount, stripeConfig } from '../support/stripe-account.ts';

/** The official package against the stand-in for Stripe: every call the shop makes, as the package makes it. */

const url = inject('stripeUrl');
const cardOnly = { allowed_payment_method_types: ['card' as const] };

let account: StripeAccount;
beforeAll(async () => {
  account = await stripeAccount(url);
});

describe.each([
  ['fetch', () => Stripe.createFetchHttpClient()],
  ['Node', () => new NodeHttpClient() as unknown as Stripe.HttpClient],
])('through the %s client', (_, client) => {
  let stripe: Stripe;
  let customer: string;
  beforeAll(async () => {
    stripe = new Stripe(account.keys.secret_key, { ...stripeConfig(url), httpClient: client() });
    customer = (await stripe.customers.create({ email: 'dana@example.com', metadata: { user: '7' } })).id;
  });

  async function savedCard(card = 'pm_card_visa'): Promise<string> {
    return (await stripe.paymentMethods.attach(card, { customer })).id;
  }

  it('keeps customers', async () => {
    const made = await stripe.customers.create({ name: 'Dana', metadata: { user: '8', old: 'x' } });
    expect(made.lastResponse).toMatchObject({ statusCode: 200, apiVersion: Stripe.API_VERSION });
    expect(made.lastResponse.requestId).toMatch(/^req_/);
    const updated = await stripe.customers.update(made.id, { email: 'd@example.com', metadata: { old: '' } });
    expect(updated).toMatchObject({ name: 'Dana', email: 'd@example.com', metadata: { user: '8' } });
    expect(await stripe.customers.retrieve(made.id)).toEqual(updated);
    expect((await stripe.customers.list({ email: 'd@example.com' })).data).toContainEqual(updated);
    expect(await stripe.customers.del(made.id)).toEqual({ id: made.id, object: 'customer', deleted: true });
    expect(await stripe.customers.retrieve(made.id)).toMatchObject({ deleted: true });
  });

  it('keeps cards under their customer', async () => {
    const made = await stripe.paymentMethods.create({ type: 'card', card: { token: 'tok_mastercard' } });
    expect(made.card).toMatchObject({ brand: 'mastercard', last4: '4444' });
    await stripe.paymentMethods.attach(made.id, { customer });
    expect(await stripe.paymentMethods.retrieve(made.id)).toMatchObject({ customer });
    const listed = await stripe.paymentMethods.list({ customer, type: 'card' });
    expect(listed.data.map(({ id }) => id)).toContain(made.id);
    expect((await stripe.customers.listPaymentMethods(customer)).data).toHaveLength(listed.data.length);
    expect(await stripe.paymentMethods.detach(made.id)).toMatchObject({ customer: null });
    expect((await refusal(stripe.paymentMethods.attach(made.id, { customer }))).message).toContain(
      'may not be used again',
    );
  });

  it('sets a card up for later', async () => {
    const intent = await stripe.setupIntents.create({ customer, usage: 'off_session' });
    expect(intent).toMatchObject({ status: 'requires_payment_method', customer });
    expect(intent.client_secret).toMatch(/^seti_.+_secret_/);
    const done = await stripe.setupIntents.confirm(intent.id, {
      payment_method: 'pm_card_visa',
      return_url: 'https://shop.example/cards',
    });
    expect(done.status).toBe('succeeded');
    expect(await stripe.paymentMethods.retrieve(String(done.payment_method))).toMatchObject({ customer });
    expect(await stripe.setupIntents.retrieve(intent.id)).toEqual(done);
    const dropped = await stripe.setupIntents.create({ customer });
    expect(await stripe.setupIntents.cancel(dropped.id)).toMatchObject({ status: 'canceled' });
  });

  it('authorises, captures a part and pays back', async () => {
    const authorized = await stripe.paymentIntents.create({
      amount: 12_345,
      currency: 'ils',
      customer,
      payment_method: await savedCard(),
      capture_method: 'manual',
      confirm: true,
      off_session: true,
      metadata: { order: 'A-1' },
      ...cardOnly,
    });
    expect(authorized).toMatchObject({ status: 'requires_capture', amount_capturable: 12_345, amount_received: 0 });
    const captured = await stripe.paymentIntents.capture(authorized.id, {
      amount_to_capture: 10_000,
      expand: ['latest_charge.balance_transaction'],
    });
    expect(captured).toMatchObject({
      status: 'succeeded',
      amount_capturable: 0,
      amount_received: 10_000,
      latest_charge: { amount: 12_345, amount_captured: 10_000, balance_transaction: { amount: 10_000, net: 10_000 } },
    });
    const refund = await stripe.refunds.create({
      payment_intent: authorized.id,
      amount: 2_500,
      metadata: { line: '3' },
    });
    expect(refund).toMatchObject({ status: 'succeeded', amount: 2_500, metadata: { line: '3' } });
    expect(await stripe.refunds.retrieve(refund.id)).toEqual(refund);
    expect((await stripe.refunds.list({ payment_intent: authorized.id })).data).toEqual([refund]);
    const charge = await stripe.charges.retrieve(String(refund.charge));
    expect(charge).toMatchObject({ amount_refunded: 2_500, refunded: false, metadata: { order: 'A-1' } });
    expect((await stripe.charges.list({ payment_intent: authorized.id })).data).toEqual([charge]);
  });

  it('confirms later, cancels, lists and finds by metadata', async () => {
    const order = crypto.randomUUID();
    const intent = await stripe.paymentIntents.create({
      amount: 500,
      currency: 'ils',
      metadata: { order },
      ...cardOnly,
    });
    expect(intent.status).toBe('requires_payment_method');
    const paid = await stripe.paymentIntents.confirm(intent.id, { payment_method: 'pm_card_visa' });
    expect(paid).toMatchObject({ status: 'succeeded', amount_received: 500 });
    const dropped = await stripe.paymentIntents.create({ amount: 600, currency: 'ils', metadata: { order } });
    expect(await stripe.paymentIntents.cancel(dropped.id, { cancellation_reason: 'abandoned' })).toMatchObject({
      status: 'canceled',
      cancellation_reason: 'abandoned',
    });
    expect((await stripe.paymentIntents.list({ limit: 2 })).data.map(({ id }) => id)).toEqual([dropped.id, intent.id]);
    expect(await stripe.paymentIntents.retrieve(intent.id)).toEqual(paid);
    const query = { query: `metadata["order"]:"${order}" AND status:"succeeded"` };
    expect((await stripe.paymentIntents.search(query)).data).toEqual([]);
    await account.advance(61);
    expect((await stripe.paymentIntents.search(query)).data).toEqual([paid]);
  });

  it('pages through a list by itself', async () => {
    const { id } = await stripe.customers.create({});
    for (let amount = 101; amount <= 105; amount++) {
      await stripe.paymentIntents.create({ amount, currency: 'ils', customer: id });
    }
    const amounts: number[] = [];
    for await (const { amount } of stripe.paymentIntents.list({ customer: id, limit: 2 })) amounts.push(amount);
    expect(amounts).toEqual([105, 104, 103, 102, 101]);
  });

  it('has its own class for each error', async () => {
    const { errors } = stripe;
    const missing = await refusal(stripe.paymentIntents.retrieve('pi_none'));
    expect(missing).toBeInstanceOf(errors.StripeInvalidRequestError);
    expect(missing).toMatchObject({
      statusCode: 404,
      code: 'resource_missing',
      message: "No such payment_intent: 'pi_none'",
    });
    const unknown = await refusal(stripe.rawRequest('POST', '/v1/customers', { emial: 'x' }));
    expect(unknown).toBeInstanceOf(errors.StripeInvalidRequestError);
    expect(unknown).toMatchObject({ statusCode: 400, code: 'parameter_unknown', param: 'emial' });
    const lost = await refusal(stripe.rawRequest('GET', '/v1/nothing'));
    expect(lost).toMatchObject({ statusCode: 404, rawType: 'invalid_request_error' });
    const stranger = new Stripe('sk_test_of_nobody', { ...stripeConfig(url), httpClient: client() });
    const refused = await refusal(stranger.customers.list());
    expect(refused).toBeInstanceOf(errors.StripeAuthenticationError);
    expect(refused.message).toBe('Invalid API Key provided: sk_test_*****body');
    const declined = await refusal(
      stripe.paymentIntents.create({
        amount: 900,
        currency: 'ils',
        payment_method: 'pm_card_visa_chargeDeclinedInsufficientFunds',
        confirm: true,
        ...cardOnly,
      }),
    );
    expect(declined).toBeInstanceOf(errors.StripeCardError);
    expect(declined).toMatchObject({
      statusCode: 402,
      rawType: 'card_error',
      code: 'card_declined',
      decline_code: 'insufficient_funds',
      payment_intent: { object: 'payment_intent', status: 'requires_payment_method', amount: 900 },
      payment_method: { object: 'payment_method' },
    });
    expect(declined.charge).toMatch(/^ch_/);
  });
});

describe('a webhook', () => {
  const webhooks = new Stripe('sk_test_unused').webhooks;
  const provider = Stripe.createSubtleCryptoProvider();
  const inbox = `${url}/_inbox/${crypto.randomUUID()}`;

  beforeAll(async () => {
    account = await stripeAccount(url);
    await account.settings({ webhook_url: inbox });
    await account.stripe.paymentIntents.create(
      { amount: 700, currency: 'ils', payment_method: 'pm_card_visa', confirm: true, ...cardOnly },
      { idempotencyKey: 'order-1' },
    );
    await account.deliveries();
  });

  const construct = ({ body, signature }: { body: string; signature: string }) =>
    webhooks.constructEventAsync(body, signature, account.keys.webhook_secret, undefined, provider);

  const letters = async (): Promise<{ body: string; signature: string }[]> => (await fetch(inbox)).json();

  it('arrives signed, with the state of its moment', async () => {
    const events = await Promise.all((await letters()).map(construct));
    const types = ['charge.succeeded', 'payment_intent.created', 'payment_intent.succeeded'];
    expect(events.map(({ type }) => type).toSorted()).toEqual(types);
    const created = events.find(({ type }) => type === 'payment_intent.created')!;
    expect(created.data.object).toMatchObject({ status: 'requires_confirmation', amount_received: 0 });
    expect(created.request).toMatchObject({ id: expect.stringMatching(/^req_/), idempotency_key: 'order-1' });
    expect(await account.stripe.events.retrieve(created.id)).toEqual(created);
    const listed = await account.stripe.events.list({ types: types.slice(0, 1) });
    expect(listed.data.map(({ type }) => type)).toEqual(types.slice(0, 1));
  });

  it('is told from a forged and from an old one', async () => {
    const [{ id }] = (await account.stripe.events.list({ limit: 1 })).data as [Stripe.Event];
    const again = await account.deliver(id);
    expect(await construct(again)).toMatchObject({ id });
    const forged = await refusal(construct(await account.deliver(id, { secret: 'whsec_of_somebody' })));
    expect(forged).toBeInstanceOf(Stripe.errors.StripeSignatureVerificationError);
    const old = await account.deliver(id, { signed_at: Math.floor(Date.now() / 1000) - 301 });
    expect((await refusal(construct(old))).message).toBe('Timestamp outside the tolerance zone');
    expect((await refusal(construct({ ...again, body: again.body.replace('700', '1') }))).type).toBe(
      'StripeSignatureVerificationError',
    );
  });
});
