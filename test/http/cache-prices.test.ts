import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { signInAs } from '../support/factories.ts';
import { openShop, type Shop, type ShopResponse } from '../support/shop.ts';
import { type StandardShop, standardShop } from '../support/standard-shop.ts';

let shop: Shop;
let goods: StandardShop;
beforeAll(async () => {
  shop = await openShop({ env: { PUBLIC_CACHE: 'on' } });
  goods = await standardShop(shop);
});

const realNow = Date.now;
let ahead = 0;
beforeEach(async () => {
  ahead += 120_000;
  vi.spyOn(Date, 'now').mockImplementation(() => realNow() + ahead);
  await shop.sql(`delete from scheduled_prices`);
});
/** Moves the Worker's clock and stops it there; the database keeps its own. */
function later(seconds: number) {
  const now = Date.now() + seconds * 1000;
  vi.spyOn(Date, 'now').mockReturnValue(now);
}
const boundOf = ({ headers }: ShopResponse) => {
  const [, fresh, stale] = /^public, max-age=(\d+), stale-while-revalidate=(\d+)$/.exec(headers.get('cache-control')!)!;
  return Number(fresh) + Number(stale);
};
const schedule = (productId: number, seconds: number) =>
  shop.sql(
    `insert into scheduled_prices (product_id, price, starts_at) values ($1, 1, now() + make_interval(secs => $2))`,
    [productId, seconds],
  );
const comesTrue = () => shop.sql(`update scheduled_prices set starts_at = now()`);

describe('a cached answer before a scheduled price', () => {
  it.each([
    ['a product', () => `/catalog/products/${goods.products[0]!.id}`, (data: any) => data],
    ['a list', () => '/catalog/products?sort=price_asc', (data: any) => data[0]],
    ['a search', () => '/catalog/products/search?q=milk&sort=price_asc', (data: any) => data[0]],
    ['a category', () => `/catalog/categories/${goods.categories.Milk}/products`, (data: any) => data.find(isMilk)],
    ['the featured products', () => '/catalog/products/featured?limit=20', (data: any) => data.find(isMilk)],
  ])('%s ends at that second, in every tier and in the browser', async (_, path, shown) => {
    const { id } = goods.products[0]!;
    await shop.sql('update products set price = 2.90 where id = $1', [id]);
    await schedule(id, 6.5);
    later(0);
    const before = await shop.request('GET', path());
    expect(shown(before.body.data)).toMatchObject({ id, price: '2.90' });
    expect(boundOf(before)).toBeGreaterThanOrEqual(5);
    expect(boundOf(before)).toBeLessThanOrEqual(6);
    later(1);
    expect(await shop.request('GET', path())).toMatchObject({ trips: 0 });
    later(5.5);
    await comesTrue();
    const after = await shop.request('GET', path());
    expect(shown(after.body.data)).toMatchObject({ id, price: '1.00' });
    expect(after.trips).toBe(3);
  });

  it('lives as long as ever when the change is far away', async () => {
    await schedule(goods.products[1]!.id, 3_600);
    later(0);
    expect(boundOf(await shop.request('GET', `/catalog/products/${goods.products[1]!.id}`))).toBe(10);
  });

  it('ends at once where the price is scheduled for now', async () => {
    const { id } = goods.products[2]!;
    later(0);
    await shop.request('GET', `/catalog/products/${id}`);
    const { token } = await signInAs(shop, 'MANAGER');
    const body = { product_id: id, price: '3.30', starts_at: new Date().toISOString() };
    expect((await shop.request('POST', '/admin/prices', { token, body })).body.data.status).toBe('FINISHED');
    later(0.01);
    expect((await shop.request('GET', `/catalog/products/${id}`)).body.data.price).toBe('3.30');
  });
});

const isMilk = ({ id }: { id: number }) => id === goods.products[0]!.id;
