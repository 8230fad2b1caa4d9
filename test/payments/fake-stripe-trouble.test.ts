import Stripe from 'stripe';
import { beforeEach, describe, expect, inject, it } from 'vitest';
import { NodeHttpClient } from '../../node_modules/stripe/esm/net/NodeHttpClient.js';
import { refusal, type StripeAccount, stripeAccount, stripeConfig } from '../support/stripe-account.ts';

/** What goes wrong between a shop and Stripe, as the stand-in makes it go wrong. */

const url = inject('stripeUrl');
const create = 'POST /v1/payment_intents';
const purchase: Stripe.PaymentIntentCreateParams = {
  amount: 4_200,
  currency: 'ils',
  payment_method: 'pm_card_visa',
  confirm: true,
  allowed_payment_method_types: ['card'],
};

let account: StripeAccount;
let stripe: Stripe;
beforeEach(async () => {
  account = await stripeAccount(url);
  stripe = account.stripe;
});

const pay = (idempotencyKey: string, change: Partial<Stripe.PaymentIntentCreateParams> = {}) =>
  stripe.paymentIntents.create({ ...purchase, ...change }, { idempotencyKey });

const captured = async (): Promise<number> => (await account.books()).totals.captured;

describe('an idempotency key', () => {
  it('gets the first answer again, and says so', async () => {
    const first = await pay('k');
    const again = await pay('k');
    expect(again).toEqual(first);
    expect(headersOf(first)).toMatchObject({ 'idempotency-key': 'k' });
    expect(headersOf(first)).not.toHaveProperty('idempotent-replayed');
    expect(headersOf(again)).toMatchObject({
      'idempotent-replayed': 'true',
      'original-request': first.lastResponse.requestId,
    });
    expect(again.lastResponse.requestId).not.toBe(first.lastResponse.requestId);
    expect(await captured()).toBe(4_200);
  });

  it('is good for one request only', async () => {
    await pay('k');
    const other = await refusal(pay('k', { amount: 1 }));
    expect(other).toBeInstanceOf(stripe.errors.StripeIdempotencyError);
    expect(other).toMatchObject({ statusCode: 400, rawType: 'idempotency_error' });
    expect(other.message).toContain('can only be used with the same parameters');
    const elsewhere = await refusal(stripe.customers.create({}, { idempotencyKey: 'k' }));
    expect(elsewhere.message).toContain("for the same endpoint they were first used for ('/v1/customers' vs");
  });

  it('is refused while its first request is at work', async () => {
    await account.fault({ route: create, mode: 'late', times: 1 });
    const first = pay('k');
    await account.untilHeld();
    const second = await refusal(pay('k'));
    expect(second).toBeInstanceOf(stripe.errors.StripeAPIError);
    expect(second).toMatchObject({ statusCode: 409, code: 'idempotency_key_in_use' });
    expect(second.headers).toMatchObject({ 'stripe-should-retry': 'true' });
    await account.release();
    expect((await first).status).toBe('succeeded');
    expect((await pay('k')).id).toBe((await first).id);
  });

  it('keeps a decline and a failure of the endpoint, but not what was never begun', async () => {
    const declined = { payment_method: 'pm_card_chargeDeclined' };
    const first = await refusal(pay('declined', declined));
    const second = await refusal(pay('declined', declined));
    expect(second.payment_intent?.id).toBe(first.payment_intent?.id);
    expect(second.headers).toMatchObject({ 'idempotent-replayed': 'true' });

    await account.fault({ route: create, mode: 'error', status: 500, times: 1 });
    expect((await refusal(pay('failed'))).statusCode).toBe(500);
    expect(await refusal(pay('failed'))).toMatchObject({ statusCode: 500, headers: { 'idempotent-replayed': 'true' } });

    expect(await refusal(pay('invalid', { currency: '' }))).toMatchObject({
      code: 'parameter_missing',
      param: 'currency',
    });
    expect((await pay('invalid')).status).toBe('succeeded');
  });

  it('may be forgotten after a day, and then pays twice', async () => {
    await pay('k');
    await account.advance(24 * 60 * 60);
    await pay('k');
    expect(await captured()).toBe(8_400);
  });
});

