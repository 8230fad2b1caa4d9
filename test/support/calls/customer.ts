import { inject } from 'vitest';
import { addToCart, delivery, fillCart, newCustomer } from '../customer.ts';
import { makeAddress, makePaymentToken, makeProduct, makeStock, signInAs } from '../factories.ts';
import { ticketFor } from '../live.ts';
import { deliveredOrder, placeOrder } from '../orders.ts';
import { stripeAccount } from '../stripe-account.ts';
import { stripeEnv } from '../stripe-shop.ts';
import type { Calls, World } from './call.ts';

const product = ({ goods }: World) => goods.products[0]!.id;

async function stocked({ shop, goods }: World): Promise<number> {
  const productId = await makeProduct(shop);
  await makeStock(shop, { productId, branchId: goods.warehouseId, onHand: 50 });
  return productId;
}

async function withLine(world: World) {
  const customer = await newCustomer(world.shop);
  const { body } = await addToCart(world.shop, customer, await stocked(world), 2);
  return { customer, cartId: body.data.id as number, itemId: body.data.items[0].id as number };
}

async function withAddress({ shop }: World) {
  const { id, token } = await signInAs(shop);
  return { token, params: { id: await makeAddress(shop, { userId: id }) }, owned: true };
}

async function withCard({ shop }: World) {
  const { id, token } = await signInAs(shop);
  return { token, params: { id: await makePaymentToken(shop, { userId: id }) }, owned: true };
}

async function withList({ shop }: World) {
  const { token } = await signInAs(shop);
  const { body } = await shop.request('POST', '/store/lists', { token, body: { name: 'Weekly shop' } });
  return { token, params: { id: body.data.id as number }, owned: true };
}

async function withOrder({ shop, goods }: World, product = 1) {
  const { id: userId, token } = await signInAs(shop);
  const lines = [{ productId: goods.products[product]!.id }];
  const order = await placeOrder(shop, { userId, branchId: goods.warehouseId, lines });
  return { token, params: { id: order.id }, owned: true };
}

/** An order that can be changed, and a body that adds a unit to it. */
async function withAmendable(world: World) {
  const { shop, goods } = world;
  const customer = await newCustomer(shop);
  const productId = await stocked(world);
  const order = await placeOrder(shop, {
    userId: customer.id,
    branchId: goods.warehouseId,
    lines: [{ productId }],
  });
  const body = { lines: [{ product_id: productId, quantity: 2 }], version: 1 };
  return { token: customer.token, params: { id: order.id }, body, owned: true };
}

async function withAmendment(world: World) {
  const { token, params, body: wanted } = await withAmendable(world);
  const { body, text } = await world.shop.request('POST', `/orders/${params.id}/amendments/preview`, {
    token,
    body: wanted,
  });
  if (!body.data) throw new Error(text);
  return { token, params: { ...params, aid: body.data.amendment_id as number }, owned: true };
}

async function withDeliveredOrder({ shop, goods }: World) {
  const { id: userId, token } = await signInAs(shop);
  const lines = [{ productId: goods.products[1]!.id }];
  const order = await deliveredOrder(shop, { userId, branchId: goods.warehouseId, lines });
  return { token, order, params: { id: order.id }, owned: true };
}

async function withRefusedCard({ shop, goods }: World) {
  const { id: userId, token } = await signInAs(shop);
  const lines = [{ productId: goods.products[1]!.id }];
  const { id } = await placeOrder(shop, { userId, branchId: goods.warehouseId, lines, placedAt: null });
  await shop.sql(
    `with payment as (
       update payments set mode = 'AUTHORIZE', status = 'FAILED', reference = 'mockpay_' || idempotency_key where order_id = $1
     )
     update orders set placed_at = now() where id = $1`,
    [id],
  );
  return { token, params: { id }, cardId: await makePaymentToken(shop, { userId }) };
}

async function terms(world: World) {
  const { shop, goods } = world;
  const customer = await newCustomer(shop);
  const cartId = await fillCart(shop, customer, [[await stocked(world), 2]]);
  const [address] = await shop.sql<{ id: number }>('select id from addresses where user_id = $1', [customer.id]);
  const slot = goods.slots.find((one) => one.branch_id === goods.warehouseId)!;
  return { customer, body: { ...delivery(cartId, slot.id), address_id: address!.id } };
}

