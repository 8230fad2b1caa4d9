import { beforeAll, describe, expect, inject, it } from 'vitest';
import { amending } from '../support/amendments.ts';
import { confirm, delivery, fillCart, newCustomer } from '../support/customer.ts';
import { makeProduct, makeStock, signInAs } from '../support/factories.ts';
import { expectInvariants } from '../support/invariants.ts';
import { giveCredit } from '../support/paying-back.ts';
import { IMPATIENT } from '../support/payment-double.ts';
import { openShop, type Shop } from '../support/shop.ts';
import { type StandardShop, standardShop } from '../support/standard-shop.ts';
import { type StripeAccount, stripeAccount } from '../support/stripe-account.ts';
import { postWebhook, stripeCustomer, stripeEnv } from '../support/stripe-shop.ts';

let account: StripeAccount;
let shop: Shop;
let goods: StandardShop;
let slotId: number;
let admin: string;
beforeAll(async () => {
  account = await stripeAccount(inject('stripeUrl'));
  shop = await openShop({ env: { ...stripeEnv(account) } });
  goods = await standardShop(shop);
  slotId = goods.slots.find((slot) => slot.branch_id === goods.warehouseId)!.id;
  await shop.sql('update delivery_slots set capacity = null');
  admin = (await signInAs(shop, 'ADMIN')).token;
});

const setMode = (payment_mode: 'CHARGE' | 'AUTHORIZE') =>
  shop.request('PUT', '/admin/settings', { token: admin, body: { payment_mode } });

async function purchase(card?: string) {
  const customer = await stripeCustomer(shop, account, card);
  const product = await makeProduct(shop, { price: '12.90' });
  await makeStock(shop, { productId: product, branchId: goods.warehouseId, onHand: 9 });
  const cartId = await fillCart(shop, customer, [[product, 2]]);
  const key = crypto.randomUUID() as string;
  return {
    customer,
    product,
    key,
    buy: (terms = {}) => confirm(shop, customer, { ...delivery(cartId, slotId), ...terms }, { key }),
  };
}

const bookOf = async (reference: string) => (await account.books()).intents.find((intent) => intent.id === reference)!;

const orderOf = async (token: string, id: number) =>
  (await shop.request('GET', `/orders/${id}`, { token })).body.data as Record<string, any>;

const paymentOf = async (orderNumber: string) =>
  (await shop.sql('select * from payments where idempotency_key = $1', [orderNumber]))[0] as Record<string, any>;

const timePasses = (orderNumber: string) =>
  shop.sql(
    `update payments set created_at = now() - interval '5 minutes', checked_at = null where idempotency_key = $1`,
    [orderNumber],
  );

const latestOrder = async (userId: number) =>
  (
    await shop.sql<{ id: number; order_number: string }>(
      'select id, order_number from orders where user_id = $1 order by id desc limit 1',
      [userId],
    )
  )[0]!;

async function ready(orderId: number): Promise<Record<string, any>> {
  const { items } = (await shop.request('GET', `/ops/orders/${orderId}`, { token: admin })).body.data;
  for (const item of items) {
    const path = `/ops/orders/${orderId}/items/${item.id}/picked-status`;
    await shop.request('PATCH', path, { token: admin, body: { picked_status: 'PICKED' } });
  }
  const moved = await shop.request('PATCH', `/ops/orders/${orderId}/status`, {
    token: admin,
    body: { status: 'READY' },
  });
  expect(moved.status, moved.text).toBe(200);
  return moved.body.data;
}

