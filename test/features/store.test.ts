import { beforeAll, describe, expect, it } from 'vitest';
import { makeBranch, makeCategory, makeProduct, makeStock, makeUser, signIn, signInAs } from '../support/factories.ts';
import { openShop, type Shop } from '../support/shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});

async function signedIn(role: 'CUSTOMER' | 'EMPLOYEE' | 'ADMIN' = 'CUSTOMER') {
  const user = await signInAs(shop, role);
  const call = (method: string, path: string, body?: unknown, query = {}) =>
    shop.request(method, `/store${path}`, { token: user.token, query, ...(body === undefined ? {} : { body }) });
  return { ...user, call };
}

describe('shipping info', () => {
  it('is for everybody, worded with the present settings', async () => {
    const answer = await shop.request('GET', '/store/shipping-info');
    expect(answer.status).toBe(200);
    expect(answer.trips).toBeLessThanOrEqual(1);
    const { policies } = answer.body.data;
    expect(policies.map(({ key }: { key: string }) => key)).toEqual(['delivery', 'pickup', 'returns']);
    expect(policies[0].body).toContain('30.00 ILS and is free from 150.00 ILS');
    expect(policies[1].body).toContain('between 06:00 and 22:00');
  });
});

describe('the wishlist', () => {
  it('takes a product once: 201, then 200', async () => {
    const { call } = await signedIn();
    const productId = await makeProduct(shop, { name: 'Oat drink', price: '12.90' });
    const added = await call('POST', '/wishlist', { product_id: productId });
    expect(added).toMatchObject({ status: 201, trips: 1 });
    expect(added.body.data).toEqual({
      product_id: productId,
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      product: { name: 'Oat drink', price: '12.90', image_url: null, is_active: true, in_stock_anywhere: false },
    });
    const again = await call('POST', '/wishlist', { product_id: productId });
    expect(again).toMatchObject({ status: 200, trips: 1 });
    expect(again.body.data).toEqual(added.body.data);
    const listed = await call('GET', '/wishlist');
    expect(listed).toMatchObject({ status: 200, trips: 1 });
    expect(listed.body.data).toEqual({ items: [added.body.data] });
    expect(listed.headers.get('cache-control')).toBe('no-store');
  });

  it('answers exactly one 201 to ten posts at once', async () => {
    const { call } = await signedIn();
    const productId = await makeProduct(shop);
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => call('POST', '/wishlist', { product_id: productId })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array(9).fill(200), 201]);
    expect((await call('GET', '/wishlist')).body.data.items).toHaveLength(1);
  });

  it('lists the newest first, and is of its customer alone', async () => {
    const { call } = await signedIn();
    const ids = [await makeProduct(shop), await makeProduct(shop), await makeProduct(shop)];
    for (const product_id of ids) await call('POST', '/wishlist', { product_id });
    const listed = (await call('GET', '/wishlist')).body.data.items;
    expect(listed.map((item: any) => item.product_id)).toEqual(ids.toReversed());
    const other = await signedIn();
    expect((await other.call('GET', '/wishlist')).body.data).toEqual({ items: [] });
    expect((await other.call('DELETE', `/wishlist/${ids[0]}`)).body.data).toEqual({ removed: false });
    expect((await call('GET', '/wishlist')).body.data.items).toHaveLength(3);
  });

  it('counts as in stock what a customer can still take in some branch', async () => {
    const { id, call } = await signedIn();
    const productId = await makeProduct(shop);
    await makeStock(shop, { productId, branchId: await makeBranch(shop), onHand: 0 });
    await makeStock(shop, { productId, branchId: await makeBranch(shop, { isActive: false }), onHand: 9 });
    const inventoryId = await makeStock(shop, { productId, branchId: await makeBranch(shop), onHand: 2 });
    await call('POST', '/wishlist', { product_id: productId });
    const inStock = async () => (await call('GET', '/wishlist')).body.data.items[0].product.in_stock_anywhere;
    expect(await inStock()).toBe(true);
    const [cart] = await shop.sql('insert into carts (user_id) values ($1) returning id', [id]);
    const hold = `insert into hold_lines (inventory_id, cart_id, quantity, expires_at) values ($1, $2, 2, now() + interval '5 min')`;
    await shop.sql(hold, [inventoryId, cart!.id]);
    expect(await inStock()).toBe(false);
    await shop.sql(`update hold_lines set expires_at = now() where inventory_id = $1`, [inventoryId]);
    expect(await inStock()).toBe(true);
  });

  it('keeps what is no longer on sale, but does not take it', async () => {
    const { call } = await signedIn();
    const parentId = await makeCategory(shop);
    const productId = await makeProduct(shop);
    const shelved = await makeProduct(shop, { categoryId: await makeCategory(shop, { parentId }) });
    for (const product_id of [productId, shelved]) await call('POST', '/wishlist', { product_id });
    await shop.sql('update products set is_active = false where id = $1', [productId]);
    await shop.sql('update categories set is_active = false where id = $1', [parentId]);
    const listed = (await call('GET', '/wishlist')).body.data.items;
    expect(listed.map((item: any) => item.product.is_active)).toEqual([false, false]);
    const other = await signedIn();
    for (const product_id of [productId, shelved, 2_147_483_647]) {
      const refused = await other.call('POST', '/wishlist', { product_id });
      expect(refused.status).toBe(404);
      expect(refused.body.error.code).toBe('PRODUCT_NOT_FOUND');
    }
  });

  it('says whether there was something to remove', async () => {
    const { call } = await signedIn();
    const productId = await makeProduct(shop);
    await call('POST', '/wishlist', { product_id: productId });
    const removed = await call('DELETE', `/wishlist/${productId}`);
    expect(removed).toMatchObject({ status: 200, trips: 1 });
    expect(removed.body.data).toEqual({ removed: true });
    expect((await call('DELETE', `/wishlist/${productId}`)).body.data).toEqual({ removed: false });
  });

  it('refuses bad ids and holds 500 products at most', async () => {
    const { id, call } = await signedIn();
    for (const product_id of [0, -1, 1.5, '1', null, 2_147_483_648, undefined]) {
      expect((await call('POST', '/wishlist', { product_id })).status, String(product_id)).toBe(400);
    }
    for (const path of ['0', '-1', 'abc', '2147483648']) {
      expect((await call('DELETE', `/wishlist/${path}`)).status, path).toBe(400);
    }
    const categoryId = await makeCategory(shop);
    const made = `
      with made as (
        insert into products (name, sku, price, category_id)
        select 'Wish ' || n, 'WISH-' || n, 1, $2 from generate_series(1, 500) n returning id)
      insert into wishlist_items (user_id, product_id) select $1, id from made returning product_id`;
    const [wish] = await shop.sql(made, [id, categoryId]);
    expect((await call('POST', '/wishlist', { product_id: wish!.product_id })).status).toBe(200);
    const refused = await call('POST', '/wishlist', { product_id: await makeProduct(shop) });
    expect(refused.status).toBe(422);
    expect(refused.body.error).toMatchObject({ code: 'UNPROCESSABLE', details: { maximum: 500 } });
  });

  it('is closed to staff without the role and open to administrators', async () => {
    const employee = await signedIn('EMPLOYEE');
    expect((await employee.call('GET', '/wishlist')).status).toBe(403);
    expect((await employee.call('POST', '/wishlist', { product_id: 'x' })).status).toBe(403);
    expect((await (await signedIn('ADMIN')).call('GET', '/wishlist')).status).toBe(200);
  });
});

