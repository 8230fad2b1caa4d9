import { beforeAll, describe, expect, it } from 'vitest';
import { addToCart, type Customer, newCustomer } from '../support/customer.ts';
import { makeBranch, makeCategory, makeProduct, makeStock } from '../support/factories.ts';
import { openShop, type Shop } from '../support/shop.ts';
import { type StandardShop, standardShop } from '../support/standard-shop.ts';

let shop: Shop;
let goods: StandardShop;
beforeAll(async () => {
  shop = await openShop();
  goods = await standardShop(shop);
});

const call = (customer: Customer, method: string, path: string, body?: unknown) =>
  shop.request(method, `/cart${path}`, { token: customer.token, ...(body === undefined ? {} : { body }) });

describe('the open cart', () => {
  it('is made on first use and stays the same, for one trip a request', async () => {
    const customer = await newCustomer(shop);
    const first = await call(customer, 'GET', '');
    expect(first).toMatchObject({ status: 200, trips: 1 });
    expect(first.body.data).toMatchObject({
      user_id: customer.id,
      total_amount: '0.00',
      items: [],
      reserved_until: null,
    });
    expect((await call(customer, 'GET', '')).body.data.id).toBe(first.body.data.id);
  });

  it('adds, sets, replaces, removes and empties', async () => {
    const customer = await newCustomer(shop);
    const [milk, bread] = [goods.products[0]!, goods.products[5]!];
    const added = await addToCart(shop, customer, milk.id, 2);
    expect(added.trips).toBe(1);
    const item = added.body.data.items[0];
    expect(item).toMatchObject({ product_name: milk.name, sku: milk.sku, unit_price: '7.90', line_total: '15.80' });
    const set = await call(customer, 'PUT', `/items/${item.id}`, { quantity: 5 });
    expect(set).toMatchObject({ status: 200, trips: 1 });
    expect(set.body.data.items).toMatchObject([{ id: item.id, quantity: 5 }]);
    const replaced = await call(customer, 'PUT', `/items/${item.id}`, { quantity: 1, product_id: bread.id });
    expect(replaced.body.data.items).toMatchObject([{ product_id: bread.id, quantity: 1 }]);
    await addToCart(shop, customer, milk.id, 1);
    const removed = await call(customer, 'DELETE', `/items/${replaced.body.data.items[0].id}`);
    expect(removed).toMatchObject({ status: 200, trips: 1 });
    expect(removed.body.data.items).toMatchObject([{ product_id: milk.id }]);
    const emptied = await call(customer, 'DELETE', '');
    expect(emptied).toMatchObject({ status: 200, trips: 1 });
    expect(emptied.body.data.items).toEqual([]);
  });

  it('makes one line of eight parallel adds', async () => {
    const customer = await newCustomer(shop);
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => addToCart(shop, customer, goods.products[1]!.id, 2)),
    );
    expect(answers.every((answer) => answer.status === 201)).toBe(true);
    const { body } = await call(customer, 'GET', '');
    expect(body.data.items).toMatchObject([{ quantity: 16 }]);
  });

  it('shows the present price, and what can still be taken', async () => {
    const customer = await newCustomer(shop);
    const product = await makeProduct(shop, { price: '5.00' });
    await makeStock(shop, { productId: product, branchId: goods.warehouseId, onHand: 3 });
    await addToCart(shop, customer, product, 3);
    await shop.sql('update products set price = 6 where id = $1', [product]);
    await shop.sql(
      `insert into stock_movements (inventory_id, delta, reason)
                    select id, -1, 'DAMAGE' from inventory where product_id = $1`,
      [product],
    );
    const { body } = await call(customer, 'GET', '');
    expect(body.data).toMatchObject({ total_amount: '18.00' });
    expect(body.data.items[0]).toMatchObject({ unit_price: '6.00', available_quantity: 2, is_available: false });
    await shop.sql('update products set is_active = false where id = $1', [product]);
    expect((await call(customer, 'GET', '')).body.data.items[0]).toMatchObject({
      available_quantity: 0,
      is_available: false,
    });
  });
});

