import { beforeAll, describe, expect, it } from 'vitest';
import { addToCart, type Customer, confirm, delivery, fillCart, newCustomer } from '../support/customer.ts';
import {
  makeAddress,
  makeBranch,
  makePaymentToken,
  makeProduct,
  makeSlot,
  makeStock,
  signInAs,
} from '../support/factories.ts';
import { expectInvariants } from '../support/invariants.ts';
import { endLeases } from '../support/lock.ts';
import { openShop, type Shop } from '../support/shop.ts';
import { type StandardShop, standardShop } from '../support/standard-shop.ts';

let shop: Shop;
let goods: StandardShop;
let slotId: number;
beforeAll(async () => {
  shop = await openShop();
  goods = await standardShop(shop);
  slotId = goods.slots.find((slot) => slot.branch_id === goods.warehouseId)!.id;
  await shop.sql('update delivery_slots set capacity = null');
});

const preview = (customer: Customer, body: unknown) =>
  shop.request('POST', '/checkout/preview', { token: customer.token, body });

async function readyToPay(quantity = 1): Promise<{ customer: Customer; cartId: number }> {
  const customer = await newCustomer(shop);
  return { customer, cartId: await fillCart(shop, customer, [[goods.products[0]!.id, quantity]]) };
}

const nextDate = async (slot: number): Promise<string> =>
  (
    await shop.sql(
      `select slot_next_date(day_of_week, start_time, 'Asia/Jerusalem')::text as date
                   from delivery_slots where id = $1`,
      [slot],
    )
  )[0]!.date;

describe('pickup', () => {
  it('has no delivery fee and a window of two service hours at least two hours away', async () => {
    const { customer, cartId } = await readyToPay();
    const terms = { cart_id: cartId, fulfillment_type: 'PICKUP', branch_id: goods.storeId };
    const shown = await preview(customer, terms);
    expect(shown.body.data).toMatchObject({
      delivery_fee: null,
      cart_total: '7.90',
      total_amount: '7.90',
      delivery_date: null,
    });
    const placed = await confirm(shop, customer, terms);
    expect(placed.body.data.total_paid).toBe('7.90');
    const [order] = await shop.sql(
      `select window_end - window_start = interval '2 hours' as two_hours,
              window_start >= created_at + interval '2 hours' as far_enough,
              (window_start at time zone 'Asia/Jerusalem')::time >= '06:00' and (window_end at time zone 'Asia/Jerusalem')::time <= '22:00' as open,
              window_start < created_at + interval '13 hours' as first
       from orders where id = $1`,
      [placed.body.data.order_id],
    );
    expect(order).toEqual({ two_hours: true, far_enough: true, open: true, first: true });
  });

  it('needs an active branch', async () => {
    const { customer, cartId } = await readyToPay();
    const closed = await makeBranch(shop, { isActive: false });
    const terms = { cart_id: cartId, fulfillment_type: 'PICKUP' };
    expect((await preview(customer, terms)).body.error).toMatchObject({ code: 'BRANCH_REQUIRED', status_code: 400 });
    for (const branch_id of [closed, 999_999]) {
      expect((await preview(customer, { ...terms, branch_id })).body.error.status_code).toBe(404);
      expect((await confirm(shop, customer, { ...terms, branch_id })).body.error.status_code).toBe(404);
    }
  });

  it('needs no address, and minds none that has gone', async () => {
    const { customer, cartId } = await readyToPay();
    const terms = { cart_id: cartId, fulfillment_type: 'PICKUP', branch_id: goods.storeId, address_id: 999_999 };
    expect((await confirm(shop, customer, terms)).status).toBe(201);
  });
});