describe('a card at Stripe', () => {
  it('is told of in the configuration of payments', async () => {
    const { body } = await shop.request('GET', '/store/payment-config');
    expect(body.data).toEqual({
      providers: [
        { name: 'mockpay', publishable_key: null },
        { name: 'stripe', publishable_key: account.keys.publishable_key },
      ],
      payment_mode: 'CHARGE',
    });
  });

  it('is saved with what Stripe knows of it, whatever the client says', async () => {
    const customer = await stripeCustomer(shop, account, 'pm_card_mastercard');
    const { body } = await shop.request('GET', '/me/payment-tokens', { token: customer.token });
    expect(body.data[0]).toMatchObject({ provider: 'stripe', brand: 'mastercard', last4: '4444', is_default: true });
    expect(body.data[0].exp_year).toBeGreaterThan(2025);
  });

  it('is refused when it is of somebody else, of nobody, or does not exist', async () => {
    const customer = await stripeCustomer(shop, account);
    const other = await stripeCustomer(shop, account);
    const [theirs] = await shop.sql<{ provider_token: string }>(
      `select provider_token from payment_tokens where user_id = $1 and provider = 'stripe'`,
      [other.id],
    );
    const free = await account.stripe.paymentMethods.create({ type: 'card', card: { token: 'tok_visa' } });
    for (const provider_token of [theirs!.provider_token, free.id, 'pm_nothing']) {
      const { status, body } = await shop.request('POST', '/me/payment-tokens', {
        token: customer.token,
        body: { provider: 'stripe', provider_token, brand: 'Visa', last4: '4242' },
      });
      expect([status, body.error.code], provider_token).toEqual([400, 'PAYMENT_TOKEN_REFUSED']);
    }
    const { token } = await newCustomer(shop);
    const strange = await shop.request('POST', '/me/payment-tokens', {
      token,
      body: { provider: 'stripe', provider_token: theirs!.provider_token },
    });
    expect(strange.body.error.code).toBe('PAYMENT_TOKEN_REFUSED');
    const numbered = await shop.request('POST', '/me/payment-tokens', {
      token,
      body: { provider: 'stripe', card_number: '4242424242424242' },
    });
    expect(numbered.body.error.code).toBe('PAYMENT_TOKEN_REFUSED');
  });

  it('makes one customer of one user', async () => {
    const customer = await stripeCustomer(shop, account);
    const again = await shop.request('POST', '/me/payment-tokens/setup', {
      token: customer.token,
      body: { provider: 'stripe' },
    });
    expect(again.body.data).toMatchObject({ provider: 'stripe', publishable_key: account.keys.publishable_key });
    expect(again.body.data.client_secret).toMatch(/^seti_/);
    const known = await shop.sql('select reference from provider_customers where user_id = $1', [customer.id]);
    expect(known).toHaveLength(1);
  });

  it('is entered by a new customer when Stripe has forgotten the old one', async () => {
    const customer = await stripeCustomer(shop, account);
    const sql = 'select reference from provider_customers where user_id = $1';
    const [old] = await shop.sql<{ reference: string }>(sql, [customer.id]);
    await account.stripe.customers.del(old!.reference);
    const again = await shop.request('POST', '/me/payment-tokens/setup', {
      token: customer.token,
      body: { provider: 'stripe' },
    });
    expect(again.status, again.text).toBe(201);
    const [present] = await shop.sql<{ reference: string }>(sql, [customer.id]);
    expect(present!.reference).not.toBe(old!.reference);
  });

  it('is not saved while Stripe does not answer', async () => {
    const customer = await stripeCustomer(shop, account);
    await account.fault({ route: '*', mode: 'error', status: 500 });
    for (const [path, body] of [
      ['/me/payment-tokens/setup', { provider: 'stripe' }],
      ['/me/payment-tokens', { provider: 'stripe', provider_token: 'pm_any' }],
    ] as const) {
      expect((await shop.request('POST', path, { token: customer.token, body })).status, path).toBe(503);
    }
    await account.fault();
  });

  it('cannot be set up at a provider that takes cards here', async () => {
    const { token } = await newCustomer(shop);
    const { body } = await shop.request('POST', '/me/payment-tokens/setup', { token, body: { provider: 'mockpay' } });
    expect(body.error.code).toBe('PAYMENT_TOKEN_REFUSED');
  });
});

