import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Customer, confirm, delivery, fillCart, newCustomer } from '../support/customer.ts';
import { makeProduct, makeStock, makeUser, signInAs } from '../support/factories.ts';
import { expectInvariants } from '../support/invariants.ts';
import { onHand } from '../support/orders.ts';
import { balanceOf, giveCredit } from '../support/paying-back.ts';
import { openShop, type Shop } from '../support/shop.ts';
import { type StandardShop, standardShop } from '../support/standard-shop.ts';

let shop: Shop;
let goods: StandardShop;
let slotId: number;
let manager: { id: number; token: string };
let admin: { id: number; token: string };
let customer: Customer;
let product: number;

beforeAll(async () => {
  shop = await openShop();
  goods = await standardShop(shop);
  slotId = goods.slots.find((slot) => slot.branch_id === goods.warehouseId)!.id;
  await shop.sql('update delivery_slots set capacity = null');
  [manager, admin] = await Promise.all([signInAs(shop, 'MANAGER'), signInAs(shop, 'ADMIN')]);
  product = await makeProduct(shop, { price: '20.00' });
  await makeStock(shop, { productId: product, branchId: goods.warehouseId, onHand: 1000 });
});
beforeEach(async () => {
  customer = await newCustomer(shop);
});

const credit = (token: string, query = {}) => shop.request('GET', '/me/credit', { token, query });
const grant = (userId: number, body: unknown, token = manager.token) =>
  shop.request('POST', `/admin/users/${userId}/credit`, { token, body });

/** 20.00 for each unit and 30.00 for the delivery; below 150.00. */
async function buy(terms: object, units = 1, options = {}) {
  const cartId = await fillCart(shop, customer, [[product, units]]);
  return confirm(shop, customer, { ...delivery(cartId, slotId), ...terms }, options);
}
const orderOf = async (id: number) => (await shop.request('GET', `/orders/${id}`, { token: customer.token })).body.data;

async function confirmations(): Promise<number> {
  const [mails] = await shop.sql<{ count: number }>(`select count(*) from outbox where kind = 'ORDER_CONFIRMED'`);
  return mails!.count;
}

describe('the ledger of a customer', () => {
  it('begins empty', async () => {
    expect((await credit(customer.token)).body.data).toEqual({ balance: '0.00', currency: 'ILS', entries: [] });
  });

  it('holds what managers give and take back, and what was left after each', async () => {
    const given = await grant(customer.id, { amount: '25.50', reason: 'Late delivery' });
    expect([given.status, given.body.data]).toEqual([
      201,
      expect.objectContaining({
        user_id: customer.id,
        amount: '25.50',
        balance: '25.50',
        kind: 'GRANT',
        currency: 'ILS',
      }),
    ]);
    const taken = await grant(customer.id, { amount: -5.5, reason: 'Given twice' });
    expect(taken.body.data).toMatchObject({ amount: '-5.50', balance: '20.00', kind: 'TAKEN_BACK' });
    const { data } = (await credit(customer.token)).body;
    expect(data.balance).toBe('20.00');
    expect(data.entries.map((entry: any) => [entry.kind, entry.amount, entry.balance, entry.reason])).toEqual([
      ['TAKEN_BACK', '-5.50', '20.00', 'Given twice'],
      ['GRANT', '25.50', '25.50', 'Late delivery'],
    ]);
    expect((await credit(customer.token, { limit: 1, offset: 1 })).body.data.entries).toHaveLength(1);
  });

  it('never falls below zero, and is told so', async () => {
    await giveCredit(shop, customer.id, '10.00');
    const refused = await grant(customer.id, { amount: '-10.01', reason: 'Too much' });
    expect([refused.status, refused.body.error.code]).toEqual([409, 'INSUFFICIENT_CREDIT']);
    const never = await grant((await makeUser(shop)).id, { amount: '-0.01', reason: 'There is none' });
    expect([never.status, never.body.error.code]).toEqual([409, 'INSUFFICIENT_CREDIT']);
    expect(await balanceOf(shop, customer.id)).toBe('10.00');
    expect((await grant(customer.id, { amount: '-10.00', reason: 'All of it' })).body.data.balance).toBe('0.00');
  });

  it('holds so much and no more', async () => {
    const tooMuch = await grant(customer.id, { amount: '1000000', reason: 'A typing error' });
    expect([tooMuch.status, tooMuch.body.error.code]).toEqual([422, 'UNPROCESSABLE']);
  });

  it.each([
    [{ amount: '0.00', reason: 'x' }, 'amount'],
    [{ amount: '-0', reason: 'x' }, 'amount'],
    [{ amount: '1.234', reason: 'x' }, 'amount'],
    [{ amount: '1e3', reason: 'x' }, 'amount'],
    [{ amount: null, reason: 'x' }, 'amount'],
    [{ amount: 'NaN', reason: 'x' }, 'amount'],
    [{ amount: '5.00' }, 'reason'],
    [{ amount: '5.00', reason: ' ' }, 'reason'],
    [{ amount: '5.00', reason: 'x'.repeat(301) }, 'reason'],
  ])('refuses %j', async (body, path) => {
    const { status, body: answer } = await grant(customer.id, body);
    expect([status, answer.error.details.errors[0].path]).toEqual([400, path]);
  });

  it('is given by nobody to themselves, and to nobody who is not there', async () => {
    const own = await grant(admin.id, { amount: '5.00', reason: 'For me' }, admin.token);
    expect([own.status, own.body.error.code]).toEqual([403, 'CANNOT_APPROVE_OWN']);
    const absent = await grant(2_147_483_647, { amount: '5.00', reason: 'For nobody' });
    expect([absent.status, absent.body.error.code]).toEqual([404, 'USER_NOT_FOUND']);
  });

  it('tells the customer and the audit', async () => {
    const { body } = await grant(customer.id, { amount: '7.00', reason: 'Sorry' });
    const { body: told } = await shop.request('GET', '/store/notifications', { token: customer.token });
    expect(told.data.items[0]).toMatchObject({
      type: 'CREDIT',
      title: 'Store credit added',
      body: 'You have 7.00 ILS more store credit: Sorry',
    });
    const audit = `select action, actor_user_id, new_value ->> 'amount' as amount from audit_log
                   where entity_type = 'credit_entry' and entity_id = $1`;
    expect(await shop.sql(audit, [body.data.id])).toEqual([
      { action: 'CREATE', actor_user_id: manager.id, amount: '7.00' },
    ]);
  });

  it('cannot be rewritten, not even by the owner of the database', async () => {
    await giveCredit(shop, customer.id, '1.00');
    for (const statement of [
      'update credit_entries set amount = 100',
      'delete from credit_entries',
      'truncate credit_entries',
    ]) {
      await expect(shop.sql(statement)).rejects.toMatchObject({ code: '42501' });
    }
  });
});

