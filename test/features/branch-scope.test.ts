import { beforeAll, describe, expect, it } from 'vitest';
import { makeProduct, makeStock, type Role, signInAs } from '../support/factories.ts';
import { placeOrder } from '../support/orders.ts';
import { openShop, type RequestOptions, type Shop, type ShopResponse } from '../support/shop.ts';
import { type StandardShop, standardShop } from '../support/standard-shop.ts';

let shop: Shop;
let goods: StandardShop;
let admin: { id: number; token: string };
let own: Ids;
let foreign: Ids;

interface Ids {
  branchId: number;
  orderId: number;
  itemId: number;
  inventoryId: number;
  requestId: number;
  batchId: number;
  refundId: number;
  claimId: number;
}

const ask = (method: string, path: string, token: string, body?: object, options: RequestOptions = {}) =>
  shop.request(method, path, { token, ...(body && { body }), ...options });
const staffOf = async (branchId: number | null, role: Role) => {
  const member = await signInAs(shop, role);
  await shop.sql('update users set default_branch_id = $1 where id = $2', [branchId, member.id]);
  return member;
};
const setScope = (on: boolean) => shop.sql('update settings set branch_scoped_staff = $1', [on]);
const outcome = ({ status, body }: ShopResponse) => [status, body.error?.code];

/** One of everything that belongs to a branch. */
async function workOf(branchId: number): Promise<Ids> {
  const customer = await signInAs(shop);
  const productId = await makeProduct(shop);
  const inventoryId = await makeStock(shop, { productId, branchId, onHand: 50, reorderPoint: 60 });
  const lines = [{ productId }];
  const [order, batched, delivered] = [
    await placeOrder(shop, { userId: customer.id, branchId, lines }),
    await placeOrder(shop, { userId: customer.id, branchId, lines }),
    await placeOrder(shop, { userId: customer.id, branchId, lines }),
  ];
  const [{ id: itemId }] = (await shop.sql('select id from order_items where order_id = $1', [order.id])) as [any];
  const request = await ask('POST', '/stock-requests', (await signInAs(shop, 'EMPLOYEE')).token, {
    branch_id: branchId,
    product_id: productId,
    quantity: 5,
    request_type: 'ADD_QUANTITY',
  });
  const batch = await ask('POST', '/ops/batches', admin.token, { order_ids: [batched.id] });
  const refund = await ask(
    'POST',
    `/ops/orders/${order.id}/refunds`,
    (await signInAs(shop, 'MANAGER')).token,
    { amount: '2.00', reason: 'Late' },
    { headers: { 'Idempotency-Key': crypto.randomUUID() } },
  );
  await shop.sql(`update orders set status = 'DELIVERED', delivered_at = now() where id = $1`, [delivered.id]);
  const [{ id: deliveredItem }] = (await shop.sql('select id from order_items where order_id = $1', [
    delivered.id,
  ])) as [any];
  const claim = await ask('POST', `/orders/${delivered.id}/claims`, customer.token, {
    items: [{ item_id: deliveredItem, quantity: 1, problem: 'DAMAGED' }],
    wanted: 'CREDIT',
  });
  for (const made of [request, batch, refund, claim]) if (made.status !== 201) throw new Error(made.text);
  return {
    branchId,
    orderId: order.id,
    itemId,
    inventoryId,
    requestId: request.body.data.id,
    batchId: batch.body.data.id,
    refundId: refund.body.data.id,
    claimId: claim.body.data.id,
  };
}

beforeAll(async () => {
  // Orders are written by hand here.
  shop = await openShop({ invariants: false });
  goods = await standardShop(shop);
  admin = await signInAs(shop, 'ADMIN');
  await ask('PUT', '/admin/settings', admin.token, { refund_approval_over: '1.00' });
  own = await workOf(goods.storeId);
  foreign = await workOf(goods.warehouseId);
});