describe('a purchase with Stripe', () => {
  it('is charged exactly and once', async () => {
    const { customer, buy } = await purchase();
    const answer = await buy();
    expect(answer.status, answer.text).toBe(201);
    expect(answer.trips).toBe(2);
    const { payment_reference: reference, total_paid } = answer.body.data;
    expect(total_paid).toBe('55.80');
    expect(await bookOf(reference)).toMatchObject({ status: 'succeeded', captured: 5580, currency: 'ils', charges: 1 });
    expect((await buy()).status).toBe(200);
    const order = await orderOf(customer.token, answer.body.data.order_id);
    expect(order).toMatchObject({ payment_status: 'CAPTURED', captured_amount: '55.80', authorized_amount: null });
  });

  it('is declined when the bank says no', async () => {
    const { buy } = await purchase('pm_card_chargeCustomerFail');
    const { status, body } = await buy();
    expect([status, body.error.details]).toEqual([402, { reason: 'generic_decline' }]);
  });

  it('is refunded when it is canceled', async () => {
    const { customer, buy } = await purchase();
    const { order_id, payment_reference } = (await buy()).body.data;
    const canceled = await shop.request('POST', `/orders/${order_id}/cancel`, { token: customer.token });
    expect(canceled.status).toBe(200);
    expect(await bookOf(payment_reference)).toMatchObject({ captured: 5580, refunded: 5580 });
    expect(await orderOf(customer.token, order_id)).toMatchObject({ payment_status: 'REFUNDED' });
  });

  it.each([
    ['the answer is lost', { mode: 'drop', when: 'after', times: 2 }],
    ['Stripe fails after charging', { mode: 'error', when: 'after', status: 500, times: 2 }],
    ['Stripe says nothing for long', { mode: 'hang', when: 'after', ms: 20_000, times: 2 }],
    ['the answer is lost, and Stripe cannot be asked', { mode: 'hang', when: 'after', ms: 20_000 }],
  ] as const)('is charged once when %s', async (what, fault) => {
    const { customer, buy } = await purchase();
    const isMute = what.endsWith('asked');
    await account.fault(
      { route: 'POST /v1/payment_intents', ...fault },
      ...(isMute ? [{ route: 'GET /v1/payment_intents', mode: 'drop' } as const] : []),
    );
    expect((await shop.withEnv(IMPATIENT, buy)).status).toBe(isMute ? 503 : 201);
    await account.fault();
    await account.forgetKeys();
    const { order_number } = await latestOrder(customer.id);
    await timePasses(order_number);
    await shop.scheduled('*/5 * * * *');
    const { intents } = await account.books({ idempotency_key: order_number });
    expect(intents.map(({ captured }) => captured)).toEqual([5580]);
    expect(await paymentOf(order_number)).toMatchObject({ status: 'CAPTURED', reference: intents[0]!.id });
  });

  it('is let go of when Stripe never got it', async () => {
    const { customer, buy } = await purchase();
    await account.fault({ route: 'POST /v1/payment_intents', mode: 'drop', when: 'before' });
    expect((await buy()).status).toBe(503);
    await account.fault();
    const { order_number } = await latestOrder(customer.id);
    await timePasses(order_number);
    await shop.scheduled('*/5 * * * *');
    expect(await paymentOf(order_number)).toMatchObject({ status: 'DECLINED', decline_reason: 'not_charged' });
    expect((await account.books({ idempotency_key: order_number })).intents).toEqual([]);
  });

  it('is refunded once, even when Stripe has forgotten the key of the refund', async () => {
    const { customer, buy } = await purchase();
    const { order_id, payment_reference } = (await buy()).body.data;
    await account.fault({ route: 'POST /v1/refunds', mode: 'drop', when: 'after', times: 2 });
    await shop.request('POST', `/orders/${order_id}/cancel`, { token: customer.token });
    await account.fault();
    await account.forgetKeys();
    await shop.sql(`update refunds set next_attempt_at = now() where status = 'PENDING'`);
    await shop.scheduled('*/5 * * * *');
    expect(await bookOf(payment_reference)).toMatchObject({ captured: 5580, refunded: 5580 });
    const [refund] = await shop.sql('select status from refunds where order_id = $1', [order_id]);
    expect(refund).toEqual({ status: 'SUCCEEDED' });
  });
});

describe('an authorised purchase with Stripe', () => {
  it('reserves at confirm, takes what is due at READY, and releases the rest', async () => {
    await setMode('AUTHORIZE');
    const { customer, buy } = await purchase();
    const { order_id, payment_reference } = (await buy()).body.data;
    expect(await bookOf(payment_reference)).toMatchObject({ authorized: 5580, captured: 0 });
    const placed = await orderOf(customer.token, order_id);
    expect(placed).toMatchObject({ payment_status: 'AUTHORIZED', authorized_amount: '55.80', captured_amount: null });
    expect(Date.parse(placed.capture_before)).toBeGreaterThan(Date.now() + 4 * 24 * 3600 * 1000);
    expect(await ready(order_id)).toMatchObject({ payment_status: 'CAPTURED', captured_amount: '55.80' });
    expect(await bookOf(payment_reference)).toMatchObject({ authorized: 0, captured: 5580, refunded: 0 });
    await setMode('CHARGE');
    await expectInvariants(shop);
  });

  it('is voided when it is canceled', async () => {
    await setMode('AUTHORIZE');
    const { customer, buy } = await purchase();
    const { order_id, payment_reference } = (await buy()).body.data;
    await setMode('CHARGE');
    await shop.request('POST', `/orders/${order_id}/cancel`, { token: customer.token });
    expect(await bookOf(payment_reference)).toMatchObject({ status: 'canceled', authorized: 0, captured: 0 });
    expect(await orderOf(customer.token, order_id)).toMatchObject({
      payment_status: 'VOIDED',
      refunded_amount: '55.80',
    });
  });
});