describe('what a delivery costs', () => {
  it('is free from delivery_min upwards', async () => {
    const customer = await newCustomer(shop);
    const product = await makeProduct(shop, { price: '149.99' });
    const penny = await makeProduct(shop, { price: '0.01' });
    for (const productId of [product, penny])
      await makeStock(shop, { productId, branchId: goods.warehouseId, onHand: 9 });
    const cartId = await fillCart(shop, customer, [[product, 1]]);
    const below = await preview(customer, delivery(cartId, slotId));
    expect(below.body.data).toMatchObject({ delivery_fee: '30.00', total_amount: '179.99' });
    await addToCart(shop, customer, penny);
    const enough = await preview(customer, delivery(cartId, slotId));
    expect(enough.body.data).toMatchObject({ delivery_fee: '0.00', total_amount: '150.00' });
  });

  it('is exact where floating point is not', async () => {
    const customer = await newCustomer(shop);
    const product = await makeProduct(shop, { price: '0.10' });
    await makeStock(shop, { productId: product, branchId: goods.warehouseId, onHand: 9 });
    const cartId = await fillCart(shop, customer, [[product, 3]]);
    expect((await preview(customer, delivery(cartId, slotId))).body.data.cart_total).toBe('0.30');
  });

  it('is refused when it comes to more than the shop can count', async () => {
    const customer = await newCustomer(shop);
    const cartId = await fillCart(shop, customer, [[goods.products[0]!.id, 1]]);
    await shop.sql(
      `with product as (
         insert into products (name, sku, price, category_id)
           select 'Gold ' || n, 'GOLD-' || n, 10000, $3 from generate_series(1, 100) n returning id
       ), shelf as (
         insert into inventory (product_id, branch_id) select id, $2 from product returning id
       ), filled as (
         insert into stock_movements (inventory_id, delta, reason) select id, 10000, 'INITIAL' from shelf
       )
       insert into cart_items (cart_id, product_id, quantity) select $1, id, 10000 from product`,
      [cartId, goods.warehouseId, goods.categories.Milk],
    );
    const terms = delivery(cartId, slotId);
    for (const answer of [await preview(customer, terms), await confirm(shop, customer, terms)]) {
      expect([answer.status, answer.body.error.code]).toEqual([422, 'UNPROCESSABLE']);
    }
    expect(await shop.sql('select cart_id from hold_lines where cart_id = $1', [cartId])).toEqual([]);
  });

  it('is refused below the minimum order', async () => {
    const { customer, cartId } = await readyToPay();
    await shop.sql('update settings set minimum_order_total = 7.91');
    const refused = await confirm(shop, customer, delivery(cartId, slotId));
    await shop.sql('update settings set minimum_order_total = 0');
    expect(refused.body.error).toMatchObject({ code: 'BELOW_MINIMUM_ORDER', status_code: 422 });
  });
});

describe('the slot', () => {
  it('must be of the delivery branch, active, on its weekday, in the future and within service hours', async () => {
    const { customer, cartId } = await readyToPay();
    const ofStore = goods.slots.find((slot) => slot.branch_id === goods.storeId)!.id;
    const off = await makeSlot(shop, {
      branchId: goods.warehouseId,
      dayOfWeek: 1,
      startTime: '20:00',
      isActive: false,
    });
    const early = await makeSlot(shop, { branchId: goods.warehouseId, dayOfWeek: 1, startTime: '04:00' });
    const date = await nextDate(slotId);
    const shifted = (days: number) => new Date(Date.parse(date) + days * 86_400_000).toISOString().slice(0, 10);
    const bad = [
      { delivery_slot_id: ofStore },
      { delivery_slot_id: off },
      { delivery_slot_id: early },
      { delivery_slot_id: 999_999 },
      { delivery_slot_id: slotId, delivery_date: shifted(-7) },
      { delivery_slot_id: slotId, delivery_date: shifted(1) },
      { delivery_slot_id: slotId, delivery_date: '9999-12-31' },
    ];
    for (const terms of bad) {
      const body = { cart_id: cartId, fulfillment_type: 'DELIVERY', ...terms };
      for (const answer of [await preview(customer, body), await confirm(shop, customer, body)]) {
        expect([answer.status, answer.body.error.code], JSON.stringify(terms)).toEqual([422, 'INVALID_SLOT']);
      }
    }
    const later = await preview(customer, { ...delivery(cartId, slotId), delivery_date: shifted(7) });
    expect(later.body.data).toMatchObject({ slot_held: true, delivery_date: shifted(7) });
    const without = await confirm(shop, customer, { cart_id: cartId, fulfillment_type: 'DELIVERY' });
    expect([without.status, without.body.error.code]).toEqual([400, 'SLOT_REQUIRED']);
  });

  it('is booked on the date that the preview showed, or not at all', async () => {
    const { customer, cartId } = await readyToPay();
    const terms = delivery(cartId, slotId);
    const shown = (await preview(customer, terms)).body.data.delivery_date as string;
    await shop.sql(
      `insert into slot_exceptions (branch_id, date, slot_id, closed, reason) values ($1, $2, $3, true, 'Repairs')`,
      [goods.warehouseId, shown, slotId],
    );
    const refused = await confirm(shop, customer, terms);
    await shop.sql('delete from slot_exceptions where slot_id = $1', [slotId]);
    expect([refused.status, refused.body.error]).toEqual([
      422,
      expect.objectContaining({ code: 'INVALID_SLOT', details: expect.objectContaining({ reason: 'CLOSED' }) }),
    ]);
    const placed = await confirm(shop, customer, terms);
    const [order] = await shop.sql('select delivery_date::text from orders where id = $1', [placed.body.data.order_id]);
    expect(order?.delivery_date).toBe(shown);
  });
});

