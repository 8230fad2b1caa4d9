import { beforeAll, describe, expect, it } from 'vitest';
import { type AuthorizingShop, authorizingShop } from '../support/authorized.ts';
import { giveCredit } from '../support/paying-back.ts';
import { openShop, type Shop } from '../support/shop.ts';

let shop: Shop;
let floor: AuthorizingShop;
beforeAll(async () => {
  shop = await openShop();
  floor = await authorizingShop(shop);
});

describe('an order that is authorised', () => {
  it('is there at once, reserved and not paid', async () => {
    const { customer, buy } = await floor.basket();
    const answer = await buy();
    expect([answer.status, answer.trips, answer.body.data.total_paid]).toEqual([201, 2, '32.50']);
    expect(await floor.orderOf(customer, answer.body.data.order_id)).toMatchObject({
      status: 'CREATED',
      payment_status: 'AUTHORIZED',
      total_amount: '32.50',
      authorized_amount: '32.50',
      captured_amount: null,
      refunded_amount: '0.00',
      capture_before: expect.any(String),
    });
    expect((await buy()).body.data).toEqual(answer.body.data);
  });

  it('is captured in full when all of it is there, in two trips', async () => {
    const { id } = await floor.ordered();
    await floor.pick(id);
    const ready = await floor.move(id, 'READY');
    expect([ready.status, ready.trips]).toEqual([200, 2]);
    expect(ready.body.data).toMatchObject({
      payment_status: 'CAPTURED',
      captured_amount: '32.50',
      refunded_amount: '0.00',
    });
    for (const status of ['OUT_FOR_DELIVERY', 'DELIVERED']) expect((await floor.move(id, status)).status).toBe(200);
  });

  it('is captured smaller when items are missing, instead of a refund', async () => {
    const { id, customer } = await floor.ordered();
    await floor.pick(id, { missing: 1 });
    expect((await floor.move(id, 'READY')).body.data).toMatchObject({
      payment_status: 'CAPTURED',
      total_amount: '32.50',
      captured_amount: '12.50',
      refunded_amount: '20.00',
    });
    expect(await shop.sql('select 1 from refunds where order_id = $1', [id])).toEqual([]);
    for (const status of ['OUT_FOR_DELIVERY', 'DELIVERED']) await floor.move(id, status);
    expect(await floor.orderOf(customer, id)).toMatchObject({ status: 'DELIVERED', refunded_amount: '20.00' });
    const { body } = await shop.request('GET', '/admin/analytics/revenue', {
      token: floor.admin,
      query: { range: '30d' },
    });
    expect(Number(body.data.total)).toBe(12.5 + 32.5);
  });

  it('is voided when it is canceled, and refunds nothing', async () => {
    const { id, customer, number } = await floor.ordered();
    const canceled = await shop.request('POST', `/orders/${id}/cancel`, { token: customer.token });
    expect(canceled.status).toBe(200);
    expect(await floor.orderOf(customer, id)).toMatchObject({
      status: 'CANCELED',
      payment_status: 'VOIDED',
      captured_amount: null,
      refunded_amount: '32.50',
    });
    expect(
      await shop.sql('select status, idempotency_key from payment_voids where idempotency_key = $1', [number]),
    ).toEqual([{ status: 'SUCCEEDED', idempotency_key: number }]);
  });

  it('is refunded when it is canceled after the capture, with what was captured', async () => {
    const { id, customer } = await floor.ordered();
    await floor.pick(id, { missing: 1 });
    await floor.move(id, 'READY');
    expect((await floor.move(id, 'CANCELED')).status).toBe(200);
    expect(await floor.orderOf(customer, id)).toMatchObject({ payment_status: 'REFUNDED', refunded_amount: '32.50' });
    expect(await shop.sql('select amount, status from refunds where order_id = $1', [id])).toEqual([
      { amount: '12.50', status: 'SUCCEEDED' },
    ]);
  });

  it('ends by the mode it began with', async () => {
    const authorized = await floor.ordered();
    await shop.request('PUT', '/admin/settings', { token: floor.admin, body: { payment_mode: 'CHARGE' } });
    const charged = await floor.ordered();
    await shop.request('PUT', '/admin/settings', { token: floor.admin, body: { payment_mode: 'AUTHORIZE' } });
    for (const { id } of [authorized, charged]) {
      await floor.pick(id, { missing: 1 });
      await floor.move(id, 'READY');
    }
    expect(await floor.orderOf(authorized.customer, authorized.id)).toMatchObject({
      payment_status: 'CAPTURED',
      captured_amount: '12.50',
      refunded_amount: '20.00',
    });
    expect(await floor.orderOf(charged.customer, charged.id)).toMatchObject({
      payment_status: 'PARTLY_REFUNDED',
      captured_amount: '32.50',
      authorized_amount: null,
      refunded_amount: '20.00',
    });
  });
});

