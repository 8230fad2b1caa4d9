import { beforeAll, describe, expect, it } from 'vitest';
import { addToCart, confirm, fillCart, newCustomer } from '../support/customer.ts';
import { makeProduct, makeStock, signInAs, type TestUser } from '../support/factories.ts';
import { openShop, type Shop } from '../support/shop.ts';
import { type StandardShop, standardShop } from '../support/standard-shop.ts';

let shop: Shop;
let goods: StandardShop;
let manager: TestUser & { token: string };
beforeAll(async () => {
  shop = await openShop();
  goods = await standardShop(shop);
  manager = await signInAs(shop, 'MANAGER');
});

const HOUR = 3_600_000;
const inHours = (hours: number) => new Date(Date.now() + hours * HOUR).toISOString();
const prices = (method: string, path = '', body?: unknown) =>
  shop.request(method, `/admin/prices${path}`, { token: manager.token, body });
const codeOf = ({ status, body }: { status: number; body: any }) => [status, body.error?.code];

async function stocked(price = '10.00'): Promise<number> {
  const productId = await makeProduct(shop, { price, categoryId: goods.categories.Bakery });
  await makeStock(shop, { productId, branchId: goods.warehouseId, onHand: 100 });
  return productId;
}
async function scheduled(productId: number, terms: object = {}): Promise<number> {
  const body = { product_id: productId, price: '8.00', starts_at: inHours(1), ends_at: inHours(2), ...terms };
  const answer = await prices('POST', '', body);
  if (answer.status !== 201) throw new Error(answer.text);
  return answer.body.data.id;
}
/** Time goes by: what was to begin or end has just done so by the database's clock. */
const begins = (id: number) => shop.sql(`update scheduled_prices set starts_at = now() where id = $1`, [id]);
const ends = (id: number) =>
  shop.sql(`update scheduled_prices set starts_at = now() - interval '1 hour', ends_at = now() where id = $1`, [id]);
const one = async (productId: number) => (await shop.request('GET', `/catalog/products/${productId}`)).body.data;
const statusOf = async (id: number) =>
  (await shop.sql<{ status: string }>('select status from scheduled_prices where id = $1', [id]))[0]?.status;