describe('what a cart refuses', () => {
  it.each([0, -1, 1.5, 10_001, '3', null])('a quantity of %s', async (quantity) => {
    const customer = await newCustomer(shop);
    const answer = await call(customer, 'POST', '/items', { product_id: goods.products[0]!.id, quantity });
    expect([answer.status, answer.body.error.code]).toEqual([400, 'VALIDATION_ERROR']);
    expect(answer.body.error.details.errors[0].path).toBe('quantity');
  });

  it('absent, switched-off and hidden products', async () => {
    const customer = await newCustomer(shop);
    const hiddenCategory = await makeCategory(shop, { isActive: false });
    const below = await makeCategory(shop, { parentId: hiddenCategory });
    const products = [
      999_999,
      await makeProduct(shop, { isActive: false }),
      await makeProduct(shop, { categoryId: hiddenCategory }),
      await makeProduct(shop, { categoryId: below }),
    ];
    for (const product of products) {
      const { status, body } = await addToCart(shop, customer, product);
      expect([status, body.error.code]).toEqual([404, 'PRODUCT_INACTIVE']);
    }
  });

  it('more than there is, and says what there is', async () => {
    const customer = await newCustomer(shop);
    const [nowhere, elsewhere] = [await makeProduct(shop), await makeProduct(shop)];
    await makeStock(shop, { productId: elsewhere, branchId: await makeBranch(shop), onHand: 5 });
    const none = await addToCart(shop, customer, nowhere, 2);
    expect(none.body.error).toMatchObject({
      code: 'OUT_OF_STOCK_ANYWHERE',
      status_code: 409,
      details: { product_id: nowhere, requested_quantity: 2, available_quantity: 0 },
    });
    const notHere = await addToCart(shop, customer, elsewhere, 2);
    expect(notHere.body.error).toMatchObject({ code: 'OUT_OF_STOCK_DELIVERY_BRANCH', status_code: 409 });
    const shut = await makeProduct(shop);
    await makeStock(shop, { productId: shut, branchId: await makeBranch(shop, { isActive: false }), onHand: 5 });
    expect((await addToCart(shop, customer, shut)).body.error.code).toBe('OUT_OF_STOCK_ANYWHERE');
  });

  it('a sum past 10000', async () => {
    const customer = await newCustomer(shop);
    const product = await makeProduct(shop);
    await makeStock(shop, { productId: product, branchId: goods.warehouseId, onHand: 20_000 });
    expect((await addToCart(shop, customer, product, 10_000)).status).toBe(201);
    const answer = await addToCart(shop, customer, product, 1);
    expect([answer.status, answer.body.error.code]).toEqual([422, 'QUANTITY_TOO_LARGE']);
  });

  it("another customer's line", async () => {
    const [owner, other] = [await newCustomer(shop), await newCustomer(shop)];
    const added = await addToCart(shop, owner, goods.products[0]!.id);
    const path = `/items/${added.body.data.items[0].id}`;
    for (const answer of [await call(other, 'PUT', path, { quantity: 1 }), await call(other, 'DELETE', path)]) {
      expect([answer.status, answer.body.error.code]).toEqual([404, 'NOT_FOUND']);
    }
  });

  it('any change while it is being paid for', async () => {
    const customer = await newCustomer(shop);
    const added = await addToCart(shop, customer, goods.products[0]!.id);
    await shop.sql(`update carts set status = 'CHECKING_OUT' where id = $1`, [added.body.data.id]);
    const item = `/items/${added.body.data.items[0].id}`;
    const answers = [
      await addToCart(shop, customer, goods.products[0]!.id),
      await call(customer, 'PUT', item, { quantity: 2 }),
      await call(customer, 'DELETE', item),
      await call(customer, 'DELETE', ''),
    ];
    for (const { status, body } of answers) expect([status, body.error.code]).toEqual([409, 'CHECKOUT_IN_PROGRESS']);
    expect((await call(customer, 'GET', '')).body.data.items).toHaveLength(1);
  });
});