describe('store credit beside an authorisation', () => {
  it.each([
    { credit: '10.00', missing: 1, captured: '2.50', back: [] },
    { credit: '30.00', missing: 1, captured: '0.00', back: ['17.50'] },
    { credit: '32.50', missing: 1, captured: '0.00', back: ['20.00'] },
    { credit: '40.00', missing: 0, captured: '0.00', back: [] },
  ])('of $credit is spent first and comes back last', async ({ credit, missing, captured, back }) => {
    const { customer, buy } = await floor.basket();
    await giveCredit(shop, customer.id, credit);
    const answer = await buy({ use_credit: true });
    expect(answer.status, answer.text).toBe(201);
    const id = answer.body.data.order_id;
    await floor.pick(id, { missing });
    expect((await floor.move(id, 'READY')).body.data).toMatchObject({
      payment_status: back.length > 0 ? 'PARTLY_REFUNDED' : 'CAPTURED',
      captured_amount: captured,
      refunded_amount: missing ? '20.00' : '0.00',
    });
    const refunds = await shop.sql('select amount, credit_amount from refunds where order_id = $1', [id]);
    expect(refunds).toEqual(back.map((amount) => ({ amount, credit_amount: amount })));
    expect((await floor.move(id, 'OUT_FOR_DELIVERY')).status).toBe(200);
  });

  it('comes back when the order is canceled, and the rest is voided', async () => {
    const { customer, buy } = await floor.basket();
    await giveCredit(shop, customer.id, '10.00');
    const { order_id: id } = (await buy({ use_credit: true })).body.data;
    await shop.request('POST', `/orders/${id}/cancel`, { token: customer.token });
    expect(await floor.orderOf(customer, id)).toMatchObject({ payment_status: 'VOIDED', refunded_amount: '32.50' });
    const { body } = await shop.request('GET', '/me/credit', { token: customer.token });
    expect(body.data.balance).toBe('10.00');
    await floor.runJobs();
    expect(await shop.sql(`select 1 from payment_voids where status <> 'SUCCEEDED'`)).toEqual([]);
  });
});

describe('a capture that the bank refuses', () => {
  it('keeps the order in the shop until another card pays', async () => {
    const { id, customer } = await floor.ordered('tok_capture_fails_1');
    await floor.pick(id);
    expect((await floor.move(id, 'READY')).body.data).toMatchObject({ status: 'READY', payment_status: 'FAILED' });
    for (const status of ['OUT_FOR_DELIVERY', 'DELAYED']) {
      const { status: code, body } = await floor.move(id, status);
      expect([code, body.error.code, body.error.details]).toEqual([
        409,
        'PAYMENT_NOT_CAPTURED',
        { payment_status: 'FAILED' },
      ]);
    }
    expect(await floor.alertsOf(id)).toEqual(['CAPTURE_STUCK']);
    const { body } = await shop.request('GET', '/store/notifications', { token: customer.token });
    expect(body.data.items[0]).toMatchObject({ type: 'PAYMENT', order_id: id, title: 'Payment needed' });
    const paid = await floor.payWith(customer, id, await floor.anotherCard(customer));
    expect([paid.status, paid.body.data.payment_status], paid.text).toEqual([200, 'CAPTURED']);
    expect(await floor.alertsOf(id)).toEqual([]);
    expect((await floor.move(id, 'OUT_FOR_DELIVERY')).status).toBe(200);
    await floor.runJobs();
    expect(
      await shop.sql(
        'select v.status from payment_voids v join payments p on p.id = v.payment_id where p.order_id = $1',
        [id],
      ),
    ).toEqual([{ status: 'SUCCEEDED' }]);
  });

  it('leaves the way to cancel', async () => {
    const { id, customer } = await floor.ordered('tok_capture_fails_1');
    await floor.pick(id);
    await floor.move(id, 'READY');
    expect((await floor.move(id, 'CANCELED')).status).toBe(200);
    expect(await floor.orderOf(customer, id)).toMatchObject({ payment_status: 'VOIDED', refunded_amount: '32.50' });
  });
});

