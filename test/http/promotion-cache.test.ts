import { beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { signInAs } from '../support/factories.ts';
import { openShop, type Shop } from '../support/shop.ts';
import { type StandardShop, standardShop } from '../support/standard-shop.ts';

let shop: Shop;
let goods: StandardShop;
let manager: string;
beforeAll(async () => {
  shop = await openShop({ env: { PUBLIC_CACHE: 'on' } });
  goods = await standardShop(shop);
  manager = (await signInAs(shop, 'MANAGER')).token;
});

const realNow = Date.now;
let ahead = 0;
beforeEach(() => {
  ahead += 120_000;
  vi.spyOn(Date, 'now').mockImplementation(() => realNow() + ahead);
});

/** Moves the Worker's clock and stops it there; the database keeps its own. */
function later(seconds: number) {
  const now = Date.now() + seconds * 1000;
  vi.spyOn(Date, 'now').mockReturnValue(now);
}

const product = async () => {
  const answer = await shop.request('GET', `/catalog/products/${goods.products[0]!.id}`);
  return { trips: answer.trips, promotions: answer.body.data.promotions.map((one: any) => one.name) };
};

const listed = async (promotionId: number) =>
  (await shop.request('GET', '/catalog/products', { query: { promotion_id: promotionId } })).body.meta.total;

it('a product shows at once what a manager changes about promotions', async () => {
  later(0);
  expect((await product()).promotions).toEqual([]);
  const body = { name: 'Milk week', kind: 'PERCENT', value: 5, product_ids: [goods.products[0]!.id] };
  const { body: made } = await shop.request('POST', '/admin/promotions', { token: manager, body });
  expect((await product()).promotions).toEqual(['Milk week']);
  expect(await listed(made.data.id)).toBe(1);
  await shop.request('PATCH', `/admin/promotions/${made.data.id}`, { token: manager, body: { name: 'Milk month' } });
  expect((await product()).promotions).toEqual(['Milk month']);
  await shop.request('PATCH', `/admin/promotions/${made.data.id}/toggle`, { token: manager, body: { active: false } });
  expect((await product()).promotions).toEqual([]);
  expect(await listed(made.data.id)).toBe(0);
});

it('a promotion that begins or ends by the clock is seen within ten seconds', async () => {
  later(0);
  const body = { name: 'Soon', kind: 'PERCENT', value: 5, starts_at: '2090-01-01T00:00:00Z' };
  const { body: made } = await shop.request('POST', '/admin/promotions', { token: manager, body });
  later(1);
  expect(await product()).toEqual({ trips: 1, promotions: [] });
  // Its hour has come; nobody tells the Worker.
  await shop.sql('update promotions set starts_at = now() where id = $1', [made.data.id]);
  later(4);
  expect(await product()).toEqual({ trips: 0, promotions: [] });
  later(6);
  expect(await product()).toEqual({ trips: 1, promotions: ['Soon'] });
  await shop.sql('update promotions set ends_at = now() + interval $$1 microsecond$$ where id = $1', [made.data.id]);
  later(10);
  expect(await product()).toEqual({ trips: 1, promotions: [] });
});