describe('whose things they are', () => {
  it("knows nobody else's cart, card or address", async () => {
    const { customer, cartId } = await readyToPay();
    const other = await newCustomer(shop);
    const addressOfOther = await makeAddress(shop, { userId: other.id, isDefault: false });
    expect((await preview(other, delivery(cartId, slotId))).status).toBe(404);
    expect((await confirm(shop, other, delivery(cartId, slotId))).status).toBe(404);
    const terms = delivery(cartId, slotId);
    const stolen = await confirm(shop, customer, { ...terms, payment_token_id: other.cardId });
    expect([stolen.status, stolen.body.error.code]).toEqual([404, 'PAYMENT_TOKEN_NOT_FOUND']);
    const wrong = await confirm(shop, customer, { ...terms, address_id: addressOfOther });
    expect([wrong.status, wrong.body.error.code]).toEqual([404, 'ADDRESS_NOT_FOUND']);
    await shop.sql('update payment_tokens set is_active = false, is_default = false where id = $1', [customer.cardId]);
    const removed = await confirm(shop, customer, terms);
    expect([removed.status, removed.body.error.code]).toEqual([400, 'PAYMENT_TOKEN_INACTIVE']);
  });

  it('needs an address for a delivery, and takes the one given, named or default', async () => {
    const homeless = await signInAs(shop);
    const cardId = await makePaymentToken(shop, { userId: homeless.id });
    const customer = { ...homeless, cardId };
    const cartId = await fillCart(shop, customer, [[goods.products[0]!.id, 1]]);
    const refused = await confirm(shop, customer, delivery(cartId, slotId));
    expect([refused.status, refused.body.error.code]).toEqual([400, 'ADDRESS_REQUIRED']);
    const placed = await confirm(shop, customer, { ...delivery(cartId, slotId), address: '7 Dizengoff, Tel Aviv' });
    expect(placed.status).toBe(201);
    const second = await fillCart(shop, customer, [[goods.products[0]!.id, 1]]);
    await makeAddress(shop, { userId: customer.id });
    await confirm(shop, customer, delivery(second, slotId));
    const addresses = await shop.sql('select delivery_address from orders where user_id = $1 order by id', [
      customer.id,
    ]);
    expect(addresses.map((order) => order.delivery_address)).toEqual([
      '7 Dizengoff, Tel Aviv',
      '5 Allenby Street, Tel Aviv 6332101, Israel',
    ]);
  });
});

describe('the idempotency key', () => {
  it('is required and 1 to 128 visible characters', async () => {
    const { customer, cartId } = await readyToPay();
    const body = { ...delivery(cartId, slotId), payment_token_id: customer.cardId };
    const missing = await shop.request('POST', '/checkout/confirm', { token: customer.token, body });
    expect([missing.status, missing.body.error.code]).toEqual([400, 'MISSING_IDEMPOTENCY_KEY']);
    for (const key of ['a'.repeat(129), 'two words']) {
      expect((await confirm(shop, customer, body, { key })).status).toBe(400);
    }
    expect((await confirm(shop, customer, body, { key: 'a'.repeat(128) })).status).toBe(201);
  });

  it('knows an amount again however it is written', async () => {
    const { customer, cartId } = await readyToPay();
    const terms = { cart_id: cartId, fulfillment_type: 'PICKUP', branch_id: goods.storeId };
    const first = await confirm(shop, customer, { ...terms, expected_total: 7.9 }, { key: 'amount' });
    const repeat = await confirm(shop, customer, { ...terms, expected_total: '7.90' }, { key: 'amount' });
    expect([first.status, repeat.status, repeat.trips]).toEqual([201, 200, 1]);
    expect(repeat.body).toEqual(first.body);
  });

  it('takes null for what is left out', async () => {
    const { customer, cartId } = await readyToPay();
    const terms = { cart_id: cartId, fulfillment_type: 'PICKUP', branch_id: goods.storeId };
    const nothing = { delivery_slot_id: null, delivery_date: null, address: null, address_id: null };
    expect((await preview(customer, { ...terms, ...nothing })).status).toBe(200);
    const first = await confirm(shop, customer, { ...terms, ...nothing, expected_total: null }, { key: 'nulls' });
    const repeat = await confirm(shop, customer, terms, { key: 'nulls' });
    expect([first.status, repeat.status]).toEqual([201, 200]);
  });

  it('is asked for only once the session is found alive', async () => {
    const { customer, cartId } = await readyToPay();
    await shop.request('POST', '/auth/logout', { token: customer.token });
    for (const [path, terms] of [
      ['confirm', { ...delivery(cartId, slotId), payment_token_id: customer.cardId }],
      ['preview', { cart_id: cartId, fulfillment_type: 'PICKUP' }],
    ] as const) {
      const answer = await shop.request('POST', `/checkout/${path}`, { token: customer.token, body: terms });
      expect([answer.status, answer.body.error.code]).toEqual([401, 'AUTH_REQUIRED']);
    }
  });

  it('belongs to its user', async () => {
    const [one, two] = [await readyToPay(), await readyToPay()];
    const key = 'the-same-for-both';
    const first = await confirm(shop, one.customer, delivery(one.cartId, slotId), { key });
    const second = await confirm(shop, two.customer, delivery(two.cartId, slotId), { key });
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.body.data.order_id).not.toBe(first.body.data.order_id);
  });

  it('is freed by any other refusal', async () => {
    const { customer, cartId } = await readyToPay();
    const key = crypto.randomUUID();
    expect((await confirm(shop, customer, delivery(cartId, 999_999), { key })).status).toBe(422);
    expect((await confirm(shop, customer, delivery(cartId, slotId), { key })).status).toBe(201);
  });

  it('is forgotten after a day', async () => {
    const { customer, cartId } = await readyToPay();
    const key = crypto.randomUUID();
    await confirm(shop, customer, delivery(cartId, slotId), { key });
    await shop.sql(`update idempotency_keys set created_at = now() - interval '25 hours' where key = $1`, [key]);
    const next = await fillCart(shop, customer, [[goods.products[1]!.id, 1]]);
    // While somebody holds its lock, yesterday's answer is not told either.
    const twin = await confirm(shop, customer, delivery(next, slotId), { key });
    expect([twin.status, twin.body.error.code, twin.trips]).toEqual([409, 'IDEMPOTENCY_IN_PROGRESS', 1]);
    await endLeases(customer.id);
    expect((await confirm(shop, customer, delivery(next, slotId), { key })).status).toBe(201);
  });
});

