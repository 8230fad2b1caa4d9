import { beforeAll, describe, expect, it } from 'vitest';
import { type Customer, confirm, fillCart, newCustomer } from '../support/customer.ts';
import { makeProduct, makeStock } from '../support/factories.ts';
import { openShop, type Shop } from '../support/shop.ts';
import { type StandardShop, standardShop } from '../support/standard-shop.ts';

const ROUNDS = 50;
const rounds = Array.from({ length: ROUNDS }, (_, round) => round);

let shop: Shop;
let goods: StandardShop;
let customer: Customer;
let extras: number[];
beforeAll(async () => {
  shop = await openShop();
  goods = await standardShop(shop);
  customer = await newCustomer(shop);
  extras = await Promise.all(
    rounds.slice(0, 3).map(async () => {
      const productId = await makeProduct(shop);
      await makeStock(shop, { productId, branchId: goods.warehouseId, onHand: 5 });
      return productId;
    }),
  );
});

describe('adds of the 200th line at once', () => {
  it(`let one in, ${ROUNDS} times`, async () => {
    const { token } = customer;
    const { body } = await shop.request('GET', '/cart', { token });
    const cartId: number = body.data.id;
    await shop.sql(
      `with made as (insert into products (name, sku, price, category_id)
         select 'Line ' || n, 'RACE-' || n, 1, (select min(id) from categories) from generate_series(1, 199) n returning id)
       insert into cart_items (cart_id, product_id, quantity) select $1::int, id, 1 from made`,
      [cartId],
    );
    for (const round of rounds) {
      const answers = await Promise.all(
        extras.map((product_id) => shop.request('POST', '/cart/items', { token, body: { product_id, quantity: 1 } })),
      );
      const codes = answers.map(({ status, body }) => body.error?.code ?? status).toSorted();
      expect(codes, `round ${round}`).toEqual([201, 'CART_FULL', 'CART_FULL']);
      await shop.sql('delete from cart_items where cart_id = $1 and product_id = any ($2)', [cartId, extras]);
    }
    await shop.sql('delete from cart_items where cart_id = $1', [cartId]);
  });
});

describe('previews at once, at the border of what may be renewed', () => {
  it(`hold nothing beyond it, and begin no fresh hour, ${ROUNDS} times`, async () => {
    const { token } = customer;
    const cart_id = await fillCart(shop, customer, [[extras[0]!, 5]]);
    const terms = { cart_id, fulfillment_type: 'PICKUP', branch_id: goods.warehouseId };
    for (const round of rounds) {
      // The border lies a few milliseconds ahead: some of these come before it and some after.
      await shop.sql(
        `update carts set hold_began_at = border - interval '60 minutes', held_until = border
         from (select clock_timestamp() + make_interval(secs => $2::float8 / 1000) as border) b where id = $1`,
        [cart_id, round],
      );
      const [before] = await shop.sql('select hold_began_at from carts where id = $1', [cart_id]);
      const answers = await Promise.all(
        Array.from({ length: 4 }, () => shop.request('POST', '/checkout/preview', { token, body: terms })),
      );
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
      const [after] = await shop.sql(
        `select hold_began_at, held_until <= hold_began_at + interval '60 minutes' as "isWithin",
           (select count(*)::int from hold_lines h
            where h.cart_id = c.id and h.expires_at > c.hold_began_at + interval '60 minutes') as beyond
         from carts c where id = $1`,
        [cart_id],
      );
      expect(after, `round ${round}`).toEqual({ ...before, isWithin: true, beyond: 0 });
    }
  });

  it(`never mix with a purchase into a fresh hour, ${ROUNDS} times`, async () => {
    const { token } = customer;
    await shop.sql(
      `insert into stock_movements (inventory_id, delta, reason) select id, 1000, 'COUNT' from inventory
       where product_id = $1 and branch_id = $2`,
      [extras[0], goods.warehouseId],
    );
    await shop.sql(
      `update carts set hold_began_at = now() - interval '50 minutes', held_until = now() + interval '5 minutes'
       where user_id = $1 and status = 'ACTIVE'`,
      [customer.id],
    );
    const [began] = await shop.sql(`select hold_began_at from carts where user_id = $1 and status = 'ACTIVE'`, [
      customer.id,
    ]);
    for (const round of rounds) {
      const cart_id = await fillCart(shop, customer, [[extras[0]!, 1]]);
      const terms = { cart_id, fulfillment_type: 'PICKUP', branch_id: goods.warehouseId };
      const [paid] = await Promise.all([
        confirm(shop, customer, terms),
        shop.request('POST', '/checkout/preview', { token, body: terms }),
        shop.request('GET', '/cart', { token }),
      ]);
      expect(paid.status, `round ${round}: ${paid.text}`).toBe(201);
      await shop.request('GET', '/cart', { token });
      const open = await shop.sql(`select hold_began_at from carts where user_id = $1 and status = 'ACTIVE'`, [
        customer.id,
      ]);
      expect(open, `round ${round}`).toEqual([began]);
    }
  });
});