/** Everything that names an order, stock or a request by its id. */
const named: Record<string, (ids: Ids) => [method: string, path: string, body?: object]> = {
  order: ({ orderId }) => ['GET', `/ops/orders/${orderId}`],
  pick: ({ orderId, itemId }) => [
    'PATCH',
    `/ops/orders/${orderId}/items/${itemId}/picked-status`,
    { picked_status: 'PICKED' },
  ],
  proposal: ({ orderId, itemId }) => [
    'POST',
    `/ops/orders/${orderId}/items/${itemId}/proposals`,
    { product_id: goods.products[0]!.id },
  ],
  suggestions: ({ orderId, itemId }) => ['GET', `/ops/orders/${orderId}/items/${itemId}/suggestions`],
  damage: ({ orderId, itemId }) => [
    'POST',
    `/ops/orders/${orderId}/items/${itemId}/report-damage`,
    { reason: 'Broken' },
  ],
  move: ({ orderId }) => ['PATCH', `/ops/orders/${orderId}/status`, { status: 'DELAYED' }],
  batch: ({ batchId }) => ['GET', `/ops/batches/${batchId}`],
  complete: ({ batchId }) => ['POST', `/ops/batches/${batchId}/complete`],
  'new batch': ({ orderId }) => ['POST', '/ops/batches', { order_ids: [orderId] }],
  stock: ({ inventoryId }) => ['PATCH', `/ops/inventory/${inventoryId}`, { available_quantity: 40 }],
  movements: ({ inventoryId }) => ['GET', `/admin/inventory/${inventoryId}/movements`],
  'new stock': ({ branchId }) => [
    'POST',
    '/admin/inventory',
    { product_id: goods.products.at(-1)!.id, branch_id: branchId, available_quantity: 1 },
  ],
  request: ({ requestId }) => ['GET', `/stock-requests/admin/${requestId}`],
  'new request': ({ branchId }) => [
    'POST',
    '/stock-requests',
    { branch_id: branchId, product_id: goods.products[0]!.id, quantity: 1, request_type: 'ADD_QUANTITY' },
  ],
  resolve: ({ requestId }) => ['PATCH', `/stock-requests/admin/${requestId}/resolve`, { status: 'APPROVED' }],
  refund: ({ orderId }) => ['POST', `/ops/orders/${orderId}/refunds`, { amount: '1.00', reason: 'Late' }],
  'refund decision': ({ refundId }) => ['PATCH', `/admin/refunds/${refundId}`, { status: 'APPROVED' }],
  'claim decision': ({ claimId }) => [
    'PATCH',
    `/ops/claims/${claimId}`,
    { decisions: [{ item_id: 1, quantity: 1, approve: true }] },
  ],
};
const call = (token: string, [method, path, body]: [string, string, object?]) =>
  ask(method, path, token, body, { headers: { 'Idempotency-Key': crypto.randomUUID() } });

const lists: Record<string, (row: any) => number | undefined> = {
  '/ops/orders': ({ order_id }) => order_id,
  '/ops/batches': ({ id }) => id,
  '/ops/inventory': ({ branch_id }) => branch_id,
  '/admin/inventory': ({ branch_id }) => branch_id,
  '/ops/stock-requests': ({ branch_id }) => branch_id,
  '/stock-requests/admin': ({ branch_id }) => branch_id,
  '/admin/refunds': ({ id }) => id,
  '/ops/claims': ({ branch_id, id }) => branch_id ?? id,
  '/ops/alerts': ({ branch_id }) => branch_id ?? undefined,
};
const listed = async (path: string, token: string) => {
  const { body, text, status } = await ask('GET', path, token, undefined, { query: { limit: 100 } });
  if (status !== 200) throw new Error(text);
  const rows = body.data as unknown[];
  return {
    ids: new Set(rows.map(lists[path]!).filter((id) => id !== undefined)),
    total: body.meta?.total as number | undefined,
    rows,
  };
};