describe('a scheduled price', () => {
  it('begins and ends at its second', async () => {
    const productId = await stocked();
    const id = await scheduled(productId, { price: 8, old_price: '10.00' });
    expect(await one(productId)).toMatchObject({ price: '10.00', old_price: null });
    await begins(id);
    const begun = await shop.request('GET', `/catalog/products/${productId}`);
    expect(begun.body.data).toMatchObject({ price: '8.00', old_price: '10.00' });
    // The first reader finds it due, applies it, and reads again; the next ones do nothing of the kind.
    expect(begun.trips).toBe(3);
    expect((await shop.request('GET', `/catalog/products/${productId}`)).trips).toBe(1);
    const { body } = await prices('GET', `?product_id=${productId}`);
    expect(body.data).toMatchObject([{ id, status: 'ACTIVE', price_before: '10.00', created_by: manager.id }]);
    await ends(id);
    expect(await one(productId)).toMatchObject({ price: '10.00', old_price: null });
    expect(await statusOf(id)).toBe('FINISHED');
  });

  it.each([
    [
      'a list',
      (id: number) =>
        shop
          .request('GET', `/catalog/products?limit=100&category_id=${goods.categories.Bakery}`)
          .then(({ body }) => body.data.find((product: any) => product.id === id).price),
    ],
    [
      'a search',
      (id: number) =>
        shop
          .request('GET', `/catalog/products/search?q=Product&limit=100`)
          .then(({ body }) => body.data.find((product: any) => product.id === id).price),
    ],
    [
      'the featured products',
      (id: number) =>
        shop
          .request('GET', `/catalog/products/featured?limit=50`)
          .then(({ body }) => body.data.find((product: any) => product.id === id).price),
    ],
    [
      'the console',
      (id: number) =>
        shop
          .request('GET', `/admin/products?limit=1`, { token: manager.token })
          .then(({ body }) => body.data.find((product: any) => product.id === id).price),
    ],
  ])('is what %s shows first of all', async (_, priceOf) => {
    const productId = await stocked();
    await begins(await scheduled(productId));
    expect(await priceOf(productId)).toBe('8.00');
  });

  it('is what carts, wishlists and lists show, and what checkout asks for', async () => {
    const customer = await newCustomer(shop);
    const call = (method: string, path: string, body?: unknown) =>
      shop.request(method, path, { token: customer.token, body });
    const productId = await stocked();
    const cartId = await fillCart(shop, customer, [[productId, 2]]);
    await call('POST', '/store/wishlist', { product_id: productId });
    const list = (await call('POST', '/store/lists', { name: 'Weekly' })).body.data.id;
    await call('PUT', `/store/lists/${list}/items`, { items: [{ product_id: productId, quantity: 1 }] });
    const id = await scheduled(productId, { ends_at: null });
    const order = ['8.00', '7.00', '6.00', '5.00', '4.00'];
    const reads: (() => Promise<unknown>)[] = [
      async () => (await call('GET', '/cart')).body.data.items[0].unit_price,
      async () => (await call('GET', '/store/wishlist')).body.data.items[0].product.price,
      async () => (await call('GET', `/store/lists/${list}`)).body.data.items[0].product.price,
      async () => (await call('POST', `/cart/from-list/${list}`)).body.data.price_changes[0].price,
      async () => {
        const terms = { cart_id: cartId, fulfillment_type: 'PICKUP', branch_id: goods.warehouseId };
        return (Number((await call('POST', '/checkout/preview', terms)).body.data.cart_total) / 2).toFixed(2);
      },
    ];
    await begins(id);
    expect(await reads[0]!()).toBe(order[0]);
    for (let step = 1; step < reads.length; step++) {
      await begins(await scheduled(productId, { price: order[step], ends_at: null }));
      expect(await reads[step]!(), String(step)).toBe(order[step]);
    }
    await begins(await scheduled(productId, { price: '3.00', ends_at: null }));
    const paid = await confirm(shop, customer, {
      cart_id: cartId,
      fulfillment_type: 'PICKUP',
      branch_id: goods.warehouseId,
      expected_total: '8.00',
    });
    expect(paid.status).toBe(201);
  });

  it('sorts and filters lists from its first second on', async () => {
    const categoryId = (
      await shop.sql<{ id: number }>(`insert into categories (name) values ('Sorted') returning id`)
    )[0]!.id;
    const dear = await makeProduct(shop, { price: '50.00', categoryId });
    const cheap = await makeProduct(shop, { price: '20.00', categoryId });
    const list = async (query: string) =>
      (await shop.request('GET', `/catalog/products?category_id=${categoryId}&${query}`)).body;
    expect((await list('sort=price_asc')).data.map(({ id }: any) => id)).toEqual([cheap, dear]);
    const id = await scheduled(dear, { price: '5.00', old_price: '50.00' });
    await begins(id);
    expect((await list('sort=price_asc')).data.map(({ id }: any) => id)).toEqual([dear, cheap]);
    expect(await list('max_price=10')).toMatchObject({ data: [{ id: dear, price: '5.00' }], meta: { total: 1 } });
    expect(await list('on_sale=true')).toMatchObject({ data: [{ id: dear }], meta: { total: 1 } });
    await ends(id);
    expect(await list('max_price=10')).toMatchObject({ data: [], meta: { total: 0 } });
    expect((await list('sort=price_desc')).data.map(({ id }: any) => id)).toEqual([dear, cheap]);
  });

  it('follows another one, and starts from the price before both', async () => {
    const productId = await stocked();
    const middle = inHours(2);
    const first = await scheduled(productId, { price: '8.00', ends_at: middle });
    const second = await scheduled(productId, { price: '7.00', starts_at: middle, ends_at: inHours(3) });
    await begins(first);
    expect((await one(productId)).price).toBe('8.00');
    await ends(first);
    await begins(second);
    expect((await one(productId)).price).toBe('7.00');
    await ends(second);
    expect((await one(productId)).price).toBe('10.00');
  });

  it('that nobody saw leaves no trace', async () => {
    const productId = await stocked();
    const id = await scheduled(productId);
    await ends(id);
    expect((await one(productId)).price).toBe('10.00');
    expect(await statusOf(id)).toBe('FINISHED');
    const audit = await shop.sql(
      `select from audit_log where entity_type = 'product' and entity_id = $1 and action <> 'CREATE'`,
      [productId],
    );
    expect(audit).toEqual([]);
  });

  it('without an end is the price of the product from then on', async () => {
    const productId = await stocked();
    const id = await scheduled(productId, { price: '12.00', ends_at: null });
    expect(codeOf(await prices('POST', '', { product_id: productId, price: 9, starts_at: inHours(5) }))).toEqual([
      409,
      'PRICE_OVERLAP',
    ]);
    await begins(id);
    expect((await one(productId)).price).toBe('12.00');
    expect(await statusOf(id)).toBe('FINISHED');
    const sale = await scheduled(productId, { price: '9.00', starts_at: inHours(5), ends_at: inHours(6) });
    await begins(sale);
    await ends(sale);
    expect((await one(productId)).price).toBe('12.00');
  });

  it('gives way to a price that is set by hand, which its end leaves alone', async () => {
    const productId = await stocked();
    const id = await scheduled(productId);
    await begins(id);
    await one(productId);
    await shop.request('PATCH', `/admin/products/${productId}`, { token: manager.token, body: { price: '9.10' } });
    expect((await one(productId)).price).toBe('9.10');
    await ends(id);
    expect((await one(productId)).price).toBe('9.10');
  });

  it('is applied by the job when nobody asks', async () => {
    const productId = await stocked();
    await begins(await scheduled(productId));
    await shop.scheduled('*/5 * * * *');
    expect(await shop.sql('select price from products where id = $1', [productId])).toEqual([{ price: '8.00' }]);
  });

  it('is signed in the audit, as a change of the schedule', async () => {
    const productId = await stocked();
    const id = await scheduled(productId);
    await begins(id);
    await one(productId);
    const { body } = await shop.request('GET', `/admin/audit?entity_type=product&entity_id=${productId}`, {
      token: (await signInAs(shop, 'ADMIN')).token,
    });
    expect(body.data[0]).toMatchObject({
      action: 'PRICE_SCHEDULE',
      old_value: { price: 10 },
      new_value: { price: 8 },
      actor_user_id: null,
    });
    const rows = await shop.sql(
      `select action, actor_user_id from audit_log where entity_type = 'scheduled_price' and entity_id = $1 order by id limit 1`,
      [id],
    );
    expect(rows).toEqual([{ action: 'CREATE', actor_user_id: manager.id }]);
  });
});