describe('3-D Secure at Stripe', () => {
  it('answers 202 until the customer has passed, then 201', async () => {
    const { customer, buy } = await purchase('pm_card_threeDSecure2Required');
    const waiting = await buy();
    expect(waiting.status, waiting.text).toBe(202);
    const { order_id, action } = waiting.body.data;
    expect(action.client_secret).toMatch(/^pi_.*_secret_/);
    expect(Date.parse(action.expires_at) - Date.now()).toBeGreaterThan(14 * 60_000);
    expect((await buy()).status).toBe(202);
    expect((await shop.request('GET', `/orders/${order_id}`, { token: customer.token })).status).toBe(404);
    const { reference } = await paymentOf((await latestOrder(customer.id)).order_number);
    await account.settleAction(reference, 'succeed');
    const paid = await buy();
    expect([paid.status, paid.body.data.payment_reference]).toEqual([201, reference]);
    expect((await buy()).status).toBe(200);
    expect(await bookOf(reference)).toMatchObject({ captured: 5580, charges: 1 });
  });

  it('answers 402 when the customer fails, and leaves nothing to pay', async () => {
    const { customer, buy } = await purchase('pm_card_threeDSecure2Required');
    expect((await buy()).status).toBe(202);
    const { reference } = await paymentOf((await latestOrder(customer.id)).order_number);
    await account.settleAction(reference, 'fail');
    expect((await buy()).status).toBe(402);
    await shop.scheduled('*/5 * * * *');
    expect(await bookOf(reference)).toMatchObject({ status: 'canceled' });
    await expectInvariants(shop);
  });
});

describe('a capture that is late', () => {
  it('is none of the card that has paid the order anew', async () => {
    await setMode('AUTHORIZE');
    const { customer, buy } = await purchase();
    const { order_id, order_number, payment_reference } = (await buy()).body.data;
    const capture = 'POST /v1/payment_intents/:id/capture';
    await account.fault({ route: capture, mode: 'error', status: 500, kept: false });
    expect(await ready(order_id)).toMatchObject({ payment_status: 'AUTHORIZED' });
    await shop.sql(
      `update payments set capture_before = now() - interval '1 second', checked_at = null where order_id = $1`,
      [order_id],
    );
    await account.release();
    await account.fault(
      { route: capture, mode: 'late', times: 1 },
      { route: capture, mode: 'error', status: 500, kept: false },
    );
    const job = shop.scheduled('*/5 * * * *');
    await account.untilHeld();
    const paid = await shop.request('POST', `/orders/${order_id}/payment`, {
      token: customer.token,
      headers: { 'Idempotency-Key': crypto.randomUUID() },
      body: { payment_token_id: customer.cardId },
    });
    expect([paid.status, paid.body.data.payment_status]).toEqual([200, 'AUTHORIZED']);
    await account.release();
    await job;
    expect(await bookOf(payment_reference)).toMatchObject({ status: 'succeeded' });
    expect(await paymentOf(`${order_number}-2`)).toMatchObject({ order_id, status: 'AUTHORIZED' });
    await account.fault();
    await shop.sql('update payments set checked_at = null where order_id = $1', [order_id]);
    await shop.scheduled('*/5 * * * *');
    expect(await orderOf(customer.token, order_id)).toMatchObject({ payment_status: 'CAPTURED' });
    await setMode('CHARGE');
  });
});

