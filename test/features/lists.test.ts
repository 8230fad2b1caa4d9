import { beforeAll, describe, expect, it } from 'vitest';
import { makeProduct, makeStock, signInAs } from '../support/factories.ts';
import { placeOrder } from '../support/orders.ts';
import { openShop, type Shop } from '../support/shop.ts';
import { type StandardShop, standardShop } from '../support/standard-shop.ts';

let shop: Shop;
let goods: StandardShop;
beforeAll(async () => {
  shop = await openShop();
  goods = await standardShop(shop);
});

async function customer() {
  const user = await signInAs(shop);
  const call = (method: string, path: string, body?: unknown) =>
    shop.request(method, `/store${path}`, { token: user.token, body });
  const newList = async (name = 'Weekly shop'): Promise<number> =>
    (await call('POST', '/lists', { name })).body.data.id;
  return { ...user, call, newList };
}
const line = (index: number, quantity = 1) => ({ product_id: goods.products[index]!.id, quantity });
const codeOf = ({ status, body }: { status: number; body: any }) => [status, body.error?.code];

describe('shopping lists', () => {
  it('are made, filled, renamed and deleted', async () => {
    const { call } = await customer();
    const made = await call('POST', '/lists', { name: '  Weekly shop ' });
    expect(made.status).toBe(201);
    expect(made.body.data).toMatchObject({ name: 'Weekly shop', items: [] });
    const path = `/lists/${made.body.data.id}`;

    const filled = await call('PUT', `${path}/items`, { items: [line(3, 2), line(0, 1)] });
    expect(filled.body.data.items).toMatchObject([
      { ...line(3, 2), product: { name: 'Cottage cheese', price: '6.20', is_active: true, in_stock_anywhere: true } },
      { ...line(0, 1), product: { name: 'Fresh milk 3%', price: '7.90' } },
    ]);
    expect((await call('GET', path)).body.data).toEqual(filled.body.data);

    const replaced = await call('PUT', `${path}/items`, { items: [line(0, 4), line(5)] });
    expect(replaced.body.data.items).toMatchObject([line(0, 4), line(5)]);
    expect((await call('PATCH', path, { name: 'Party' })).body.data).toMatchObject({ name: 'Party' });
    expect((await call('PUT', `${path}/items`, { items: [] })).body.data.items).toEqual([]);

    expect((await call('DELETE', path)).body.data).toEqual({ success: true });
    expect(codeOf(await call('GET', path))).toEqual([404, 'NOT_FOUND']);
    expect(codeOf(await call('DELETE', path))).toEqual([404, 'NOT_FOUND']);
  });

  it('are listed by name, a page at a time', async () => {
    const { call, newList } = await customer();
    for (const name of ['b', 'C', 'a', 'ä']) await newList(name);
    const all = await call('GET', '/lists');
    expect(all.body.data.map(({ name }: any) => name)).toEqual(['a', 'ä', 'b', 'C']);
    const second = await call('GET', '/lists?limit=2&offset=2');
    expect(second.body.data.map(({ name }: any) => name)).toEqual(['b', 'C']);
    expect(second.body.meta).toEqual({ total: 4, limit: 2, offset: 2, has_next: false });
  });

  it('have names of their own for each customer, however they are written', async () => {
    const { call, newList } = await customer();
    const other = await customer();
    await newList('Café list');
    expect(codeOf(await call('POST', '/lists', { name: 'CAFE\u0301  list' }))).toEqual([409, 'LIST_EXISTS']);
    const id = await newList('Second');
    expect(codeOf(await call('PATCH', `/lists/${id}`, { name: 'café List' }))).toEqual([409, 'LIST_EXISTS']);
    expect((await call('PATCH', `/lists/${id}`, { name: 'SECOND' })).body.data.name).toBe('SECOND');
    expect((await other.call('POST', '/lists', { name: 'Café list' })).status).toBe(201);
  });

  it("are nobody else's", async () => {
    const { newList } = await customer();
    const id = await newList();
    const other = await customer();
    for (const [method, path, body] of [
      ['GET', ''],
      ['PATCH', '', { name: 'Mine' }],
      ['PUT', '/items', { items: [] }],
      ['DELETE', ''],
    ] as const) {
      expect(codeOf(await other.call(method, `/lists/${id}${path}`, body)), method).toEqual([404, 'NOT_FOUND']);
    }
    expect((await other.call('GET', '/lists')).body.data).toEqual([]);
    const employee = await signInAs(shop, 'EMPLOYEE');
    expect((await shop.request('GET', '/store/lists', { token: employee.token })).status).toBe(403);
  });

  it('are at most 50, also when two are made at once', async () => {
    const { id, call } = await customer();
    await shop.sql(`insert into shopping_lists (user_id, name) select $1, 'List ' || n from generate_series(1, 49) n`, [
      id,
    ]);
    const answers = await Promise.all(['One', 'Two', 'Three'].map((name) => call('POST', '/lists', { name })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 422, 422]);
    const refused = answers.find(({ status }) => status === 422)!;
    expect(refused.body.error).toMatchObject({ code: 'LIST_LIMIT', details: { maximum: 50 } });
  });

  it('have at most 200 products', async () => {
    const { call, newList } = await customer();
    const id = await newList();
    const made = await shop.sql<{ id: number }>(
      `insert into products (name, sku, price, category_id) select 'Many ' || n, 'MANY-' || n, 1, $1
       from generate_series(1, 201) n returning id`,
      [goods.categories.Bakery],
    );
    const items = made.map((product) => ({ product_id: product.id, quantity: 1 }));
    const refused = await call('PUT', `/lists/${id}/items`, { items });
    expect(refused.status).toBe(422);
    expect(refused.body.error).toMatchObject({ code: 'LIST_LIMIT', details: { maximum: 200 } });
    const full = await call('PUT', `/lists/${id}/items`, { items: items.slice(0, 200) });
    expect(full.body.data.items).toHaveLength(200);
  });

  it('take what is on sale, and keep what no longer is', async () => {
    const { call, newList } = await customer();
    const id = await newList();
    const gone = await makeProduct(shop);
    await call('PUT', `/lists/${id}/items`, { items: [{ product_id: gone, quantity: 1 }] });
    await shop.sql('update products set is_active = false where id = $1', [gone]);
    const kept = await call('PUT', `/lists/${id}/items`, { items: [{ product_id: gone, quantity: 3 }, line(1)] });
    expect(kept.body.data.items).toMatchObject([{ quantity: 3, product: { is_active: false } }, line(1)]);

    const other = await newList('Other');
    const items = [{ product_id: gone, quantity: 1 }, { product_id: 2_000_000_000, quantity: 1 }, line(1)];
    const refused = await call('PUT', `/lists/${other}/items`, { items });
    expect(refused.status).toBe(404);
    expect(refused.body.error).toMatchObject({
      code: 'PRODUCT_NOT_FOUND',
      details: { product_ids: [gone, 2_000_000_000] },
    });
    expect((await call('GET', `/lists/${other}`)).body.data.items).toEqual([]);
  });

  it('refuse what is no list', async () => {
    const { call, newList } = await customer();
    const id = await newList();
    for (const items of [[line(0), line(0, 2)], [line(0, 0)], [line(0, 10_001)], [{ product_id: 1 }], 'milk', null]) {
      expect((await call('PUT', `/lists/${id}/items`, { items })).status, JSON.stringify(items)).toBe(400);
    }
    for (const name of ['', ' ', 'x'.repeat(51), 'a\u202eb', 5]) {
      expect((await call('POST', '/lists', { name })).status, String(name)).toBe(400);
    }
  });
});