/** An order of a customer and, unless told otherwise, a proposal that waits for an answer. */
async function withProposal(world: World, { isOpen = true } = {}) {
  const { shop, goods, staff } = world;
  const customer = await newCustomer(shop);
  const [original, productId] = [await makeProduct(shop), await makeProduct(shop)];
  for (const id of [original, productId]) await makeStock(shop, { productId: id, branchId: goods.storeId, onHand: 10 });
  const lines = [{ productId: original, quantity: 2 }];
  const order = await placeOrder(shop, { userId: customer.id, branchId: goods.storeId, lines });
  const call = { token: customer.token, owned: true, order };
  if (!isOpen) return { ...call, params: { id: order.id } };
  const path = `/ops/orders/${order.id}/items/${order.itemIds[0]}/proposals`;
  const { body } = await shop.request('POST', path, {
    token: staff.EMPLOYEE.token,
    body: { product_id: productId },
  });
  return { ...call, params: { id: order.id, pid: body.data.id as number } };
}

export const customerCalls: Calls = {
  'GET /me/export': async ({ shop }) => ({ token: (await newCustomer(shop)).token }),
  'DELETE /me': async ({ shop }) => {
    const { token, password } = await signInAs(shop);
    return { token, body: { password }, trips: 2 };
  },
  'POST /catalog/products/{id}/reviews': async (world) => ({
    ...(await token(world)),
    params: { id: product(world) },
    body: { rating: 5 },
  }),
  'GET /store/wishlist': (world) => token(world),
  'POST /store/wishlist': async (world) => ({ ...(await token(world)), body: { product_id: product(world) } }),
  'DELETE /store/wishlist/{product_id}': async (world) => ({
    ...(await token(world)),
    params: { product_id: product(world) },
    absent: 200,
  }),
  'GET /store/lists': (world) => token(world),
  'POST /store/lists': async (world) => ({ ...(await token(world)), body: { name: 'Weekly shop' } }),
  'GET /store/lists/{id}': withList,
  'PATCH /store/lists/{id}': async (world) => ({ ...(await withList(world)), body: { name: 'Party' } }),
  'PUT /store/lists/{id}/items': async (world) => ({
    ...(await withList(world)),
    body: { items: [{ product_id: product(world), quantity: 2 }] },
  }),
  'DELETE /store/lists/{id}': withList,
  'GET /store/usuals': (world) => token(world),
  'GET /store/notifications': (world) => token(world),
  'POST /store/notifications/read': (world) => token(world),
  'GET /cart': (world) => token(world),
  'DELETE /cart': async (world) => ({ token: (await withLine(world)).customer.token }),
  'POST /cart/items': async (world) => ({
    ...(await token(world)),
    body: { product_id: await stocked(world), quantity: 2 },
  }),
  'PUT /cart/items/{item_id}': async (world) => {
    const { customer, itemId } = await withLine(world);
    return { token: customer.token, params: { item_id: itemId }, body: { quantity: 3 }, owned: true };
  },
  'DELETE /cart/items/{item_id}': async (world) => {
    const { customer, itemId } = await withLine(world);
    return { token: customer.token, params: { item_id: itemId }, owned: true };
  },
  'POST /cart/from-order/{order_id}': async (world) => {
    const { id: userId, token } = await signInAs(world.shop);
    const lines = [{ productId: await stocked(world) }];
    const order = await placeOrder(world.shop, { userId, branchId: world.goods.warehouseId, lines });
    return { token, params: { order_id: order.id }, owned: true };
  },
  'POST /cart/from-list/{id}': withList,
  'PUT /cart/coupon': async (world) => {
    const { customer } = await withLine(world);
    const code = `CODE-${crypto.randomUUID().slice(0, 8)}`;
    await world.shop.sql(`insert into promotions (name, kind, value, code) values ($1, 'COUPON_FIXED', 0.01, $1)`, [
      code,
    ]);
    return { token: customer.token, body: { code } };
  },
  'DELETE /cart/coupon': async (world) => ({ token: (await withLine(world)).customer.token }),
  'POST /checkout/preview': async (world) => {
    const { customer, body } = await terms(world);
    const { address_id: _, ...preview } = body;
    return { token: customer.token, body: preview, ownedFields: ['cart_id'] };
  },
  'POST /checkout/confirm': async (world) => {
    const { customer, body } = await terms(world);
    return {
      token: customer.token,
      headers: { 'Idempotency-Key': crypto.randomUUID() },
      body: { ...body, payment_token_id: customer.cardId },
      trips: 2,
      ownedFields: ['cart_id', 'address_id', 'payment_token_id'],
    };
  },
  'GET /orders': (world) => token(world),
  'GET /orders/{id}': withOrder,
  'POST /orders/{id}/cancel': withOrder,
  'GET /orders/{id}/receipt': withOrder,
  'GET /orders/{id}/events': (world) => withOrder(world, 2),
  'POST /live/tickets': async (world) => {
    const { token, params } = await withOrder(world, 4);
    return { token, body: { order_id: params.id }, ownedFields: ['order_id'] };
  },
  'GET /orders/{id}/live': async (world) => {
    const { token, params } = await withOrder(world, 4);
    const ticket = await ticketFor(world.shop, token, { order_id: params.id });
    return { params, query: { ticket }, headers: { upgrade: 'websocket' }, owned: true };
  },
  'GET /orders/{id}/claims': withOrder,
  'PATCH /orders/{id}/items/{item_id}/substitution': async (world) => {
    const { order, ...call } = await withProposal(world, { isOpen: false });
    return { ...call, params: { id: order.id, item_id: order.itemIds[0]! }, body: { policy: 'ASK' } };
  },
  'POST /orders/{id}/amendments/preview': withAmendable,
  'POST /orders/{id}/amendments/{aid}/confirm': async (world) => ({
    ...(await withAmendment(world)),
    headers: { 'Idempotency-Key': crypto.randomUUID() },
    body: {},
    trips: 2,
  }),
  'DELETE /orders/{id}/amendments/{aid}': withAmendment,
  'GET /orders/{id}/proposals': async (world) => {
    const { order, ...call } = await withProposal(world, { isOpen: false });
    return { ...call, params: { id: order.id } };
  },
  'POST /orders/{id}/proposals/{pid}/approve': async (world) => {
    const { order: _, ...call } = await withProposal(world);
    return call;
  },
  'POST /orders/{id}/proposals/{pid}/reject': async (world) => {
    const { order: _, ...call } = await withProposal(world);
    return call;
  },
  'POST /orders/{id}/claims': async (world) => {
    const { order, ...call } = await withDeliveredOrder(world);
    return {
      ...call,
      body: { items: [{ item_id: order.itemIds[0], quantity: 1, problem: 'DAMAGED' }], wanted: 'REFUND' },
    };
  },
  'GET /me/credit': (world) => token(world),
  'POST /orders/{id}/payment': async (world) => {
    const { token, params, cardId } = await withRefusedCard(world);
    return {
      token,
      params,
      headers: { 'Idempotency-Key': crypto.randomUUID() },
      body: { payment_token_id: cardId },
      trips: 2,
      ownedFields: ['payment_token_id'],
    };
  },
  'GET /me': (world) => token(world),
  'PATCH /me': async (world) => ({ ...(await token(world)), body: { full_name: 'Noa Cohen' } }),
  'PATCH /me/phone': async (world) => ({ ...(await token(world)), body: { phone: '+972501234567' } }),
  'GET /me/addresses': (world) => token(world),
  'POST /me/addresses': async (world) => ({
    ...(await token(world)),
    body: { address_line: '5 Allenby Street', city: 'Tel Aviv', postal_code: '6332101', country: 'Israel' },
  }),
  'PUT /me/addresses/{id}': async (world) => ({ ...(await withAddress(world)), body: { city: 'Haifa' } }),
  'DELETE /me/addresses/{id}': withAddress,
  'PATCH /me/addresses/{id}/default': withAddress,
  'GET /me/payment-tokens': (world) => token(world),
  'POST /me/payment-tokens': async (world) => ({
    ...(await token(world)),
    body: { provider: 'mockpay', card_number: '4242 4242 4242 4242', exp_month: 12, exp_year: 2040 },
  }),
  'POST /me/payment-tokens/setup': async (world) => ({
    ...(await token(world)),
    body: { provider: 'stripe' },
    env: stripeEnv(await stripeAccount(inject('stripeUrl'))),
    // The first time, the customer is made known to Stripe.
    trips: 2,
  }),
  'PATCH /me/payment-tokens/{id}/default': withCard,
  'DELETE /me/payment-tokens/{id}': withCard,
};

const token = async ({ shop }: World) => ({ token: (await signInAs(shop)).token });