describe('trouble', () => {
  it('comes after so many good answers and for so many', async () => {
    await account.fault({ route: create, mode: 'error', status: 503, kept: false, skip: 1, times: 2 });
    const statuses = await Promise.all(
      ['a', 'b', 'c', 'd'].map((key) =>
        pay(key).then(
          () => 200,
          (error) => error.statusCode as number,
        ),
      ),
    );
    expect(statuses.toSorted()).toEqual([200, 200, 503, 503]);
    await stripe.customers.create({});
    expect((await account.requests()).map(({ status }) => status).toSorted()).toEqual([200, 200, 200, 503, 503]);
  });

  it('is a rate limit in front of the keys', async () => {
    await account.fault({ route: '*', mode: 'error', status: 429, times: 1 });
    const limited = await refusal(pay('k'));
    expect(limited).toBeInstanceOf(stripe.errors.StripeRateLimitError);
    expect(limited).toMatchObject({ code: 'rate_limit', rawType: 'invalid_request_error' });
    await account.fault({ route: '*', mode: 'error', status: 429, code: 'lock_timeout', times: 1 });
    expect((await refusal(pay('k'))).code).toBe('lock_timeout');
    expect((await pay('k')).status).toBe('succeeded');
  });

  it('is money that moved although the answer was an error', async () => {
    await account.fault({ route: create, mode: 'error', status: 500, when: 'after', times: 1 });
    const failed = await refusal(pay('k', { metadata: { order: 'A-1' } }));
    expect(failed).toBeInstanceOf(stripe.errors.StripeAPIError);
    expect((await refusal(pay('k', { metadata: { order: 'A-1' } }))).statusCode).toBe(500);
    expect((await account.books({ order: 'A-1' })).intents).toMatchObject([{ status: 'succeeded', captured: 4_200 }]);
    expect((await account.books({ order: 'A-2' })).intents).toEqual([]);
  });

  it('is a gateway that fails after the endpoint has kept its answer', async () => {
    await account.fault({ route: create, mode: 'error', status: 502, when: 'after', kept: false, times: 1 });
    expect((await refusal(pay('k'))).statusCode).toBe(502);
    expect((await pay('k')).status).toBe('succeeded');
    expect(await captured()).toBe(4_200);
  });

  it.each([
    ['before', 0],
    ['after', 4_200],
  ] as const)('is a connection cut %s the work', async (when, moved) => {
    await account.fault({ route: create, mode: 'drop', when, times: 1 });
    const lost = await refusal(pay('k'));
    expect(lost).toBeInstanceOf(stripe.errors.StripeConnectionError);
    // Under Node the package would ask again by itself, whatever its settings; on Workers it does not.
    expect(await account.requests()).toHaveLength(1);
    expect(await captured()).toBe(moved);
    expect((await pay('k')).status).toBe('succeeded');
    expect(await captured()).toBe(4_200);
  });

  it('is a lost answer that the package asks for again by itself, if told to', async () => {
    const node = new Stripe(account.keys.secret_key, {
      ...stripeConfig(url),
      httpClient: new NodeHttpClient() as unknown as Stripe.HttpClient,
      maxNetworkRetries: 1,
    });
    await account.fault({ route: create, mode: 'drop', when: 'after', times: 1 });
    expect((await node.paymentIntents.create(purchase)).status).toBe('succeeded');
    expect((await account.requests()).map(({ replayed }) => replayed)).toEqual([false, true]);
    expect(await captured()).toBe(4_200);
  });

  it('is an answer too late for the client: the money moves all the same', async () => {
    await account.fault({ route: create, mode: 'late', times: 1 });
    const late = await refusal(stripe.paymentIntents.create(purchase, { idempotencyKey: 'k', timeout: 100 }));
    expect(late).toBeInstanceOf(stripe.errors.StripeConnectionError);
    expect(late.message).toContain('timeout');
    expect(await captured()).toBe(0);
    await account.release();
    await expect.poll(captured).toBe(4_200);
    expect(headersOf(await pay('k'))).toMatchObject({ 'idempotent-replayed': 'true' });
  });

  it('is a silence that ends without an answer', async () => {
    await account.fault({ route: create, mode: 'hang', ms: 10, times: 1 });
    expect(await refusal(pay('k'))).toBeInstanceOf(stripe.errors.StripeConnectionError);
    expect(await captured()).toBe(0);
    expect((await pay('k')).status).toBe('succeeded');
  });
});

