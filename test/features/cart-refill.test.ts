import { beforeAll, describe, expect, it } from 'vitest';
import { addToCart, type Customer, newCustomer } from '../support/customer.ts';
import { makeProduct, makeStock } from '../support/factories.ts';
import { placeOrder } from '../support/orders.ts';
import { overlap } from '../support/overlap.ts';
import { openShop, type Shop } from '../support/shop.ts';
import { type StandardShop, standardShop } from '../support/standard-shop.ts';

let shop: Shop;
let goods: StandardShop;
beforeAll(async () => {
  shop = await openShop();
  goods = await standardShop(shop);
});

async function stocked(onHand = 100, price = '10.00'): Promise<number> {
  const productId = await makeProduct(shop, { price });
  await makeStock(shop, { productId, branchId: goods.warehouseId, onHand });
  return productId;
}
const post = (customer: Customer, path: string) => shop.request('POST', `/cart/${path}`, { token: customer.token });
const linesOf = ({ items }: { items: { product_id: number; quantity: number }[] }) =>
  items.map(({ product_id, quantity }) => [product_id, quantity]);
/** Bought while there was enough, at the prices of then. */
async function ordered(customer: Customer, lines: [productId: number, quantity: number, unitPrice?: string][]) {
  const order = await placeOrder(shop, {
    userId: customer.id,
    branchId: goods.warehouseId,
    lines: lines.map(([productId, quantity, unitPrice = '10.00']) => ({ productId, quantity, unitPrice })),
  });
  return order.id;
}
async function listed(customer: Customer, lines: [number, number][]): Promise<number> {
  const { token } = customer;
  const { body } = await shop.request('POST', '/store/lists', { token, body: { name: crypto.randomUUID() } });
  const items = lines.map(([product_id, quantity]) => ({ product_id, quantity }));
  await shop.request('PUT', `/store/lists/${body.data.id}/items`, { token, body: { items } });
  return body.data.id;
}

