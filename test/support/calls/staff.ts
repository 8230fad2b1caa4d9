import { makeBranch, makeProduct, makeStock, signInAs } from '../factories.ts';
import { ticketFor } from '../live.ts';
import { deliveredOrder, placeOrder } from '../orders.ts';
import type { Calls, World } from './call.ts';

const employee = ({ staff }: World) => ({ token: staff.EMPLOYEE.token });
const manager = ({ staff }: World) => ({ token: staff.MANAGER.token });

async function newOrder({ shop, goods }: World, status = 'CREATED') {
  const { id: userId } = await signInAs(shop);
  const productId = await makeProduct(shop);
  await makeStock(shop, { productId, branchId: goods.storeId, onHand: 10 });
  return placeOrder(shop, { userId, branchId: goods.storeId, lines: [{ productId, quantity: 2 }], status });
}

/** An order, and a product that could be given instead of its line. */
async function withSubstitute(world: World) {
  const order = await newOrder(world);
  const productId = await makeProduct(world.shop);
  await makeStock(world.shop, { productId, branchId: world.goods.storeId, onHand: 10 });
  return { order, productId };
}

async function newShelf({ shop, goods }: World): Promise<number> {
  return makeStock(shop, { productId: await makeProduct(shop), branchId: goods.storeId, onHand: 10 });
}

async function newBatch(world: World): Promise<{ id: number; orderId: number; itemId: number }> {
  const order = await newOrder(world);
  const { body } = await world.shop.request('POST', '/ops/batches', {
    ...employee(world),
    body: { order_ids: [order.id] },
  });
  return { id: body.data.id, orderId: order.id, itemId: order.itemIds[0]! };
}

async function newClaim({ shop, goods }: World): Promise<{ id: number; itemId: number }> {
  const { id: userId, token } = await signInAs(shop);
  const productId = await makeProduct(shop);
  await makeStock(shop, { productId, branchId: goods.storeId, onHand: 10 });
  const order = await deliveredOrder(shop, { userId, branchId: goods.storeId, lines: [{ productId }] });
  const itemId = order.itemIds[0]!;
  const { body } = await shop.request('POST', `/orders/${order.id}/claims`, {
    token,
    body: { items: [{ item_id: itemId, quantity: 1, problem: 'DAMAGED' }], wanted: 'REFUND' },
  });
  return { id: body.data.id, itemId };
}

const wanted = ({ goods }: World) => ({
  branch_id: goods.storeId,
  product_id: goods.products[0]!.id,
  quantity: 5,
  request_type: 'ADD_QUANTITY',
});

async function newStockRequest(world: World): Promise<number> {
  const { body } = await world.shop.request('POST', '/stock-requests', { ...employee(world), body: wanted(world) });
  return body.data.id;
}

const ask: Calls[string] = (world) => ({ ...employee(world), body: wanted(world) });