describe('a card that is disputed', () => {
  it('raises an alert once its money is taken', async () => {
    const { id } = await floor.ordered('tok_disputed_1');
    expect(await floor.alertsOf(id)).toEqual([]);
    await floor.pick(id);
    expect((await floor.move(id, 'READY')).body.data.payment_status).toBe('CAPTURED');
    expect(await floor.alertsOf(id)).toEqual(['PAYMENT_DISPUTED']);
  });
});

describe('an authorisation that lapses before the window', () => {
  it('is renewed a day before, without the customer', async () => {
    const { id, number, customer } = await floor.ordered();
    await floor.lapseIn(id, 25);
    await floor.runJobs();
    expect(await floor.paymentOf(id)).toMatchObject({ idempotency_key: number });
    await floor.lapseIn(id, 23);
    await floor.runJobs();
    const renewed = await floor.paymentOf(id);
    expect(renewed).toMatchObject({ status: 'AUTHORIZED', idempotency_key: `${number}-2`, amount: '32.50' });
    expect(Date.parse(renewed.capture_before)).toBeGreaterThan(Date.now() + 6 * 24 * 3600 * 1000);
    await floor.runJobs();
    expect(
      await shop.sql('select idempotency_key, status from payment_voids where payment_id = $1', [renewed.id]),
    ).toEqual([{ idempotency_key: number, status: 'SUCCEEDED' }]);
    await floor.pick(id);
    expect((await floor.move(id, 'READY')).body.data).toMatchObject({ payment_status: 'CAPTURED' });
    expect((await floor.orderOf(customer, id)).payment_reference).toBe(`mockpay_${number}-2`);
  });

  it('is left alone when the window begins before', async () => {
    const { id, number } = await floor.ordered();
    await floor.lapseIn(id, 20, 4);
    await floor.runJobs();
    expect(await floor.paymentOf(id)).toMatchObject({ idempotency_key: number });
  });

  async function refused() {
    const bought = await floor.ordered();
    await shop.sql(
      `update payment_tokens set provider_token = 'tok_decline_1' where id = (select payment_token_id from payments where order_id = $1)`,
      [bought.id],
    );
    await floor.lapseIn(bought.id, 23);
    await floor.runJobs();
    expect(await floor.paymentOf(bought.id)).toMatchObject({ status: 'FAILED', decline_reason: 'card_declined' });
    return bought;
  }

  it('wants another card when the renewal is refused', async () => {
    const { id, customer } = await refused();
    expect(await floor.orderOf(customer, id)).toMatchObject({ status: 'CREATED', payment_status: 'FAILED' });
    expect(await floor.alertsOf(id)).toContain('AUTHORIZATION_LAPSED');
    expect(await shop.sql(`select kind from outbox where kind = 'PAYMENT_FAILED'`)).not.toEqual([]);
    const declined = await floor.payWith(customer, id, await floor.anotherCard(customer, 'tok_insufficient_funds_1'));
    expect([declined.status, declined.body.error.details]).toEqual([402, { reason: 'insufficient_funds' }]);
    expect((await floor.orderOf(customer, id)).payment_status).toBe('FAILED');
    const key = crypto.randomUUID();
    const card = await floor.anotherCard(customer);
    const paid = await floor.payWith(customer, id, card, key);
    expect([paid.status, paid.trips, paid.body.data.payment_status]).toEqual([200, 2, 'AUTHORIZED']);
    const again = await floor.payWith(customer, id, card, key);
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([200, 'true']);
    const mismatch = await floor.payWith(customer, id, card + 1, key);
    expect(mismatch.body.error.code).toBe('IDEMPOTENCY_KEY_REUSE_MISMATCH');
    const more = await floor.payWith(customer, id, card);
    expect([more.status, more.body.error.code]).toEqual([409, 'NO_PAYMENT_DUE']);
  });

  it('is canceled at the cut-off of its slot, before the window begins', async () => {
    const { id, customer } = await refused();
    const cutOff = (minutes: number) =>
      shop.sql(
        `with slot as (
           insert into delivery_slots (branch_id, day_of_week, start_time, end_time, cutoff_minutes, is_active)
           select branch_id, 0, '08:00', '10:00', least(10080, extract(epoch from (delivery_date + time '08:00') at time zone 'Asia/Jerusalem' - now()) / 60 - $2), false
           from orders where id = $1 returning id
         )
         update orders set delivery_slot_id = slot.id from slot where orders.id = $1`,
        [id, minutes],
      );
    await shop.sql(`update orders set delivery_date = (now() at time zone 'Asia/Jerusalem')::date + 2 where id = $1`, [
      id,
    ]);
    await cutOff(30);
    await floor.runJobs();
    expect((await floor.orderOf(customer, id)).status).toBe('CREATED');
    await cutOff(-1);
    await floor.runJobs();
    expect(await floor.orderOf(customer, id)).toMatchObject({ status: 'CANCELED', payment_status: 'VOIDED' });
  });

  it('is canceled and released when nobody has paid until the window begins', async () => {
    const { id, customer, products } = await refused();
    await floor.runJobs();
    expect((await floor.orderOf(customer, id)).status).toBe('CREATED');
    await floor.lapseIn(id, 1, -0.1);
    await floor.runJobs();
    expect(await floor.orderOf(customer, id)).toMatchObject({
      status: 'CANCELED',
      payment_status: 'VOIDED',
      refunded_amount: '32.50',
    });
    expect(await shop.sql('select on_hand from inventory where product_id = any ($1)', [products])).toEqual([
      { on_hand: 9 },
      { on_hand: 9 },
    ]);
  });

  it('may be paid by one of two cards at once', async () => {
    const { id, customer } = await refused();
    const cards = [await floor.anotherCard(customer), await floor.anotherCard(customer, 'tok_approve_3')];
    const answers = await Promise.all(cards.map((card) => floor.payWith(customer, id, card)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    await floor.runJobs();
    expect(
      await shop.sql(
        `select status from payment_attempts a where payment_id = (select id from payments where order_id = $1) and status = 'AUTHORIZED'`,
        [id],
      ),
    ).toHaveLength(1);
  });

  it('refuses a card of somebody else, and an order of somebody else', async () => {
    const { id, customer } = await refused();
    const other = await floor.ordered();
    expect((await floor.payWith(customer, id, other.customer.cardId)).body.error.code).toBe('PAYMENT_TOKEN_NOT_FOUND');
    const foreign = await floor.payWith(other.customer, id, other.customer.cardId);
    expect([foreign.status, foreign.body.error.code]).toEqual([404, 'NOT_FOUND']);
  });
});

describe('an order that was charged', () => {
  it('needs no other card', async () => {
    await shop.request('PUT', '/admin/settings', { token: floor.admin, body: { payment_mode: 'CHARGE' } });
    const { id, customer } = await floor.ordered();
    await shop.request('PUT', '/admin/settings', { token: floor.admin, body: { payment_mode: 'AUTHORIZE' } });
    const answer = await floor.payWith(customer, id, customer.cardId);
    expect([answer.status, answer.body.error.code]).toEqual([409, 'NO_PAYMENT_DUE']);
  });
});
