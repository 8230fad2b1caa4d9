import { beforeAll, describe, expect, it } from 'vitest';
import { makeCategory } from '../support/factories.ts';
import { openShop, type Shop } from '../support/shop.ts';

const PRODUCTS = 2_400;
let shop: Shop;
let department: number;

beforeAll(async () => {
  shop = await openShop();
  department = await makeCategory(shop, { name: 'Everything' });
  const shelves = await Promise.all(
    ['Left', 'Right'].map((name) => makeCategory(shop, { name, parentId: department })),
  );
  const hidden = await makeCategory(shop, { name: 'Nothing', isActive: false });
  // Few prices, names, ratings and instants, so that the id has to decide; some that nobody sees.
  await shop.sql(
    `insert into products (name, sku, price, category_id, is_active, is_organic, rating_average, updated_at)
     select 'Product ' || n % 7, 'FAR-' || n, 1 + n % 5, ($1::integer[])[1 + n % 3], n % 11 <> 0, n % 2 = 0, 1 + n % 4,
       timestamptz '2026-01-01' + make_interval(days => n % 6)
     from generate_series(1, $2::integer) n`,
    [[...shelves, hidden], PRODUCTS * 2],
  );
});

const SEEN = 'p.is_active and p.category_id <> $1';
const orders = {
  price_asc: 'p.price, p.id',
  price_desc: 'p.price desc, p.id desc',
  name_asc: 'lower(p.name), p.id',
  name_desc: 'lower(p.name) desc, p.id desc',
  updated_at_desc: 'p.updated_at desc, p.id desc',
  rating_desc: 'p.rating_average desc, p.id desc',
};

/** The ids of all that is listed, in order, as the table of the products itself tells them. */
async function expected(order: string, condition = 'true'): Promise<number[]> {
  const [hidden] = await shop.sql<{ id: number }>(`select id from categories where name = 'Nothing'`);
  const rows = await shop.sql<{ id: number }>(
    `select p.id from products p where ${SEEN} and ${condition} order by ${order}`,
    [hidden?.id],
  );
  return rows.map(({ id }) => id);
}

async function page(query: Record<string, string | number | boolean>, offset: number, limit = 20) {
  const { status, body, trips } = await shop.request('GET', '/catalog/products', {
    query: { ...query, offset, limit },
  });
  expect({ status, trips }).toEqual({ status: 200, trips: 1 });
  return { ids: body.data.map(({ id }: { id: number }) => id), total: body.meta.total, hasNext: body.meta.has_next };
}

describe('a page far into a list', () => {
  it.each(Object.entries(orders))('sorted by %s is the same from whichever end it is read', async (sort, order) => {
    const all = await expected(order);
    expect(all.length).toBeGreaterThan(2_100);
    const middle = Math.floor(all.length / 2);
    for (const offset of [
      999,
      1_000,
      middle - 10,
      middle,
      middle + 1,
      all.length - 21,
      all.length - 20,
      all.length - 7,
    ]) {
      const { ids, total, hasNext } = await page({ sort }, offset);
      expect(ids, `offset ${offset}`).toEqual(all.slice(offset, offset + 20));
      expect({ total, hasNext }).toEqual({ total: all.length, hasNext: offset + 20 < all.length });
    }
  });

  it.each(['price_asc', 'updated_at_desc'] as const)('of a department, sorted by %s, too', async (sort) => {
    const all = await expected(orders[sort], 'p.is_organic');
    for (const offset of [1_000, all.length - 30, all.length - 3]) {
      const { ids } = await page({ sort, category_id: department, organic_only: true }, offset, 30);
      expect(ids, `offset ${offset}`).toEqual(all.slice(offset, offset + 30));
    }
  });

  it('beyond the end is empty, and tells the total', async () => {
    const all = await expected(orders.price_asc);
    for (const offset of [all.length, all.length + 1, 100_000]) {
      expect(await page({ sort: 'price_asc' }, offset)).toEqual({ ids: [], total: all.length, hasNext: false });
    }
    expect(await page({ min_price: '9000' }, 5_000)).toEqual({ ids: [], total: 0, hasNext: false });
  });
});