describe('a purchase with credit', () => {
  it('spends none unless it is asked to', async () => {
    await giveCredit(shop, customer.id, '30.00');
    const bought = await buy({});
    expect(await orderOf(bought.body.data.order_id)).toMatchObject({ total_amount: '50.00', credit_amount: '0.00' });
    expect(await balanceOf(shop, customer.id)).toBe('30.00');
  });

  it('spends credit first and charges the rest', async () => {
    await giveCredit(shop, customer.id, '30.00');
    const bought = await buy({ use_credit: true });
    expect([bought.status, bought.trips, bought.body.data.total_paid]).toEqual([201, 2, '50.00']);
    const order = await orderOf(bought.body.data.order_id);
    expect(order).toMatchObject({ total_amount: '50.00', credit_amount: '30.00', refunded_amount: '0.00' });
    const [payment] = await shop.sql('select amount, credit_amount, status from payments where order_id = $1', [
      order.id,
    ]);
    expect(payment).toEqual({ amount: '20.00', credit_amount: '30.00', status: 'CAPTURED' });
    expect((await credit(customer.token)).body.data).toMatchObject({
      balance: '0.00',
      entries: [{ kind: 'SPENT', amount: '-30.00', order_id: order.id }, { kind: 'GRANT' }],
    });
  });

  it('needs no card when credit pays all of it, and is placed at once', async () => {
    await giveCredit(shop, customer.id, '80.00');
    const mailed = await confirmations();
    const key = crypto.randomUUID();
    const terms = { use_credit: true, payment_token_id: undefined };
    const cartId = await fillCart(shop, customer, [[product, 1]]);
    const paid = () => confirm(shop, customer, { ...delivery(cartId, slotId), ...terms }, { key });
    const bought = await paid();
    expect([bought.status, bought.trips, bought.body.data.total_paid]).toEqual([201, 1, '50.00']);
    expect(bought.body.data.payment_reference).toBe(`credit_${bought.body.data.order_number}`);
    const order = await orderOf(bought.body.data.order_id);
    expect(order).toMatchObject({ status: 'CREATED', total_amount: '50.00', credit_amount: '50.00' });
    expect(await balanceOf(shop, customer.id)).toBe('30.00');
    const again = await paid();
    expect([again.status, again.body.data]).toEqual([200, bought.body.data]);
    expect(await confirmations()).toBe(mailed + 1);
  });

  it('charges nothing to a card that was sent all the same, which must be one of the customer', async () => {
    await giveCredit(shop, customer.id, '80.00');
    const stranger = await newCustomer(shop);
    const foreign = await buy({ use_credit: true, payment_token_id: stranger.cardId });
    expect([foreign.status, foreign.body.error.code]).toEqual([404, 'PAYMENT_TOKEN_NOT_FOUND']);
    await shop.request('DELETE', '/cart', { token: customer.token });
    const bought = await buy({ use_credit: true });
    expect(bought.body.data.payment_reference).toMatch(/^credit_/);
  });

  it('asks for a card when credit does not pay all of it', async () => {
    await giveCredit(shop, customer.id, '49.99');
    const refused = await buy({ use_credit: true, payment_token_id: null });
    expect([refused.status, refused.body.error.code, refused.body.error.details]).toEqual([
      400,
      'PAYMENT_TOKEN_REQUIRED',
      { credit_amount: '49.99', total: '50.00' },
    ]);
    expect(await balanceOf(shop, customer.id)).toBe('49.99');
    const without = await buy({ payment_token_id: undefined });
    expect([without.status, without.body.error.details.errors[0].path]).toEqual([400, 'payment_token_id']);
    const off = await buy({ use_credit: false, payment_token_id: null });
    expect(off.status).toBe(400);
  });

  it('gives credit back when the card is declined, and the cart with it', async () => {
    customer = await newCustomer(shop, { providerToken: 'tok_decline_1' });
    await giveCredit(shop, customer.id, '30.00');
    const before = await onHand(shop, goods.warehouseId, product);
    const declined = await buy({ use_credit: true });
    expect([declined.status, declined.body.error.code]).toEqual([402, 'PAYMENT_FAILED']);
    expect(await balanceOf(shop, customer.id)).toBe('30.00');
    expect((await credit(customer.token)).body.data.entries.map((entry: any) => [entry.kind, entry.amount])).toEqual([
      ['RETURNED', '30.00'],
      ['SPENT', '-30.00'],
      ['GRANT', '30.00'],
    ]);
    expect(await onHand(shop, goods.warehouseId, product)).toBe(before);
  });

  it('does not spend credit of another currency', async () => {
    await shop.sql(`insert into credit_entries (user_id, currency, amount, kind) values ($1, 'USD', 80, 'GRANT')`, [
      customer.id,
    ]);
    const bought = await buy({ use_credit: true });
    expect((await orderOf(bought.body.data.order_id)).credit_amount).toBe('0.00');
    expect((await credit(customer.token)).body.data).toMatchObject({ balance: '0.00', entries: [] });
  });
});