describe('the schedule', () => {
  it('takes a start in the past as now', async () => {
    const productId = await stocked();
    const { body } = await prices('POST', '', {
      product_id: productId,
      price: '8.00',
      starts_at: inHours(-1),
      ends_at: inHours(1),
    });
    expect(body.data).toMatchObject({ status: 'ACTIVE', price_before: '10.00' });
    expect((await one(productId)).price).toBe('8.00');
  });

  it('has no two prices for one product at one time, and says which is in the way', async () => {
    const productId = await stocked();
    const period = { starts_at: inHours(10), ends_at: inHours(20) };
    const id = await scheduled(productId, period);
    const wanted = (from: number, to: number) => ({
      product_id: productId,
      price: '7.00',
      starts_at: inHours(from),
      ends_at: inHours(to),
    });
    for (const [from, to] of [
      [5, 11],
      [12, 13],
      [19, 30],
      [5, 30],
    ] as const) {
      const refused = await prices('POST', '', wanted(from, to));
      expect(codeOf(refused)).toEqual([409, 'PRICE_OVERLAP']);
      expect(refused.body.error.details).toEqual({ scheduled_price_id: id, ...period });
    }
    const later = await prices('POST', '', wanted(21, 22));
    expect(later.status).toBe(201);
    expect(codeOf(await prices('PATCH', `/${later.body.data.id}`, { starts_at: inHours(15) }))).toEqual([
      409,
      'PRICE_OVERLAP',
    ]);
    expect((await prices('POST', '', { ...wanted(12, 13), product_id: await stocked() })).status).toBe(201);
    const atOnce = await Promise.all(Array.from({ length: 5 }, () => prices('POST', '', wanted(40, 50))));
    expect(atOnce.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409]);
  });

  it('refuses times and prices that cannot be', async () => {
    const productId = await stocked();
    const wanted = { product_id: productId, price: '7.00', starts_at: inHours(1), ends_at: inHours(2) };
    for (const body of [
      { ...wanted, ends_at: wanted.starts_at },
      { ...wanted, ends_at: inHours(0.5) },
      { ...wanted, starts_at: inHours(-3), ends_at: inHours(-2) },
    ]) {
      expect(codeOf(await prices('POST', '', body))).toEqual([422, 'INVALID_PERIOD']);
    }
    for (const body of [
      { ...wanted, price: 0 },
      { ...wanted, price: 10_001 },
      { ...wanted, price: '7.005' },
      { ...wanted, starts_at: 'tomorrow' },
      { ...wanted, starts_at: '0000-01-01T00:00:00Z' },
      { ...wanted, starts_at: '2026-02-30T00:00:00Z' },
      { ...wanted, starts_at: undefined },
      { ...wanted, name: 'Sale' },
    ]) {
      expect((await prices('POST', '', body)).status, JSON.stringify(body)).toBe(400);
    }
    expect(codeOf(await prices('POST', '', { ...wanted, product_id: 2_000_000_000 }))).toEqual([
      404,
      'PRODUCT_NOT_FOUND',
    ]);
  });

  it('can be changed until it begins; then its end alone', async () => {
    const productId = await stocked();
    const id = await scheduled(productId);
    const until = inHours(9);
    const changed = await prices('PATCH', `/${id}`, { price: '6.50', old_price: null, ends_at: until });
    expect(changed.body.data).toMatchObject({ price: '6.50', ends_at: until, status: 'PENDING' });
    await begins(id);
    expect(codeOf(await prices('PATCH', `/${id}`, { price: '6.00' }))).toEqual([409, 'INVALID_STATUS']);
    expect((await prices('PATCH', `/${id}`, { ends_at: inHours(12) })).body.data.status).toBe('ACTIVE');
    expect(codeOf(await prices('PATCH', `/${id}`, { ends_at: inHours(-1) }))).toEqual([422, 'INVALID_PERIOD']);
    expect((await prices('PATCH', `/${id}`, { ends_at: null })).body.data).toMatchObject({
      status: 'FINISHED',
      ends_at: null,
    });
    expect((await one(productId)).price).toBe('6.50');
    expect(codeOf(await prices('PATCH', `/${id}`, { ends_at: inHours(1) }))).toEqual([409, 'INVALID_STATUS']);
    expect(codeOf(await prices('DELETE', `/${id}`))).toEqual([409, 'INVALID_STATUS']);
    expect(codeOf(await prices('PATCH', '/2000000000', { price: 5 }))).toEqual([404, 'NOT_FOUND']);
  });

  it('is deleted before its start, and ends at once after it', async () => {
    const productId = await stocked();
    const pending = await scheduled(productId);
    expect((await prices('DELETE', `/${pending}`)).body.data).toEqual({ success: true });
    expect(codeOf(await prices('DELETE', `/${pending}`))).toEqual([404, 'NOT_FOUND']);
    const active = await scheduled(productId);
    await begins(active);
    expect((await one(productId)).price).toBe('8.00');
    expect((await prices('DELETE', `/${active}`)).status).toBe(200);
    expect((await one(productId)).price).toBe('10.00');
    const { body } = await prices('GET', `?product_id=${productId}&status=FINISHED`);
    expect(body).toMatchObject({ data: [{ id: active }], meta: { total: 1 } });
  });

  it('is for managers', async () => {
    for (const role of ['EMPLOYEE', 'CUSTOMER'] as const) {
      const { token } = await signInAs(shop, role);
      expect((await shop.request('GET', '/admin/prices', { token })).status).toBe(403);
    }
  });
});

