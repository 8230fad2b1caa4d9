import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeBranch, makePaymentToken, makeProduct, makeStock, signInAs } from '../support/factories.ts';
import { openShop, type Shop } from '../support/shop.ts';
import { type StandardShop, standardShop } from '../support/standard-shop.ts';

let shop: Shop;
let goods: StandardShop;
let wine: number;
let customer: Awaited<ReturnType<typeof signInAs>>;
let body: Record<string, unknown>;

beforeAll(async () => {
  shop = await openShop();
  goods = await standardShop(shop);
  wine = await makeProduct(shop, { name: 'Cabernet' });
  await shop.sql('update products set age_restricted = 18 where id = $1', [wine]);
  await makeStock(shop, { productId: wine, branchId: goods.storeId, onHand: 50 });
  await makeStock(shop, { productId: wine, branchId: goods.warehouseId, onHand: 50 });
  await makeBranch(shop);
});

beforeEach(async () => {
  customer = await signInAs(shop);
  const { body: cart } = await shop.request('GET', '/cart', { token: customer.token });
  const payment_token_id = await makePaymentToken(shop, { userId: customer.id });
  body = { cart_id: cart.data.id, fulfillment_type: 'PICKUP', branch_id: goods.storeId, payment_token_id };
});

const add = (product_id: number) =>
  shop.request('POST', '/cart/items', { token: customer.token, body: { product_id, quantity: 1 } });
const confirm = (extra: object = {}, key = crypto.randomUUID()) =>
  shop.request('POST', '/checkout/confirm', {
    token: customer.token,
    headers: { 'Idempotency-Key': key },
    body: { ...body, ...extra },
  });

describe('a cart with products for adults', () => {
  it('is sold only when the age is confirmed, and the refusal frees the key', async () => {
    await add(wine);
    await add(goods.products[0]!.id);
    for (const answer of [{}, { age_confirmed: false }, { age_confirmed: null }]) {
      const { status, body: refused } = await confirm(answer, 'age-1');
      expect([status, refused.error.code]).toEqual([422, 'AGE_CONFIRMATION_REQUIRED']);
      expect(refused.error.details).toEqual({ product_ids: [wine] });
    }
    expect((await confirm({ age_confirmed: true }, 'age-1')).status).toBe(201);
  });

  it('is asked for only once there is something to sell', async () => {
    const { status, body: refused } = await confirm({ age_confirmed: false });
    expect([status, refused.error.code]).toEqual([422, 'CART_EMPTY']);
  });

  it('marks order, lines and the list of staff for the courier', async () => {
    await add(wine);
    await add(goods.products[0]!.id);
    const { body: placed } = await confirm({ age_confirmed: true });
    const id = placed.data.order_id;
    // The mark is that of the purchase.
    await shop.sql('update products set age_restricted = null where id = $1', [wine]);
    const { body: order } = await shop.request('GET', `/orders/${id}`, { token: customer.token });
    expect(order.data.age_restricted).toBe(18);
    expect(order.data.items.map((item: { age_restricted: number | null }) => item.age_restricted)).toEqual([18, null]);
    const { token } = await signInAs(shop, 'EMPLOYEE');
    expect((await shop.request('GET', `/ops/orders/${id}`, { token })).body.data.age_restricted).toBe(18);
    const { body: floor } = await shop.request('GET', '/ops/orders', { token });
    expect(floor.data.find((row: { order_id: number }) => row.order_id === id).age_restricted).toBe(18);
    await shop.sql('update products set age_restricted = 18 where id = $1', [wine]);
  });

  it('is marked when only the replacement is for adults', async () => {
    await add(goods.products[4]!.id);
    const { body: placed } = await confirm();
    const { token } = await signInAs(shop, 'EMPLOYEE');
    const { body: order } = await shop.request('GET', `/ops/orders/${placed.data.order_id}`, { token });
    expect(order.data.age_restricted).toBeNull();
    const replaced = await shop.request(
      'PATCH',
      `/ops/orders/${placed.data.order_id}/items/${order.data.items[0].id}/picked-status`,
      { token, body: { picked_status: 'REPLACED', replacement_product_id: wine } },
    );
    expect(replaced.status, replaced.text).toBe(200);
    expect(replaced.body.data.age_restricted).toBe(18);
  });
});

describe('any other cart', () => {
  it('needs no confirmation, and takes one', async () => {
    await add(goods.products[0]!.id);
    const { status, body: placed } = await confirm();
    expect(status).toBe(201);
    const { body: order } = await shop.request('GET', `/orders/${placed.data.order_id}`, { token: customer.token });
    expect(order.data.age_restricted).toBeNull();
  });
});
