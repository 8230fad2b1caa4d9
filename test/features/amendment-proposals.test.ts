import { beforeAll, expect, it } from 'vitest';
import { amending } from '../support/amendments.ts';
import { type AuthorizingShop, authorizingShop } from '../support/authorized.ts';
import { makeProduct, makeStock } from '../support/factories.ts';
import { expectInvariants } from '../support/invariants.ts';
import { openShop, type Shop } from '../support/shop.ts';

let shop: Shop;
let floor: AuthorizingShop;
let change: ReturnType<typeof amending>;
beforeAll(async () => {
  shop = await openShop();
  floor = await authorizingShop(shop);
  change = amending(shop);
  await shop.sql(`update settings set payment_mode = 'CHARGE'`);
});

/** Staff offer something else for the first line; the units that are held for the order then. */
async function propose(id: number) {
  const productId = await makeProduct(shop, { price: '9.00' });
  await makeStock(shop, { productId, branchId: floor.goods.warehouseId, onHand: 2 });
  const { items } = (await shop.request('GET', `/ops/orders/${id}`, { token: floor.admin })).body.data;
  const answer = await shop.request('POST', `/ops/orders/${id}/items/${items[0].id}/proposals`, {
    token: floor.admin,
    body: { product_id: productId, quantity: 1 },
  });
  expect(answer.status, answer.text).toBe(201);
  return productId;
}

const held = (id: number) =>
  shop.sql<{ product_id: number; quantity: number }>(
    `select v.product_id, h.quantity from hold_lines h join inventory v on v.id = h.inventory_id
     join orders o on o.cart_id = h.cart_id where o.id = $1 and h.expires_at > now()`,
    [id],
  );

it('a proposal that starts picking frees what an open change held, and keeps its own stock', async () => {
  const { id, customer, products } = await floor.ordered();
  expect((await change.preview(customer, id, [[products[0], 4]])).status).toBe(200);
  const productId = await propose(id);
  expect(await held(id)).toEqual([{ product_id: productId, quantity: 1 }]);
  await expectInvariants(shop);
});

it('a change whose payment comes too late leaves the stock of a proposal held', async () => {
  const { id, customer, products } = await floor.ordered();
  const { amendment_id: aid } = (await change.preview(customer, id, [[products[0], 4]])).body.data;
  const terms = {
    key: crypto.randomUUID() as string,
    payment_token_id: await floor.anotherCard(customer, 'tok_action_required_2'),
  };
  const waiting = await change.confirm(customer, id, aid, terms);
  expect(waiting.status, waiting.text).toBe(202);
  const productId = await propose(id);
  expect(await held(id)).toEqual([{ product_id: productId, quantity: 1 }]);
  const { pathname } = new URL(waiting.body.data.action.url);
  await shop.raw('GET', pathname, { query: { outcome: 'success' } });
  const late = await change.confirm(customer, id, aid, terms);
  expect([late.status, late.body.error?.code], late.text).toEqual([409, 'INVALID_STATUS']);
  expect(await held(id)).toEqual([{ product_id: productId, quantity: 1 }]);
  await expectInvariants(shop);
});