/** Calls of the floor and of whoever reviews its wishes. */
export const staffCalls: Calls = {
  'GET /ops/live': async (world) => {
    const ticket = await ticketFor(world.shop, employee(world).token, { branch_id: world.goods.storeId });
    return { query: { branch_id: world.goods.storeId, ticket }, headers: { upgrade: 'websocket' } };
  },
  'GET /ops/orders': employee,
  'GET /ops/orders/{id}': async (world) => ({ ...employee(world), params: { id: (await newOrder(world)).id } }),
  'PATCH /ops/orders/{id}/status': async (world) => ({
    ...employee(world),
    params: { id: (await newOrder(world)).id },
    body: { status: 'IN_PROGRESS' },
  }),
  'PATCH /ops/orders/{id}/items/{item_id}/picked-status': async (world) => {
    const order = await newOrder(world, 'IN_PROGRESS');
    return {
      ...employee(world),
      params: { id: order.id, item_id: order.itemIds[0]! },
      body: { picked_status: 'PICKED' },
    };
  },
  'GET /ops/orders/{id}/items/{item_id}/suggestions': async (world) => {
    const order = await newOrder(world);
    return { ...employee(world), params: { id: order.id, item_id: order.itemIds[0]! } };
  },
  'POST /ops/orders/{id}/items/{item_id}/proposals': async (world) => {
    const { order, productId } = await withSubstitute(world);
    return {
      ...employee(world),
      params: { id: order.id, item_id: order.itemIds[0]! },
      body: { product_id: productId, quantity: 1 },
    };
  },
  'POST /ops/picks': async (world) => {
    const order = await newOrder(world);
    const at = new Date().toISOString();
    const item = { order_id: order.id, item_id: order.itemIds[0]! };
    return {
      ...employee(world),
      body: { operations: [{ op_id: crypto.randomUUID(), ...item, picked_status: 'PICKED', picked_quantity: 1, at }] },
    };
  },
  'POST /ops/orders/{id}/items/{item_id}/report-damage': async (world) => {
    const order = await newOrder(world);
    return {
      ...employee(world),
      params: { id: order.id, item_id: order.itemIds[0]! },
      body: { reason: 'Broken packaging', quantity: 1 },
    };
  },
  'POST /ops/batches': async (world) => ({
    ...employee(world),
    body: { order_ids: [(await newOrder(world)).id] },
  }),
  'GET /ops/batches': employee,
  'GET /ops/batches/{id}': async (world) => ({ ...employee(world), params: { id: (await newBatch(world)).id } }),
  'POST /ops/batches/{id}/complete': async (world) => {
    const { id, orderId, itemId } = await newBatch(world);
    await world.shop.request('PATCH', `/ops/orders/${orderId}/items/${itemId}/picked-status`, {
      ...employee(world),
      body: { picked_status: 'PICKED' },
    });
    return { ...employee(world), params: { id } };
  },
  'POST /ops/orders/{id}/refunds': async (world) => ({
    ...manager(world),
    params: { id: (await newOrder(world)).id },
    headers: { 'Idempotency-Key': crypto.randomUUID() },
    body: { amount: '1.00', reason: 'Late' },
  }),
  'GET /ops/claims': employee,
  'PATCH /ops/claims/{id}': async (world) => {
    const { id, itemId } = await newClaim(world);
    return {
      ...manager(world),
      params: { id },
      body: { decisions: [{ item_id: itemId, quantity: 1, approve: true }] },
    };
  },
  'GET /ops/performance': manager,
  'GET /ops/alerts': employee,
  'GET /ops/inventory': employee,
  'PATCH /ops/inventory/{id}': async (world) => ({
    ...employee(world),
    params: { id: await newShelf(world) },
    body: { available_quantity: 8 },
  }),
  'GET /ops/stock-requests': employee,
  'POST /ops/stock-requests': ask,
  'POST /stock-requests': ask,
  'GET /stock-requests/my': employee,
  'GET /stock-requests/admin': manager,
  'PATCH /stock-requests/admin/bulk-review': async (world) => ({
    ...manager(world),
    body: { items: [{ request_id: await newStockRequest(world), status: 'APPROVED' }] },
  }),
  'GET /stock-requests/admin/{id}': async (world) => ({
    ...manager(world),
    params: { id: await newStockRequest(world) },
  }),
  'PATCH /stock-requests/admin/{id}/resolve': async (world) => ({
    ...manager(world),
    params: { id: await newStockRequest(world) },
    body: { status: 'APPROVED' },
  }),
  'GET /admin/inventory': manager,
  'POST /admin/inventory': async (world) => ({
    ...manager(world),
    body: {
      product_id: await makeProduct(world.shop),
      branch_id: await makeBranch(world.shop),
      available_quantity: 4,
    },
  }),
  'POST /admin/inventory/bulk': async (world) => {
    const form = new FormData();
    const row = `${await makeProduct(world.shop)},${world.goods.storeId},7`;
    form.set('file', new File([`product_id,branch_id,available_quantity\n${row}\n`], 'stock.csv'));
    return { ...manager(world), rawBody: form };
  },
  'PATCH /admin/inventory/{id}': async (world) => ({
    ...manager(world),
    params: { id: await newShelf(world) },
    body: { delta: -2 },
  }),
  'GET /admin/inventory/{id}/movements': async (world) => ({
    ...manager(world),
    params: { id: await newShelf(world) },
  }),
};