describe('a customer in checkout', () => {
  const inCheckout = async (productId: number) => {
    const customer = await newCustomer(shop);
    const cartId = (await addToCart(shop, customer, productId, 2)).body.data.id;
    const terms = { cart_id: cartId, fulfillment_type: 'PICKUP', branch_id: goods.warehouseId };
    const preview = () => shop.request('POST', '/checkout/preview', { token: customer.token, body: terms });
    return { customer, cartId, preview, pay: () => confirm(shop, customer, terms) };
  };

  it('pays what the preview showed while the hold lives', async () => {
    const productId = await stocked();
    const { preview, pay, customer } = await inCheckout(productId);
    expect((await preview()).body.data.total_amount).toBe('20.00');
    await begins(await scheduled(productId, { price: '13.00' }));
    const paid = await pay();
    expect(paid.body.data).toMatchObject({ total_paid: '20.00' });
    const order = await shop.request('GET', `/orders/${paid.body.data.order_id}`, { token: customer.token });
    expect(order.body.data.items[0].unit_price).toBe('10.00');
  });

  it('sees the new price in the cart and in the next preview', async () => {
    const productId = await stocked();
    const { preview, pay, customer } = await inCheckout(productId);
    await preview();
    await begins(await scheduled(productId, { price: '13.00' }));
    const cart = await shop.request('GET', '/cart', { token: customer.token });
    expect(cart.body.data.items[0].unit_price).toBe('13.00');
    expect((await preview()).body.data.total_amount).toBe('26.00');
    expect((await pay()).body.data.total_paid).toBe('26.00');
  });

  it('is told when the hold has lapsed', async () => {
    const productId = await stocked();
    const { cartId, preview, pay } = await inCheckout(productId);
    await preview();
    await begins(await scheduled(productId, { price: '13.00' }));
    await one(productId);
    await shop.sql(`update hold_lines set expires_at = now() where cart_id = $1`, [cartId]);
    await shop.sql(`update cart_items set kept_until = now() where cart_id = $1`, [cartId]);
    const refused = await pay();
    expect(refused.body.error).toMatchObject({
      code: 'PRICE_CHANGED',
      details: { previous_total: '20.00', total: '26.00' },
    });
    expect((await preview()).body.data.total_amount).toBe('26.00');
  });

  it('who then pays on other terms than those of the preview pays the new price', async () => {
    const productId = await stocked();
    await makeStock(shop, { productId, branchId: goods.storeId, onHand: 100 });
    const { customer, cartId, preview } = await inCheckout(productId);
    await preview();
    await begins(await scheduled(productId, { price: '13.00' }));
    await one(productId);
    const terms = { cart_id: cartId, fulfillment_type: 'PICKUP', branch_id: goods.storeId };
    expect((await confirm(shop, customer, terms)).body.data.total_paid).toBe('26.00');
  });

  it('who changes the cart has the new price', async () => {
    const productId = await stocked();
    const { customer, preview } = await inCheckout(productId);
    await preview();
    await begins(await scheduled(productId, { price: '13.00' }));
    await one(productId);
    await addToCart(shop, customer, productId, 1);
    expect((await preview()).body.data.total_amount).toBe('39.00');
  });
});