describe('what is not Stripe', () => {
  const send = (init: RequestInit) => fetch(`${url}/v1/customers`, init);
  const basic = () => ({ authorization: `Basic ${btoa(`${account.keys.secret_key}:`)}` });

  it('takes the key as Basic or as Bearer, and nobody without one', async () => {
    expect((await send({ headers: basic() })).status).toBe(200);
    const bare = await send({});
    expect(bare.status).toBe(401);
    expect(await bare.json()).toMatchObject({ error: { type: 'invalid_request_error' } });
  });

  it('takes form bodies only', async () => {
    const headers = { ...basic(), 'content-type': 'application/json' };
    const refused = await send({ method: 'POST', headers, body: '{"email":"a@example.com"}' });
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({
      error: { message: expect.stringContaining('x-www-form-urlencoded') },
    });
  });

  const post = (path: string, body: string, headers: Record<string, string> = {}) =>
    fetch(`${url}/v1/${path}`, {
      method: 'POST',
      headers: { ...basic(), 'content-type': 'application/x-www-form-urlencoded', ...headers },
      body,
    });

  it('decodes nested names', async () => {
    const response = await post(
      'payment_intents',
      'amount=100&currency=ILS&confirm=true&payment_method_types[]=card&metadata[order]=A-1&expand[]=payment_method&expand[]=latest_charge&payment_method_data[type]=card&payment_method_data[card][number]=4242424242424242&payment_method_data[card][exp_month]=12&payment_method_data[card][exp_year]=2040&payment_method_data[billing_details][address][city]=Haifa',
    );
    expect(await response.json()).toMatchObject({
      status: 'succeeded',
      currency: 'ils',
      metadata: { order: 'A-1' },
      payment_method: {
        card: { last4: '4242', exp_year: 2040 },
        billing_details: { address: { city: 'Haifa', line1: null } },
      },
      latest_charge: { object: 'charge', billing_details: { address: { city: 'Haifa' } } },
    });
  });

  it.each([
    ['amount=100&currency=xxx', {}, 'currency'],
    ['amount=ten&currency=ils', {}, 'amount'],
    ['currency=ils', {}, 'amount'],
    ['amount=100&currency=ils&capture_method=later', {}, 'capture_method'],
    ['amount=100&currency=ils&automatic_payment_methods[enable]=true', {}, 'automatic_payment_methods[enable]'],
    ['amount=100&currency=ils&customer=cus_none', {}, 'customer'],
    ['amount=100&currency=ils&expand[]=amount', {}, 'expand'],
    ['amount=100&currency=ils', { 'stripe-version': 'latest' }, undefined],
  ])('refuses %s %j', async (body, headers, param) => {
    const response = await post('payment_intents', body, headers);
    expect(response.status).toBe(400);
    const { error } = (await response.json()) as { error: { type: string; param?: string } };
    expect(error).toMatchObject({ type: 'invalid_request_error', message: expect.any(String) });
    expect(error.param).toBe(param);
  });
});

function headersOf(answer: { lastResponse: { headers?: unknown } }): Record<string, string> {
  const { headers } = answer.lastResponse;
  return Object.fromEntries(headers instanceof Headers ? headers : Object.entries(headers ?? {}));
}
