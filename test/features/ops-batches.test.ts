import { beforeAll, describe, expect, it } from 'vitest';
import { makeBranch, makeProduct, makeStock } from '../support/factories.ts';
import { openFloor, placeOrder } from '../support/orders.ts';
import { openShop, type Shop } from '../support/shop.ts';

let shop: Shop;
let floor: Awaited<ReturnType<typeof openFloor>>;
let branchId: number;
let milk: number;
let bread: number;

beforeAll(async () => {
  shop = await openShop();
  floor = await openFloor(shop);
  branchId = await makeBranch(shop);
  milk = await makeProduct(shop, { name: 'Milk' });
  bread = await makeProduct(shop, { name: 'Bread' });
  await shop.sql(`update products set bin_location = case id when $1 then 'B-02-1' else 'A-10-3' end`, [milk]);
  for (const productId of [milk, bread]) await makeStock(shop, { productId, branchId, onHand: 5000 });
});

const place = (lines: object[] = [{ productId: milk }], options = {}) =>
  placeOrder(shop, { userId: floor.customer.id, branchId, lines: lines as never, ...options });
const call = (method: string, path: string, body?: object) =>
  shop.request(method, path, { token: floor.employee.token, ...(body && { body }) });
const open = (...orderIds: unknown[]) => call('POST', '/ops/batches', { order_ids: orderIds });
const complete = (id: number) => call('POST', `/ops/batches/${id}/complete`);
const settle = (orderId: number, itemId: number) =>
  call('PATCH', `/ops/orders/${orderId}/items/${itemId}/picked-status`, { picked_status: 'PICKED' });

describe('a batch', () => {
  it('starts its orders and groups their lines by product in bin order, in one trip', async () => {
    const first = await place([{ productId: milk, quantity: 2 }, { productId: bread }]);
    const second = await place([{ productId: milk, quantity: 5 }], { status: 'IN_PROGRESS' });
    const answer = await open(second.id, first.id);
    expect(answer.status).toBe(201);
    expect(answer.trips).toBe(1);
    const batch = answer.body.data;
    expect(batch).toMatchObject({ status: 'OPEN', created_by: floor.employee.id, completed_at: null });
    expect(batch.orders.map((order: any) => [order.order_id, order.status, order.items_count])).toEqual([
      [first.id, 'IN_PROGRESS', 3],
      [second.id, 'IN_PROGRESS', 5],
    ]);
    expect(batch.pick_list).toMatchObject([
      { product_id: bread, name: 'Bread', bin_location: 'A-10-3', quantity: 1, lines: [{ order_id: first.id }] },
      {
        product_id: milk,
        name: 'Milk',
        bin_location: 'B-02-1',
        quantity: 7,
        lines: [
          { order_id: first.id, item_id: first.itemIds[0], quantity: 2 },
          { order_id: second.id, item_id: second.itemIds[0], quantity: 5 },
        ],
      },
    ]);
    const read = await call('GET', `/ops/batches/${batch.id}`);
    expect(read.trips).toBe(1);
    expect(read.body.data).toEqual(batch);
  });

  it('completes once every line is settled, and frees its orders for another', async () => {
    const [a, b] = [await place(), await place()];
    const { id } = (await open(a.id, b.id)).body.data;
    await settle(a.id, a.itemIds[0]!);
    const early = await complete(id);
    expect(early.status).toBe(409);
    expect(early.body.error).toMatchObject({
      code: 'BATCH_NOT_SETTLED',
      details: { pending: [{ order_id: b.id, item_id: b.itemIds[0] }] },
    });
    await settle(b.id, b.itemIds[0]!);
    const done = await complete(id);
    expect(done.status).toBe(200);
    expect(done.trips).toBe(1);
    expect(done.body.data).toMatchObject({ status: 'COMPLETED', completed_at: expect.stringMatching(/Z$/) });
    expect((await complete(id)).body.error).toMatchObject({ code: 'INVALID_STATUS', details: { status: 'COMPLETED' } });
    expect((await open(a.id)).status).toBe(201);
  });

  it('is left by an order that is canceled', async () => {
    const [a, b] = [await place(), await place([{ productId: bread }])];
    const { id } = (await open(a.id, b.id)).body.data;
    await settle(a.id, a.itemIds[0]!);
    const path = `/ops/orders/${b.id}/status`;
    await shop.request('PATCH', path, { token: floor.manager.token, body: { status: 'CANCELED' } });
    const read = (await call('GET', `/ops/batches/${id}`)).body.data;
    expect(read.pick_list.map((entry: any) => entry.product_id)).toEqual([milk]);
    expect((await complete(id)).status).toBe(200);
  });

  it('takes no order that is absent, unpaid, in another open batch, or past picking, and then changes nothing', async () => {
    const fresh = await place();
    const unpaid = await place(undefined, { placedAt: null });
    const ready = await place(undefined, { status: 'READY' });
    const taken = await place();
    await open(taken.id);
    const absent = await open(fresh.id, unpaid.id, 2147483647);
    expect([absent.status, absent.body.error.details]).toEqual([404, { order_ids: [unpaid.id, 2147483647] }]);
    expect((await open(fresh.id, taken.id)).body.error).toMatchObject({
      code: 'ORDER_IN_BATCH',
      status_code: 409,
      details: { order_ids: [taken.id] },
    });
    expect((await open(fresh.id, ready.id)).body.error).toMatchObject({
      code: 'INVALID_STATUS',
      status_code: 409,
      details: { orders: [{ order_id: ready.id, status: 'READY' }] },
    });
    const [{ status }] = (await shop.sql('select status from orders where id = $1', [fresh.id])) as [any];
    expect(status).toBe('CREATED');
  });

  it('of two that want the same order, one gets it', async () => {
    const orders = [await place(), await place(), await place()].map((order) => order.id);
    const answers = await Promise.all([open(...orders), open(...orders.toReversed()), open(orders[1])]);
    expect(answers.map((answer) => answer.status).sort()).toEqual([201, 409, 409]);
  });

  it('has one to twenty distinct orders', async () => {
    const { id } = await place();
    const bodies = [[], [id, id], Array.from({ length: 21 }, (_, n) => n + 1), [0], ['1'], [1.5]];
    for (const ids of bodies) expect((await open(...ids)).status).toBe(400);
    expect((await call('POST', '/ops/batches', {})).status).toBe(400);
    expect((await call('GET', '/ops/batches/2147483647')).status).toBe(404);
    expect((await complete(2147483647)).status).toBe(404);
    expect((await shop.request('GET', '/ops/batches', { token: floor.customer.token })).status).toBe(403);
  });

  it('stands in the list, newest first', async () => {
    const { id: older } = (await open((await place()).id)).body.data;
    const { id: newer } = (await open((await place()).id)).body.data;
    const answer = await shop.request('GET', '/ops/batches', {
      token: floor.employee.token,
      query: { status: 'OPEN', limit: 2 },
    });
    expect(answer.trips).toBe(1);
    expect(answer.body.data.map((batch: any) => batch.id)).toEqual([newer, older]);
    expect(answer.body.data[0]).toMatchObject({ orders: [{}], pick_list: [{}] });
  });
});
