import { beforeAll, describe, expect, it } from 'vitest';
import { makeBranch, makeProduct, makeStock } from '../support/factories.ts';
import { openFloor, placeOrder } from '../support/orders.ts';
import { openShop, type Shop } from '../support/shop.ts';

let shop: Shop;
let floor: Awaited<ReturnType<typeof openFloor>>;
let branchId: number;
let milk: number;

beforeAll(async () => {
  shop = await openShop();
  floor = await openFloor(shop);
  branchId = await makeBranch(shop, { name: 'Haifa' });
  milk = await makeProduct(shop, { name: 'Milk' });
  await makeStock(shop, { productId: milk, branchId, onHand: 1000 });
});

const place = (options = {}) =>
  placeOrder(shop, { userId: floor.customer.id, branchId, lines: [{ productId: milk, quantity: 4 }], ...options });
const get = (path: string, role: 'employee' | 'manager' | 'customer' = 'manager') =>
  shop.request('GET', path, { token: floor[role].token });
const move = (id: number, status: string) =>
  shop.request('PATCH', `/ops/orders/${id}/status`, { token: floor.employee.token, body: { status } });

describe('performance', () => {
  it('is all zeroes before anybody has worked', async () => {
    const answer = await get('/ops/performance');
    expect(answer.status).toBe(200);
    expect(answer.trips).toBe(1);
    expect(answer.body.data).toEqual({
      batchEfficiency: 0,
      livePickers: 0,
      activeOrders: 0,
      totalOrders: 0,
      pickedItems: 0,
      totalItems: 0,
      pickerWindowMinutes: 30,
      pickers: [],
    });
  });

  it('counts what pickers did today', async () => {
    const order = await place({
      lines: [
        { productId: milk, quantity: 4 },
        { productId: milk, quantity: 2 },
      ],
    });
    const waiting = await place();
    await place({ status: 'CANCELED' });
    const delivered = await place({ status: 'DELIVERED' });
    await shop.sql(`update orders set delivered_at = now() where id = $1`, [delivered.id]);
    const token = floor.employee.token;
    await shop.request('POST', '/ops/batches', { token, body: { order_ids: [order.id, waiting.id] } });
    for (const itemId of order.itemIds) {
      const path = `/ops/orders/${order.id}/items/${itemId}/picked-status`;
      await shop.request('PATCH', path, { token, body: { picked_status: 'PICKED' } });
    }
    await shop.sql(`update order_items set picked_at = now() - interval '2 minutes' where id = $1`, [order.itemIds[0]]);
    await shop.sql(`update order_items set picked_at = now() - interval '1 minute' where id = $1`, [order.itemIds[1]]);
    await move(order.id, 'READY');
    expect((await get('/ops/performance')).body.data).toEqual({
      batchEfficiency: 60,
      livePickers: 1,
      activeOrders: 2,
      totalOrders: 3,
      pickedItems: 6,
      totalItems: 14,
      pickerWindowMinutes: 30,
      pickers: [
        {
          user_id: floor.employee.id,
          name: 'Dana Levi',
          items_picked: 6,
          orders_completed: 1,
          average_seconds_per_item: 30,
        },
      ],
    });
  });

  it('is for managers', async () => {
    expect((await get('/ops/performance', 'employee')).status).toBe(403);
    expect((await get('/ops/alerts', 'customer')).status).toBe(403);
  });
});

describe('alerts', () => {
  const alerts = async () => {
    const answer = await get('/ops/alerts', 'employee');
    expect(answer.status).toBe(200);
    expect(answer.trips).toBe(1);
    return answer.body.data as any[];
  };
  const found = async (id: string) => (await alerts()).find((alert) => alert.id === id);

  it('tells of late orders until they are done', async () => {
    const late = await place({ dueInMinutes: -30, status: 'IN_PROGRESS' });
    const delivering = await place({ dueInMinutes: -30, status: 'OUT_FOR_DELIVERY', fulfillment: 'DELIVERY' });
    const waiting = await place({ dueInMinutes: -600, status: 'READY' });
    const overdue = await place({ dueInMinutes: -121, status: 'OUT_FOR_DELIVERY', fulfillment: 'DELIVERY' });
    await place({ dueInMinutes: -30, placedAt: null });
    const orders = (await alerts()).filter((alert) => alert.type === 'ORDER_LATE').map((alert) => alert.order_id);
    expect(orders.sort()).toEqual([late.id, overdue.id].sort());
    expect(orders).not.toContain(delivering.id);
    expect(orders).not.toContain(waiting.id);
    expect(await found(`ORDER_LATE:${late.id}`)).toMatchObject({
      kind: 'alert',
      severity: 'critical',
      text: `Order ${late.number} is late: it is still IN_PROGRESS`,
      time: expect.stringMatching(/^\d\d:\d\d$/),
      created_at: expect.stringMatching(/Z$/),
      branch_id: branchId,
    });
  });

  it('tells of low stock, stuck payments, failed refunds and mails, and unreviewed requests, gravest first', async () => {
    const cheese = await makeProduct(shop, { name: 'Cheese' });
    const shelf = await makeStock(shop, { productId: cheese, branchId, onHand: 3, reorderPoint: 3 });
    const unpaid = await place({ placedAt: null });
    const refunded = await place({ status: 'DELIVERED' });
    const [payment] = await shop.sql(
      `update payments set created_at = now() - interval '16 minutes' where order_id = $1 returning id`,
      [unpaid.id],
    );
    const [refund] = await shop.sql(
      `insert into refunds (order_id, payment_id, amount, reason, status, settled_at)
       select order_id, id, 5, 'DAMAGE', 'FAILED', now() from payments where order_id = $1 returning id`,
      [refunded.id],
    );
    const [mail] = await shop.sql(
      `insert into outbox (kind, payload, status) values ('ORDER_STATUS', '{"to": "dana@example.com"}', 'FAILED') returning id`,
    );
    const [request] = await shop.sql(
      `insert into stock_requests (branch_id, product_id, quantity, request_type, actor_user_id, created_at)
       values ($1, $2, 5, 'ADD_QUANTITY', $3, now() - interval '5 hours') returning id`,
      [branchId, cheese, floor.employee.id],
    );
    const expected = {
      [`LOW_STOCK:${shelf}`]: 'warning',
      [`PAYMENT_STUCK:${payment!.id}`]: 'critical',
      [`REFUND_FAILED:${refund!.id}`]: 'critical',
      [`MAIL_FAILED:${mail!.id}`]: 'critical',
      [`STOCK_REQUEST_WAITING:${request!.id}`]: 'warning',
    };
    const all = await alerts();
    for (const [id, severity] of Object.entries(expected)) {
      expect([id, all.find((alert) => alert.id === id)?.severity]).toEqual([id, severity]);
    }
    expect(JSON.stringify(all)).not.toContain('dana@example.com');
    const order = ['critical', 'warning', 'info'];
    const ranks = all.map((alert) => order.indexOf(alert.severity));
    expect(ranks).toEqual(ranks.toSorted());
    expect(all.find((alert) => alert.id === `LOW_STOCK:${shelf}`).text).toBe('Cheese at Haifa: 3 left, reorder at 3');
  });
});