describe('ordering again', () => {
  it('fills the cart with the larger quantities, and a repeat changes nothing', async () => {
    const customer = await newCustomer(shop);
    const [a, b, c] = [await stocked(), await stocked(), await stocked()];
    await addToCart(shop, customer, a, 5);
    await addToCart(shop, customer, b, 1);
    const order = await ordered(customer, [
      [b, 3],
      [a, 2],
      [c, 4],
    ]);
    const { status, body, trips } = await post(customer, `from-order/${order}`);
    expect({ status, trips }).toEqual({ status: 200, trips: 1 });
    expect(linesOf(body.data.cart)).toEqual([
      [a, 5],
      [b, 3],
      [c, 4],
    ]);
    expect(body.data).toMatchObject({ skipped: [], price_changes: [], cart: { total_amount: '120.00' } });
    expect((await post(customer, `from-order/${order}`)).body).toEqual(body);
  });

  it('says what it left out, and why', async () => {
    const customer = await newCustomer(shop);
    const [few, elsewhere, inactive, fine] = [await stocked(), await stocked(3), await stocked(), await stocked()];
    const order = await ordered(customer, [
      [few, 4],
      [elsewhere, 3],
      [inactive, 1],
      [fine, 1],
    ]);
    await shop.sql(
      `insert into stock_movements (inventory_id, delta, reason)
      select id, 3 - on_hand, 'ADJUSTMENT' from inventory where product_id = $1`,
      [few],
    );
    await makeStock(shop, { productId: elsewhere, branchId: goods.storeId, onHand: 9 });
    await shop.sql('update products set is_active = false where id = $1', [inactive]);
    const { body } = await post(customer, `from-order/${order}`);
    expect(linesOf(body.data.cart)).toEqual([[fine, 1]]);
    expect(body.data.skipped).toEqual([
      { product_id: few, reason: 'OUT_OF_STOCK_DELIVERY_BRANCH', available_quantity: 3 },
      { product_id: elsewhere, reason: 'OUT_OF_STOCK_DELIVERY_BRANCH', available_quantity: 0 },
      { product_id: inactive, reason: 'PRODUCT_INACTIVE', available_quantity: 0 },
    ]);
    await shop.sql(
      `insert into stock_movements (inventory_id, delta, reason)
      select id, -on_hand, 'ADJUSTMENT' from inventory where product_id = $1 and on_hand > 0`,
      [elsewhere],
    );
    const again = await post(customer, `from-order/${order}`);
    expect(again.body.data.skipped[1]).toMatchObject({ product_id: elsewhere, reason: 'OUT_OF_STOCK_ANYWHERE' });
  });

  it('does not skip what the cart holds already, in stock or not', async () => {
    const customer = await newCustomer(shop);
    const productId = await stocked();
    await addToCart(shop, customer, productId, 2);
    const order = await ordered(customer, [[productId, 2]]);
    await shop.sql(
      `insert into stock_movements (inventory_id, delta, reason)
      select id, -on_hand, 'ADJUSTMENT' from inventory where product_id = $1`,
      [productId],
    );
    const { body } = await post(customer, `from-order/${order}`);
    expect(body.data.skipped).toEqual([]);
    expect(linesOf(body.data.cart)).toEqual([[productId, 2]]);
  });

  it('names the prices that have changed', async () => {
    const customer = await newCustomer(shop);
    const [dearer, same] = [await stocked(100, '12.50'), await stocked()];
    const order = await ordered(customer, [
      [dearer, 1, '10.90'],
      [same, 1],
    ]);
    const { body } = await post(customer, `from-order/${order}`);
    expect(body.data.price_changes).toEqual([{ product_id: dearer, previous_price: '10.90', price: '12.50' }]);
    expect(body.data.cart.total_amount).toBe('22.50');
  });

  it('fills a cart to 200 lines and no further', async () => {
    const customer = await newCustomer(shop);
    const [first, second] = [await stocked(), await stocked()];
    await addToCart(shop, customer, goods.products[0]!.id, 1);
    await shop.sql(
      `with made as (
         insert into products (name, sku, price, category_id)
         select 'Filler ' || n, 'FILL-' || n, 1, $1 from generate_series(1, 198) n returning id)
       insert into cart_items (cart_id, product_id, quantity)
       select c.id, made.id, 1 from made cross join carts c where c.user_id = $2 and c.status = 'ACTIVE'`,
      [goods.categories.Bakery, customer.id],
    );
    const order = await ordered(customer, [
      [first, 1],
      [second, 1],
      [goods.products[0]!.id, 2],
    ]);
    const { body } = await post(customer, `from-order/${order}`);
    expect(body.data.cart.items).toHaveLength(200);
    expect(body.data.skipped).toEqual([{ product_id: second, reason: 'CART_FULL', available_quantity: 99 }]);
    expect(body.data.cart.items[0].quantity).toBe(2);
  });

  it('ends the hold of a checkout only if it changes the cart', async () => {
    const customer = await newCustomer(shop);
    const productId = await stocked();
    const order = await ordered(customer, [[productId, 2]]);
    const { body } = await post(customer, `from-order/${order}`);
    const terms = { cart_id: body.data.cart.id, fulfillment_type: 'PICKUP', branch_id: goods.warehouseId };
    await shop.request('POST', '/checkout/preview', { token: customer.token, body: terms });
    const same = await post(customer, `from-order/${order}`);
    expect(same.body.data.cart.reserved_until).not.toBeNull();
    const more = await ordered(customer, [[productId, 3]]);
    expect((await post(customer, `from-order/${more}`)).body.data.cart.reserved_until).toBeNull();
  });

  it("is for one's own orders that were placed", async () => {
    const customer = await newCustomer(shop);
    const order = await ordered(await newCustomer(shop), [[goods.products[0]!.id, 1]]);
    expect((await post(customer, `from-order/${order}`)).body.error.code).toBe('NOT_FOUND');
    const pending = await placeOrder(shop, {
      userId: customer.id,
      branchId: goods.warehouseId,
      lines: [{ productId: goods.products[0]!.id }],
      placedAt: null,
    });
    expect((await post(customer, `from-order/${pending.id}`)).status).toBe(404);
    expect((await post(customer, 'from-order/0')).status).toBe(400);
    expect((await post(customer, 'from-list/2000000000')).status).toBe(404);
  });

  it('makes one cart of two at once, with each product once', async () => {
    const customer = await newCustomer(shop);
    const order = await ordered(customer, [
      [await stocked(), 2],
      [await stocked(), 3],
    ]);
    const answers = await Promise.all(Array.from({ length: 6 }, () => post(customer, `from-order/${order}`)));
    for (const { status, body } of answers) {
      expect(status).toBe(200);
      expect(body).toEqual(answers[0]!.body);
    }
    expect(linesOf(answers[0]!.body.data.cart).map(([, quantity]) => quantity)).toEqual([2, 3]);
  });

  it('waits for a checkout of the cart, and leaves it alone', async () => {
    const customer = await newCustomer(shop);
    const order = await ordered(customer, [[await stocked(), 2]]);
    const { body } = await addToCart(shop, customer, await stocked(), 1);
    const steps = `update carts set status = 'CHECKING_OUT' where id = ${body.data.id}`;
    const refused = await overlap(shop, { steps }, () => post(customer, `from-order/${order}`));
    expect([refused.status, refused.body.error.code]).toEqual([409, 'CHECKOUT_IN_PROGRESS']);
    expect(linesOf((await shop.request('GET', '/cart', { token: customer.token })).body.data)).toHaveLength(1);
    await shop.sql(`update carts set status = 'ACTIVE' where id = $1`, [body.data.id]);
  });
});

describe('shopping by a list', () => {
  it('does the same, with the prices of when the products were put on the list', async () => {
    const customer = await newCustomer(shop);
    const [a, b] = [await stocked(), await stocked()];
    const list = await listed(customer, [
      [b, 2],
      [a, 1],
    ]);
    await shop.sql('update products set price = 9.50 where id = $1', [a]);
    const { body } = await post(customer, `from-list/${list}`);
    expect(linesOf(body.data.cart)).toEqual([
      [b, 2],
      [a, 1],
    ]);
    expect(body.data.price_changes).toEqual([{ product_id: a, previous_price: '10.00', price: '9.50' }]);
    expect((await post(customer, `from-list/${list}`)).body).toEqual(body);
    expect((await post(await newCustomer(shop), `from-list/${list}`)).status).toBe(404);
  });
});
