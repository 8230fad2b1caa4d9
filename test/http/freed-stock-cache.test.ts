import { beforeAll, expect, it } from 'vitest';
import { amending } from '../support/amendments.ts';
import { type AuthorizingShop, authorizingShop } from '../support/authorized.ts';
import { makeProduct, makeStock } from '../support/factories.ts';
import { openShop, type Shop, type ShopResponse } from '../support/shop.ts';

let shop: Shop;
let floor: AuthorizingShop;
let change: ReturnType<typeof amending>;
beforeAll(async () => {
  shop = await openShop({ env: { PUBLIC_CACHE: 'on' } });
  floor = await authorizingShop(shop);
  change = amending(shop);
});

type Order = Awaited<ReturnType<AuthorizingShop['ordered']>>;

async function stocked(): Promise<number> {
  const productId = await makeProduct(shop, { price: '9.00' });
  await makeStock(shop, { productId, branchId: floor.goods.warehouseId, onHand: 2 });
  return productId;
}

const available = async (productId: number) =>
  (await shop.request('GET', `/catalog/products/${productId}`)).body.data.available_quantity;
const byStaff = (method: 'POST' | 'PATCH', path: string, body: object): Promise<ShopResponse> =>
  shop.request(method, path, { token: floor.admin, body });
const firstItem = async ({ customer, id }: Order) => (await change.orderOf(customer, id)).items[0].id;
const pick = async (order: Order) =>
  byStaff('PATCH', `/ops/orders/${order.id}/items/${await firstItem(order)}/picked-status`, {
    picked_status: 'PICKED',
  });
const propose = async (order: Order, product_id: number) =>
  byStaff('POST', `/ops/orders/${order.id}/items/${await firstItem(order)}/proposals`, { product_id, quantity: 1 });
/** Plans to add units of a product. */
const plan = ({ customer, id, products: [one, other] }: Order, productId: number, units: number) =>
  change.preview(customer, id, [
    [one, 2],
    [other, 1],
    [productId, units],
  ]);

it.each<[string, (order: Order) => Promise<ShopResponse>]>([
  ['staff pick the line', pick],
  ['staff cancel the order', ({ id }) => floor.move(id, 'CANCELED')],
])('what a proposal held is seen at once when %s', async (_, end) => {
  const [order, productId] = [await floor.ordered(), await stocked()];
  expect((await propose(order, productId)).status).toBe(201);
  expect(await available(productId)).toBe(1);
  const ended = await end(order);
  expect(ended.status, ended.text).toBe(200);
  expect(await available(productId)).toBe(2);
});

it.each<[string, (order: Order) => Promise<ShopResponse>]>([
  ['staff pick a line', pick],
  ['staff start picking', ({ id }) => floor.move(id, 'IN_PROGRESS')],
  ['staff open a batch', ({ id }) => byStaff('POST', '/ops/batches', { order_ids: [id] })],
  ['staff propose something', async (order) => propose(order, await stocked())],
  ['the customer cancels', ({ id, customer: { token } }) => shop.request('POST', `/orders/${id}/cancel`, { token })],
])('what a planned change held is seen at once when %s', async (_, end) => {
  const [order, productId] = [await floor.ordered(), await stocked()];
  expect((await plan(order, productId, 1)).status).toBe(200);
  expect(await available(productId)).toBe(1);
  const ended = await end(order);
  expect(ended.status, ended.text).toBeLessThan(300);
  expect(await available(productId)).toBe(2);
});

it('what a planned change held is seen at once when another one takes its place', async () => {
  const [order, productId] = [await floor.ordered(), await stocked()];
  // More than there is: it can never be confirmed, so it is in nobody's way.
  expect((await plan(order, productId, 3)).body.data.missing_items).toHaveLength(1);
  expect(await available(productId)).toBe(0);
  expect((await plan(order, await stocked(), 1)).status).toBe(200);
  expect(await available(productId)).toBe(2);
});