describe('what a customer usually buys', () => {
  it('is what was bought often and of late, on sale, and by this customer', async () => {
    const { id: userId, call } = await customer();
    const products = await Promise.all(
      ['often', 'late', 'old', 'gone', 'canceled'].map((name) => makeProduct(shop, { name })),
    );
    const [often, late, old, gone, canceled] = products as [number, number, number, number, number];
    for (const productId of products) await makeStock(shop, { productId, branchId: goods.storeId, onHand: 100 });
    const buy = (days: number, bought: [number, number][], status = 'CREATED') =>
      placeOrder(shop, {
        userId,
        branchId: goods.storeId,
        status,
        placedAt: new Date(Date.now() - days * 86_400_000).toISOString(),
        lines: bought.map(([productId, quantity]) => ({ productId, quantity })),
      });
    await buy(400, [[old, 1]]);
    await buy(399, [[old, 1]]);
    await buy(20, [
      [often, 5],
      [gone, 1],
    ]);
    await buy(10, [[often, 2]]);
    await buy(1, [[late, 3]]);
    await buy(1, [[canceled, 1]], 'CANCELED');
    await shop.sql('update products set is_active = false where id = $1', [gone]);

    const { body } = await call('GET', '/usuals');
    expect(body.data).toMatchObject([
      { product_id: often, times_ordered: 2, last_quantity: 2, product: { name: 'often', price: '10.00' } },
      { product_id: late, times_ordered: 1, last_quantity: 3 },
      { product_id: old, times_ordered: 2 },
    ]);
    expect(body.meta.total).toBe(3);
    const page = await call('GET', '/usuals?limit=1&offset=1');
    expect(page.body.data).toEqual([body.data[1]]);
    expect((await (await customer()).call('GET', '/usuals')).body.data).toEqual([]);
  });
});
