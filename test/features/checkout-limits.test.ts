import { beforeAll, describe, expect, it } from 'vitest';
import { type Customer, confirm, delivery, fillCart, newCustomer } from '../support/customer.ts';
import { makeProduct, makeStock, signInAs } from '../support/factories.ts';
import { openShop, type Shop } from '../support/shop.ts';
import { type StandardShop, standardShop } from '../support/standard-shop.ts';

let shop: Shop;
let goods: StandardShop;
let slotId: number;
beforeAll(async () => {
  shop = await openShop();
  goods = await standardShop(shop);
  slotId = goods.slots.find((slot) => slot.branch_id === goods.warehouseId)!.id;
});

const product = async (onHand: number) => {
  const productId = await makeProduct(shop);
  await makeStock(shop, { productId, branchId: goods.warehouseId, onHand });
  return productId;
};
const preview = ({ token }: Customer, terms: object) =>
  shop.request('POST', '/checkout/preview', { token, body: terms });

describe('a cart', () => {
  const full = async (lines: number) => {
    const customer = await newCustomer(shop);
    const { body } = await shop.request('GET', '/cart', { token: customer.token });
    await shop.sql(
      `with made as (insert into products (name, sku, price, category_id)
         select 'Line ' || n, 'L' || $1::int || '-' || n, 1, (select min(id) from categories) from generate_series(1, $2) n returning id)
       insert into cart_items (cart_id, product_id, quantity) select $1::int, id, 1 from made`,
      [body.data.id, lines],
    );
    return { customer, cartId: body.data.id as number };
  };
  const add = ({ token }: Customer, productId: number) =>
    shop.request('POST', '/cart/items', { token, body: { product_id: productId, quantity: 1 } });

  it('holds 200 lines, and no more', async () => {
    const { customer } = await full(199);
    const last = await product(5);
    expect((await add(customer, last)).status).toBe(201);
    const { status, body } = await add(customer, await product(5));
    expect([status, body.error.code, body.error.details]).toEqual([422, 'CART_FULL', { max_lines: 200 }]);
    expect((await add(customer, last)).status).toBe(201);
  });

  it('is not filled beyond that by adds at once', async () => {
    const { customer, cartId } = await full(195);
    const products = await Promise.all(Array.from({ length: 20 }, () => product(5)));
    const answers = await Promise.all(products.map((id) => add(customer, id)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(5);
    const [row] = await shop.sql('select count(*)::int as lines from cart_items where cart_id = $1', [cartId]);
    expect(row).toEqual({ lines: 200 });
  });
});

describe('a hold that is renewed', () => {
  /** As if everything so far had happened that much earlier. */
  const pass = (cartId: number, minutes: number) =>
    shop.sql(
      `with holds as (update hold_lines set expires_at = expires_at - make_interval(mins => $2) where cart_id = $1),
         places as (update slot_holds set expires_at = expires_at - make_interval(mins => $2) where cart_id = $1)
       update carts set hold_began_at = hold_began_at - make_interval(mins => $2),
         held_until = held_until - make_interval(mins => $2) where id = $1`,
      [cartId, minutes],
    );
  const minutesLeft = (body: any) => Math.round((Date.parse(body.data.reserved_until) - Date.now()) / 60_000);

  it('ends 60 minutes after its first preview, and for ten minutes none follows', async () => {
    const customer = await newCustomer(shop);
    const wanted = await product(3);
    const terms = delivery(await fillCart(shop, customer, [[wanted, 3]]), slotId);
    expect(minutesLeft((await preview(customer, terms)).body)).toBe(10);
    for (let passed = 9; passed < 54; passed += 9) {
      await pass(terms.cart_id, 9);
      expect(minutesLeft((await preview(customer, terms)).body)).toBe(10);
    }
    await pass(terms.cart_id, 9);
    expect(minutesLeft((await preview(customer, terms)).body)).toBe(6);

    await pass(terms.cart_id, 6);
    const late = await preview(customer, terms);
    expect(late.body.data).toMatchObject({ reserved_until: null, slot_held: false, missing_items: [] });
    const other = await newCustomer(shop);
    expect(
      (await preview(other, delivery(await fillCart(shop, other, [[wanted, 3]]), slotId))).body.data.missing_items,
    ).toEqual([]);

    await shop.request('PUT', `/cart/items/${await lineOf(customer)}`, {
      token: customer.token,
      body: { quantity: 2 },
    });
    await pass(terms.cart_id, 9);
    expect((await preview(customer, terms)).body.data.reserved_until).toBeNull();
    await pass(terms.cart_id, 1);
    expect(minutesLeft((await preview(customer, terms)).body)).toBe(10);
  });

  it('begins anew once the customer has held nothing for ten minutes', async () => {
    const customer = await newCustomer(shop);
    const terms = delivery(await fillCart(shop, customer, [[await product(9), 1]]), slotId);
    await preview(customer, terms);
    await pass(terms.cart_id, 20);
    await preview(customer, terms);
    await pass(terms.cart_id, 55);
    expect(minutesLeft((await preview(customer, terms)).body)).toBe(10);
  });

  it('goes on counting in the next cart, however many orders were placed and canceled between', async () => {
    const customer = await newCustomer(shop);
    const { token } = customer;
    const wanted = await product(9);
    let terms = delivery(await fillCart(shop, customer, [[wanted, 1]]), slotId);
    await preview(customer, terms);
    // As long as they may be renewed, less three minutes.
    await shop.sql(`update carts set hold_began_at = hold_began_at - interval '57 minutes' where id = $1`, [
      terms.cart_id,
    ]);
    // The second time without a preview, so that the cart itself has held nothing.
    for (const isShown of [true, false]) {
      if (isShown) await preview(customer, terms);
      const { status, body } = await confirm(shop, customer, terms);
      expect(status).toBe(201);
      const path = `/orders/${body.data.order_id}/cancel`;
      expect((await shop.request('POST', path, { token })).status).toBe(200);
      // A read makes the next cart as well as an add does.
      if (isShown) await shop.request('GET', '/cart', { token });
      const next = await fillCart(shop, customer, [[wanted, 1]]);
      expect(next).not.toBe(terms.cart_id);
      terms = delivery(next, slotId);
    }
    expect(minutesLeft((await preview(customer, terms)).body)).toBe(3);
    await pass(terms.cart_id, 3);
    expect((await preview(customer, terms)).body.data).toMatchObject({ reserved_until: null, slot_held: false });
    await pass(terms.cart_id, 10);
    expect(minutesLeft((await preview(customer, terms)).body)).toBe(10);
  });

  it('can still be confirmed while nothing is held, as far as there is stock', async () => {
    const customer = await newCustomer(shop);
    const terms = delivery(await fillCart(shop, customer, [[await product(1), 1]]), slotId);
    await preview(customer, terms);
    await shop.sql(
      `update carts set hold_began_at = now() - interval '61 minutes', held_until = now() - interval '1 minute' where id = $1`,
      [terms.cart_id],
    );
    expect((await preview(customer, terms)).body.data.reserved_until).toBeNull();
    expect((await confirm(shop, customer, terms)).status).toBe(201);
  });

  const lineOf = async ({ token }: Customer) =>
    (await shop.request('GET', '/cart', { token })).body.data.items[0].id as number;
});

describe('what was shown', () => {
  it('was shown in a currency: another one at confirm is asked about first', async () => {
    const customer = await newCustomer(shop);
    const terms = delivery(await fillCart(shop, customer, [[await product(9), 1]]), slotId);
    const shown = await preview(customer, terms);
    const { token } = await signInAs(shop, 'ADMIN');
    await shop.request('PUT', '/admin/settings', { token, body: { currency: 'USD' } });
    try {
      const { status, body } = await confirm(shop, customer, terms);
      expect([status, body.error.code]).toEqual([409, 'PRICE_CHANGED']);
      expect(body.error.details).toMatchObject({ total: shown.body.data.total_amount });
      const named = await confirm(shop, customer, { ...terms, expected_total: shown.body.data.total_amount } as never);
      expect(named.status).toBe(409);
      expect((await preview(customer, terms)).body.data.currency).toBe('USD');
      expect((await confirm(shop, customer, terms)).status).toBe(201);
    } finally {
      await shop.request('PUT', '/admin/settings', { token, body: { currency: 'ILS' } });
    }
  });
});

describe('the number of an order', () => {
  it.each(['Pacific/Apia', 'Pacific/Pago_Pago'])("carries the shop's day: %s", async (zone) => {
    const customer = await newCustomer(shop);
    const terms = {
      cart_id: await fillCart(shop, customer, [[await product(9), 1]]),
      fulfillment_type: 'PICKUP',
      branch_id: goods.warehouseId,
    };
    const { status, body } = await confirm(shop, customer, terms as never, { env: { SHOP_TIME_ZONE: zone } });
    expect(status).toBe(201);
    const [row] = await shop.sql<{ day: string }>(
      `select to_char(created_at at time zone $2, 'YYMMDD') as day from orders where order_number = $1`,
      [body.data.order_number, zone],
    );
    expect(body.data.order_number).toMatch(new RegExp(`^MS-${row!.day}-`));
  });
});