describe('what cannot be checked out', () => {
  it('an empty cart, a cart being paid for, a product that went off sale', async () => {
    const customer = await newCustomer(shop);
    const cart = await shop.request('GET', '/cart', { token: customer.token });
    const terms = delivery(cart.body.data.id, slotId);
    for (const answer of [await preview(customer, terms), await confirm(shop, customer, terms)]) {
      expect([answer.status, answer.body.error.code]).toEqual([422, 'CART_EMPTY']);
    }
    const product = await makeProduct(shop);
    await makeStock(shop, { productId: product, branchId: goods.warehouseId, onHand: 9 });
    await addToCart(shop, customer, product, 2);
    await shop.sql('update products set is_active = false where id = $1', [product]);
    const shown = await preview(customer, terms);
    expect(shown.body.data.missing_items).toEqual([
      { product_id: product, requested_quantity: 2, available_quantity: 0 },
    ]);
    const refused = await confirm(shop, customer, terms);
    expect(refused.body.error).toMatchObject({
      code: 'INSUFFICIENT_STOCK',
      details: { missing: [{ product_id: product, requested_quantity: 2, available_quantity: 0 }] },
    });
    await shop.sql(`update carts set status = 'CHECKING_OUT' where id = $1`, [terms.cart_id]);
    for (const answer of [await preview(customer, terms), await confirm(shop, customer, terms)]) {
      expect([answer.status, answer.body.error.code]).toEqual([409, 'CHECKOUT_IN_PROGRESS']);
    }
  });
});

describe('after the payment', () => {
  it('writes timeline, notification, mail and audit, and saves the card as default when asked', async () => {
    const { customer, cartId } = await readyToPay();
    const cardId = await makePaymentToken(shop, { userId: customer.id, isDefault: false });
    const terms = { ...delivery(cartId, slotId), payment_token_id: cardId, save_as_default: true };
    const placed = await confirm(shop, customer, terms);
    expect(placed).toMatchObject({ status: 201, trips: 2 });
    const id = placed.body.data.order_id;
    const [facts] = await shop.sql(
      `select (select json_agg(status) from order_events where order_id = $1) as timeline,
              (select data ->> 'status' from notifications where order_id = $1) as notified,
              (select count(*) from outbox where kind = 'ORDER_CONFIRMED' and created_at = o.placed_at) as mails,
              (select id from payment_tokens where user_id = $2 and is_default) as default_card,
              (select count(*) from audit_log where entity_type = 'order' and entity_id = $1 and actor_user_id = $2) as audited
       from orders o where id = $1`,
      [id, customer.id],
    );
    expect(facts).toEqual({ timeline: ['CREATED'], notified: 'CREATED', mails: 1, default_card: cardId, audited: 2 });
    await expectInvariants(shop);
  });
});