describe('a manager limited to a branch', () => {
  let token: string;
  beforeAll(async () => {
    token = (await staffOf(goods.storeId, 'MANAGER')).token;
    await setScope(true);
  });

  it.each(Object.keys(named))('does not find what is of another branch: %s', async (name) => {
    expect(outcome(await call(token, named[name]!(foreign)))).toEqual([404, 'NOT_FOUND']);
  });

  it.each(Object.keys(lists))('sees own rows only in %s, and counts no others', async (path) => {
    const [mine, all] = [await listed(path, token), await listed(path, admin.token)];
    expect(mine.rows.length).toBeGreaterThan(0);
    expect(mine.rows.length).toBeLessThan(all.rows.length);
    if (mine.total !== undefined) expect(mine.total).toBe(mine.rows.length);
    const foreignIds = new Set([path === '/ops/orders' ? foreign.orderId : foreign.branchId]);
    if (path === '/ops/batches') expect(mine.ids).not.toContain(foreign.batchId);
    else if (path === '/admin/refunds') expect(mine.ids).not.toContain(foreign.refundId);
    else for (const id of mine.ids) expect(foreignIds).not.toContain(id);
  });

  it('reviews many requests, each for itself, and changes no stock elsewhere', async () => {
    const productId = await makeProduct(shop);
    const made = await ask('POST', '/stock-requests', admin.token, {
      branch_id: goods.warehouseId,
      product_id: productId,
      quantity: 5,
      request_type: 'ADD_QUANTITY',
    });
    const { body } = await ask('PATCH', '/stock-requests/admin/bulk-review', token, {
      items: [{ request_id: made.body.data.id, status: 'APPROVED' }],
    });
    expect(body.data.results).toMatchObject([{ result: 'error', error_code: 'NOT_FOUND' }]);
    expect(await shop.sql('select from inventory where product_id = $1', [productId])).toEqual([]);
  });

  it('records no pick of another branch, sent once or again', async () => {
    const op_id = crypto.randomUUID();
    const { orderId: order_id, itemId: item_id } = foreign;
    const picks = { operations: [{ op_id, order_id, item_id, picked_status: 'PICKED', at: new Date().toISOString() }] };
    for (const by of [token, admin.token, token]) {
      const { body, text } = await ask('POST', '/ops/picks', by, picks);
      const expected = by === token ? { result: 'error', error_code: 'NOT_FOUND' } : { result: 'ok' };
      expect(body?.data?.results, text).toMatchObject([{ op_id, ...expected }]);
    }
  });

  it('imports no stock for another branch', async () => {
    const form = new FormData();
    const [first] = goods.products;
    const csv = `product_id,branch_id,available_quantity\n${first!.id},${goods.warehouseId},7\n${first!.id},${goods.storeId},8\n`;
    form.set('file', new File([csv], 'stock.csv', { type: 'text/csv' }));
    const { body, text } = await shop.request('POST', '/admin/inventory/bulk', { token, rawBody: form });
    expect(body?.data, text).toMatchObject({
      success: 1,
      error_details: [{ row_number: 2, error: 'There is no such branch.' }],
    });
  });

  it.each(['a date', 'a calendar'])('is told how many orders %s would close elsewhere, not which', async (kind) => {
    const { id: userId } = await signInAs(shop);
    const close = (branchId: number, date: string) => {
      const path = '/admin/slot-exceptions';
      if (kind === 'a date') {
        return ask('POST', path, token, { branch_id: branchId, date, closed: true, reason: 'Holiday' });
      }
      const event = ['BEGIN:VEVENT', 'UID:1', `DTSTART;VALUE=DATE:${date.replaceAll('-', '')}`, 'END:VEVENT'];
      const lines = ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Test//EN', ...event, 'END:VCALENDAR', ''];
      const form = new FormData();
      form.set('branch_id', String(branchId));
      form.set('file', new File([lines.join('\r\n')], 'holiday.ics', { type: 'text/calendar' }));
      return shop.request('POST', `${path}/import`, { token, rawBody: form });
    };
    const namedIn = async (branchId: number) => {
      const lines = [{ productId: goods.products[0]!.id }];
      const order = await placeOrder(shop, { userId, branchId, lines, fulfillment: 'DELIVERY' });
      const [{ date }] = (await shop.sql('select delivery_date::text as date from orders where id = $1', [
        order.id,
      ])) as [any];
      const answer = await close(branchId, date);
      expect(outcome(answer), answer.text).toEqual([409, 'ORDERS_BOOKED']);
      expect(answer.body.error.details.orders).toBeGreaterThan(0);
      return { order, numbers: answer.body.error.details.order_numbers };
    };
    const here = await namedIn(own.branchId);
    expect(here.numbers).toContain(here.order.number);
    expect((await namedIn(foreign.branchId)).numbers).toEqual([]);
  });

  it('does at the own branch what it may', async () => {
    for (const name of ['order', 'pick', 'damage', 'movements', 'request', 'batch', 'stock', 'refund decision']) {
      const answer = await call(token, named[name]!(own));
      expect(answer.status, `${name} ${answer.text}`).toBeLessThan(300);
    }
  });
});