describe('notifications', () => {
  /** Written by the database when an order is placed, moves on, or is refunded. */
  async function placedOrder(userId: number, number: string): Promise<number> {
    const branchId = await makeBranch(shop);
    const [order] = await shop.sql(
      `insert into orders (order_number, user_id, fulfillment_type, branch_id, goods_total, total_amount, currency, window_start, window_end)
       values ($1, $2, 'PICKUP', $3, 50, 50, 'ILS', now(), now() + interval '2 hours') returning id`,
      [number, userId, branchId],
    );
    await shop.sql('update orders set placed_at = now() where id = $1', [order!.id]);
    return order!.id;
  }

  it('tell the customer of each status, newest first, in one trip', async () => {
    const { id, call } = await signedIn();
    const orderId = await placedOrder(id, 'N-1001');
    await shop.sql(`update orders set status = 'IN_PROGRESS' where id = $1`, [orderId]);
    await shop.sql(`update orders set status = 'READY' where id = $1`, [orderId]);
    const listed = await call('GET', '/notifications');
    expect(listed).toMatchObject({ status: 200, trips: 1 });
    const { items, unread_count } = listed.body.data;
    expect(unread_count).toBe(3);
    expect(items.map((item: any) => item.title)).toEqual([
      'Order ready for pickup',
      'Order being prepared',
      'Order received',
    ]);
    expect(items[0]).toEqual({
      id: expect.any(Number),
      type: 'ORDER_STATUS',
      title: 'Order ready for pickup',
      body: 'Order N-1001 is ready. Come and collect it.',
      order_id: orderId,
      read_at: null,
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    });
  });

  it('are marked as read by id or all at once, those of others never', async () => {
    const { id, call } = await signedIn();
    const other = await signedIn();
    await placedOrder(other.id, 'N-2001');
    const orderId = await placedOrder(id, 'N-2002');
    await shop.sql(`update orders set status = 'CANCELED' where id = $1`, [orderId]);
    const [newest] = (await call('GET', '/notifications')).body.data.items;
    const [foreign] = (await other.call('GET', '/notifications')).body.data.items;
    const read = await call('POST', '/notifications/read', { ids: [newest.id, foreign.id, 2_147_483_647] });
    expect(read).toMatchObject({ status: 200, trips: 1 });
    expect(read.body.data).toEqual({ unread_count: 1 });
    const { items } = (await call('GET', '/notifications')).body.data;
    expect(items.map((item: any) => item.read_at)).toEqual([expect.stringMatching(/Z$/), null]);
    expect((await other.call('GET', '/notifications')).body.data.unread_count).toBe(1);
    expect((await call('POST', '/notifications/read', { ids: [] })).body.data).toEqual({ unread_count: 1 });
    expect((await call('POST', '/notifications/read')).body.data).toEqual({ unread_count: 0 });
    const after = (await call('GET', '/notifications')).body.data.items;
    expect(after[0].read_at).toBe(items[0].read_at);
    expect((await other.call('GET', '/notifications')).body.data.unread_count).toBe(1);
  });

  it('tell an employee what became of a stock request', async () => {
    const employee = await signedIn('EMPLOYEE');
    const [request] = await shop.sql(
      `insert into stock_requests (branch_id, product_id, quantity, request_type, actor_user_id)
       values ($1, $2, 7, 'ADD_QUANTITY', $3) returning id`,
      [await makeBranch(shop), await makeProduct(shop, { name: 'Challah' }), employee.id],
    );
    await shop.sql(`update stock_requests set status = 'REJECTED', rejection_reason = 'Enough there' where id = $1`, [
      request!.id,
    ]);
    const { items } = (await employee.call('GET', '/notifications')).body.data;
    expect(items).toMatchObject([
      { type: 'STOCK_REQUEST', order_id: null, body: 'Your request for Challah was rejected: Enough there' },
    ]);
  });

  it('come in pages of 50 unless told otherwise; the count is of all', async () => {
    const user = await makeUser(shop);
    const token = await signIn(shop, user);
    await shop.sql(
      `insert into notifications (user_id, type, data)
       select $1, 'REFUND', jsonb_build_object('amount', n || '.00', 'currency', 'ILS', 'order_number', 'N-3') from generate_series(1, 120) n`,
      [user.id],
    );
    const page = async (query: Record<string, number | string>) =>
      shop.request('GET', '/store/notifications', { token, query });
    const first = (await page({})).body.data;
    expect(first.items).toHaveLength(50);
    expect(first.unread_count).toBe(120);
    expect(first.items[0].body).toContain('120.00 ILS');
    expect((await page({ limit: 500 })).body.data.items).toHaveLength(100);
    const rest = (await page({ limit: 50, offset: 100 })).body.data.items;
    expect(rest.map((item: any) => item.body.slice(0, 5))).toEqual(
      Array.from({ length: 20 }, (_, index) => `${20 - index}.00 `.slice(0, 5)),
    );
    for (const limit of ['0', '-1', 'many']) expect((await page({ limit })).status, limit).toBe(400);
    const bad = await shop.request('POST', '/store/notifications/read', { token, body: { ids: [0] } });
    expect(bad.status).toBe(400);
    expect((await shop.request('GET', '/store/notifications')).status).toBe(401);
  });
});