describe('a canceled order', () => {
  it.each([
    ['30.00', '20.00'],
    ['80.00', '0.00'],
  ])('paid with %s of credit gives it back beside the card', async (given, charged) => {
    await giveCredit(shop, customer.id, given);
    const { body } = await buy({ use_credit: true });
    const { status } = await shop.request('POST', `/orders/${body.data.order_id}/cancel`, { token: customer.token });
    expect(status).toBe(200);
    expect(await balanceOf(shop, customer.id)).toBe(given);
    expect(await orderOf(body.data.order_id)).toMatchObject({ status: 'CANCELED', refunded_amount: '50.00' });
    const [refund] = await shop.sql('select amount, amount - credit_amount as card from refunds where order_id = $1', [
      body.data.order_id,
    ]);
    expect(refund).toEqual({ amount: '50.00', card: charged });
  });

  it('whose missing items went to the card already returns the rest, credit last', async () => {
    await giveCredit(shop, customer.id, '60.00');
    const { body } = await buy({ use_credit: true }, 3);
    const id = body.data.order_id;
    const { items } = await orderOf(id);
    const move = (status: string) =>
      shop.request('PATCH', `/ops/orders/${id}/status`, { token: manager.token, body: { status } });
    await move('IN_PROGRESS');
    const other = await makeProduct(shop, { price: '5.00' });
    await makeStock(shop, { productId: other, branchId: goods.warehouseId, onHand: 10 });
    await shop.request('PATCH', `/ops/orders/${id}/items/${items[0].id}/picked-status`, {
      token: manager.token,
      body: { picked_status: 'REPLACED', replacement_product_id: other },
    });
    // 3 × 15.00 cheaper: the card has paid 30.00 of the 90.00.
    expect((await move('READY')).body.data).toMatchObject({ refunded_amount: '45.00', credit_amount: '60.00' });
    expect(await balanceOf(shop, customer.id)).toBe('15.00');
    expect((await move('CANCELED')).body.data.refunded_amount).toBe('90.00');
    expect(await balanceOf(shop, customer.id)).toBe('60.00');
    await expectInvariants(shop);
  });
});