describe('the limit to a branch', () => {
  it('leaves who has no branch without any, and administrators without a limit', async () => {
    await setScope(true);
    const nobody = await staffOf(null, 'EMPLOYEE');
    expect((await listed('/ops/orders', nobody.token)).rows).toEqual([]);
    expect((await call(nobody.token, named.order!(own))).status).toBe(404);
    for (const ids of [own, foreign]) expect((await call(admin.token, named.order!(ids))).status).toBe(200);
  });

  it('follows a change of the branch and of the setting at the next request', async () => {
    await setScope(true);
    const member = await staffOf(goods.storeId, 'EMPLOYEE');
    expect((await call(member.token, named.order!(foreign))).status).toBe(404);
    await ask('PATCH', `/admin/users/${member.id}`, admin.token, { default_branch_id: goods.warehouseId });
    expect((await call(member.token, named.order!(foreign))).status).toBe(200);
    const put = (branch_scoped_staff: boolean) => ask('PUT', '/admin/settings', admin.token, { branch_scoped_staff });
    expect((await put(false)).body.data.branch_scoped_staff).toBe(false);
    expect((await call(member.token, named.order!(own))).status).toBe(200);
  });

  it('is off by default', async () => {
    const fresh = await openShop();
    const { token } = await signInAs(fresh, 'ADMIN');
    const { body } = await fresh.request('GET', '/admin/settings', { token });
    expect(body.data.branch_scoped_staff).toBe(false);
  });
});

describe('an API key of a branch', () => {
  it('is limited to it, whatever the setting', async () => {
    await setScope(false);
    const { body } = await ask('POST', '/admin/api-keys', admin.token, {
      name: 'Scanner',
      scopes: ['orders:read', 'inventory:write'],
      branch_id: goods.storeId,
    });
    const { key } = body.data;
    expect((await call(key, named.order!(own))).status).toBe(200);
    expect(outcome(await call(key, named.order!(foreign)))).toEqual([404, 'NOT_FOUND']);
    expect(outcome(await call(key, named.stock!(foreign)))).toEqual([404, 'NOT_FOUND']);
    expect((await listed('/ops/orders', key)).ids).not.toContain(foreign.orderId);
  });

  it("reads no events of its creator's own orders elsewhere", async () => {
    const { body } = await ask('POST', '/admin/api-keys', admin.token, {
      name: 'Follower',
      scopes: ['events:read'],
      branch_id: goods.storeId,
    });
    const lines = [{ productId: goods.products[0]!.id }];
    const placed = (branchId: number) => placeOrder(shop, { userId: admin.id, branchId, lines });
    const [here, elsewhere] = [await placed(goods.storeId), await placed(goods.warehouseId)];
    const events = (token: string, { id }: { id: number }) => ask('GET', `/orders/${id}/events`, token);
    expect((await events(body.data.key, here)).status).toBe(200);
    expect(outcome(await events(body.data.key, elsewhere))).toEqual([404, 'NOT_FOUND']);
    expect((await events(admin.token, elsewhere)).status).toBe(200);
  });
});