describe('a webhook of Stripe', () => {
  it('finishes a payment that waits for its customer', async () => {
    const { customer, buy } = await purchase('pm_card_threeDSecure2Required');
    await buy();
    const { id, order_number } = await latestOrder(customer.id);
    const { reference } = await paymentOf(order_number);
    await account.settleAction(reference, 'succeed');
    const events = (await account.deliveries()).filter((one) => one.body.includes(reference));
    const last = events.findLast((one) => one.type === 'payment_intent.succeeded')!;
    expect((await postWebhook(shop, last)).body).toEqual({ data: { received: true } });
    expect(await orderOf(customer.token, id)).toMatchObject({ payment_status: 'CAPTURED' });
    const again = await postWebhook(shop, last);
    expect([again.status, again.trips]).toEqual([200, 1]);
    // Out of order: what is older comes later, and changes nothing.
    for (const event of events) expect((await postWebhook(shop, event)).status).toBe(200);
    expect(await orderOf(customer.token, id)).toMatchObject({ payment_status: 'CAPTURED' });
    expect((await buy()).status).toBe(201);
    expect((await buy()).status).toBe(200);
  });

  it('is refused when it is forged, damaged, too old or unsigned', async () => {
    await account.pay('pm_card_visa');
    const [known] = await account.deliveries();
    const forged = await account.deliver(known!.event, { secret: 'whsec_of_somebody_else' });
    const old = await account.deliver(known!.event, { signed_at: Math.floor(Date.now() / 1000) - 301 });
    const damaged = { ...known!, body: known!.body.replace('"livemode":false', '"livemode":true ') };
    for (const bad of [forged, old, damaged, { ...known!, signature: '' }]) {
      const { status, body, trips } = await postWebhook(shop, bad);
      expect([status, body.error.code, trips]).toEqual([400, 'WEBHOOK_REFUSED', 0]);
    }
  });

  it('moves nothing that Stripe does not confirm', async () => {
    const { customer, buy } = await purchase('pm_card_threeDSecure2Required');
    await buy();
    const { order_number } = await latestOrder(customer.id);
    const { reference } = await paymentOf(order_number);
    // Signed by whoever stole the secret: it says paid, and it is not.
    const event = {
      id: `evt_${crypto.randomUUID()}`,
      object: 'event',
      type: 'payment_intent.succeeded',
      data: {
        object: {
          id: reference,
          object: 'payment_intent',
          status: 'succeeded',
          metadata: { idempotency_key: order_number },
        },
      },
    };
    const body = JSON.stringify(event);
    const signature = await account.stripe.webhooks.generateTestHeaderStringAsync({
      payload: body,
      secret: account.keys.webhook_secret,
    });
    expect((await postWebhook(shop, { body, signature })).status).toBe(200);
    expect(await paymentOf(order_number)).toMatchObject({ status: 'ACTION_REQUIRED' });
  });

  it('about an authorisation that is renewed and let go of meanwhile does not fail the new one', async () => {
    await setMode('AUTHORIZE');
    const { buy } = await purchase();
    const { order_id, order_number, payment_reference } = (await buy()).body.data;
    await shop.sql(
      `with payment as (update payments set capture_before = now() + interval '20 hours' where order_id = $1)
       update orders set window_start = now() + interval '10 days', window_end = now() + interval '11 days' where id = $1`,
      [order_id],
    );
    const event = (await account.deliveries()).findLast((one) => one.body.includes(payment_reference))!;
    await account.release();
    await account.fault({ route: 'GET /v1/payment_intents/:id', mode: 'late', times: 1 });
    const answer = postWebhook(shop, event);
    await account.untilHeld();
    for (let run = 0; run < 2; run++) await shop.scheduled('*/5 * * * *');
    expect(await bookOf(payment_reference)).toMatchObject({ status: 'canceled' });
    await account.release();
    expect((await answer).status).toBe(200);
    expect(await paymentOf(`${order_number}-2`)).toMatchObject({ order_id, status: 'AUTHORIZED' });
    await setMode('CHARGE');
  });

  it('of an unknown payment is taken in and changes nothing', async () => {
    await account.pay('pm_card_visa');
    const event = (await account.deliveries()).at(-1)!;
    const { status, trips } = await postWebhook(shop, event);
    expect([status, trips]).toEqual([200, 2]);
    const again = await postWebhook(shop, event);
    expect([again.status, again.trips]).toEqual([200, 1]);
  });

  it('comes again and again, in any order and all at once, and changes nothing', async () => {
    const earlier = (await account.deliveries()).length;
    const [noted] = await shop.sql<{ events: number }>('select count(*)::int as events from payment_events');
    await (await purchase()).buy();
    const { customer, buy } = await purchase('pm_card_threeDSecure2Required');
    await buy();
    const { reference } = await paymentOf((await latestOrder(customer.id)).order_number);
    await account.settleAction(reference, 'succeed');
    expect((await buy()).status).toBe(201);
    const state = () =>
      shop.sql(`select p.*, o.status as order_status from payments p join orders o on o.id = p.order_id order by p.id`);
    const before = await state();
    const events = (await account.deliveries()).slice(earlier);
    const flood = Array.from({ length: 10 }, (_, i) => (i % 2 ? events : events.toReversed())).flat();
    for (let from = 0; from < flood.length; from += 30) {
      const answers = await Promise.all(flood.slice(from, from + 30).map((event) => postWebhook(shop, event)));
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    }
    expect(await state()).toEqual(before);
    const [now] = await shop.sql<{ events: number }>('select count(*)::int as events from payment_events');
    expect(now!.events - noted!.events).toBe(events.length);
  });

  it('of a dispute raises an alert', async () => {
    const { customer, buy } = await purchase();
    const { order_id, payment_reference } = (await buy()).body.data;
    await account.dispute(payment_reference);
    const event = (await account.deliveries()).findLast((one) => one.type === 'charge.dispute.created')!;
    expect((await postWebhook(shop, event)).status).toBe(200);
    const { body } = await shop.request('GET', '/ops/alerts', { token: admin });
    expect(body.data).toContainEqual(expect.objectContaining({ type: 'PAYMENT_DISPUTED', order_id }));
    expect(await orderOf(customer.token, order_id)).toMatchObject({ payment_status: 'CAPTURED' });
  });

  it.each(['purchase', 'amendment'])(
    'of a dispute of the %s’s charge of an amended order raises the same alert',
    async (disputed) => {
      const { customer, product, buy } = await purchase();
      const { order_id, payment_reference } = (await buy()).body.data;
      const amended = await amending(shop).amend(customer, order_id, [[product, 3]]);
      expect(amended.status, amended.text).toBe(200);
      const [extra] = await shop.sql<{ reference: string }>(
        'select a.reference from payment_attempts a join payments p on p.id = a.payment_id where p.order_id = $1',
        [order_id],
      );
      await account.dispute(disputed === 'purchase' ? payment_reference : extra!.reference);
      const event = (await account.deliveries()).findLast((one) => one.type === 'charge.dispute.created')!;
      expect((await postWebhook(shop, event)).status).toBe(200);
      const { body } = await shop.request('GET', '/ops/alerts', { token: admin });
      expect(body.data).toContainEqual(expect.objectContaining({ type: 'PAYMENT_DISPUTED', order_id }));
    },
  );

  it('of the card that pays for more of an order that credit paid is taken in, and of its dispute raises the alert', async () => {
    await setMode('CHARGE');
    const { customer, product, buy } = await purchase();
    await giveCredit(shop, customer.id, '100.00');
    const { order_id } = (await buy({ use_credit: true })).body.data;
    const amended = await amending(shop).amend(customer, order_id, [[product, 8]]);
    expect(amended.status, amended.text).toBe(200);
    const [extra] = await shop.sql<{ reference: string; provider: string }>(
      `select a.reference, p.provider from payment_attempts a join payments p on p.id = a.payment_id where p.order_id = $1`,
      [order_id],
    );
    expect(extra!.provider).toBe('credit');
    await account.dispute(extra!.reference);
    for (const type of ['payment_intent.succeeded', 'charge.dispute.created']) {
      const events = (await account.deliveries()).filter((one) => one.body.includes(extra!.reference));
      const { status, text } = await postWebhook(shop, events.findLast((one) => one.type === type)!);
      expect(status, text).toBe(200);
    }
    const { body } = await shop.request('GET', '/ops/alerts', { token: admin });
    expect(body.data).toContainEqual(expect.objectContaining({ type: 'PAYMENT_DISPUTED', order_id }));
  });

  it('is not there for providers that send none', async () => {
    for (const provider of ['mockpay', 'nopay']) {
      expect((await postWebhook(shop, { body: '{}', signature: 'x' }, provider)).status).toBe(404);
    }
  });

  it('is at most 256 KiB long', async () => {
    const { status } = await postWebhook(shop, { body: 'x'.repeat(256 * 1024 + 1), signature: 'x' });
    expect(status).toBe(413);
  });
});
