import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeBranch, makeProduct, makeStock } from '../support/factories.ts';
import { contradictions, onHand, openFloor, placeOrder } from '../support/orders.ts';
import { openShop, type Shop } from '../support/shop.ts';

let shop: Shop;
let floor: Awaited<ReturnType<typeof openFloor>>;
let branchId: number;
let milk: number;
let bread: number;

beforeAll(async () => {
  shop = await openShop();
  floor = await openFloor(shop);
  branchId = await makeBranch(shop, { name: 'Haifa' });
  milk = await makeProduct(shop, { name: 'Milk 3%', price: '6.50' });
  bread = await makeProduct(shop, { name: 'Bread', price: '10.00' });
  for (const productId of [milk, bread]) await makeStock(shop, { productId, branchId, onHand: 5000 });
});

const lines = () => [{ productId: milk, quantity: 2 }, { productId: bread }];
const mine = (options = {}) => placeOrder(shop, { userId: floor.customer.id, branchId, lines: lines(), ...options });
const get = (path: string, query = {}, token = floor.customer.token) => shop.request('GET', path, { token, query });
const cancel = (id: number | string, token = floor.customer.token) =>
  shop.request('POST', `/orders/${id}/cancel`, { token });

const mails = async () => (await shop.sql(`select count(*) as n from outbox where kind = 'ORDER_STATUS'`))[0]!.n;

describe('reading orders', () => {
  it('shows a pickup with its lines, money, window and timeline in one trip', async () => {
    const order = await mine();
    const answer = await get(`/orders/${order.id}`);
    expect(answer.status).toBe(200);
    expect(answer.trips).toBe(1);
    expect(answer.body.data).toMatchObject({
      id: order.id,
      order_number: order.number,
      status: 'CREATED',
      fulfillment_type: 'PICKUP',
      total_amount: '23.00',
      delivery_fee: '0.00',
      refunded_amount: '0.00',
      currency: 'ILS',
      payment_reference: `mock_${order.number}`,
      items_count: 3,
      delivery: null,
      pickup: { branch_id: branchId, branch_name: 'Haifa' },
    });
    expect(answer.body.data.items).toHaveLength(2);
    expect(answer.body.data.items[0]).toMatchObject({
      product_id: milk,
      name: 'Milk 3%',
      unit_price: '6.50',
      quantity: 2,
      picked_status: 'PENDING',
      replacement_product_id: null,
    });
    expect(answer.body.data.timeline).toEqual([{ status: 'CREATED', at: expect.stringMatching(/Z$/) }]);
    expect(answer.body.data.pickup.window_start).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
  });

  it('shows a delivery with its address and slot', async () => {
    const order = await mine({ fulfillment: 'DELIVERY', deliveryFee: '30.00', dueAt: '2030-03-01T08:00:00Z' });
    const { body } = await get(`/orders/${order.id}`);
    expect(body.data).toMatchObject({ pickup: null, total_amount: '53.00', delivery_fee: '30.00' });
    expect(body.data.delivery).toMatchObject({
      address: '5 Allenby Street, Tel Aviv',
      slot_start: '2030-03-01T08:00:00.000Z',
      slot_end: '2030-03-01T10:00:00.000Z',
    });
  });

  it('keeps the name and price of the moment of purchase', async () => {
    const productId = await makeProduct(shop, { name: 'Old name', price: '4.00' });
    await makeStock(shop, { productId, branchId, onHand: 10 });
    const order = await mine({ lines: [{ productId }] });
    await shop.sql(`update products set name = 'New name', price = 9 where id = $1`, [productId]);
    const { body } = await get(`/orders/${order.id}`);
    expect(body.data.items[0]).toMatchObject({ name: 'Old name', unit_price: '4.00' });
  });

  it('lists the own placed orders, newest first, in pages that neither repeat nor skip', async () => {
    const own = await openFloor(shop);
    const placed = [];
    for (let day = 1; day <= 5; day += 1) {
      placed.push(await mine({ userId: own.customer.id, placedAt: `2026-02-0${day}T10:00:00Z` }));
    }
    await mine({ userId: own.customer.id, placedAt: null });
    const first = await get('/orders', { limit: 2 }, own.customer.token);
    expect(first.trips).toBe(1);
    expect(first.body.meta).toEqual({ total: 5, limit: 2, offset: 0, has_next: true });
    const rest = await get('/orders', { limit: 100, offset: 2 }, own.customer.token);
    const seen = [...first.body.data, ...rest.body.data].map((order: { id: number }) => order.id);
    expect(seen).toEqual(placed.map((order) => order.id).reverse());
  });

  it("filters by status and by the shop's days", async () => {
    const own = await openFloor(shop);
    const of = (placedAt: string, status = 'CREATED') => mine({ userId: own.customer.id, placedAt, status });
    // 22:30 UTC on the 9th is half past midnight on the 10th in Jerusalem.
    const late = await of('2026-02-09T22:30:00Z');
    const next = await of('2026-02-10T21:59:00Z', 'READY');
    await of('2026-02-10T22:01:00Z');
    const ids = async (query: object) =>
      (await get('/orders', query, own.customer.token)).body.data.map((order: { id: number }) => order.id);
    expect(await ids({ date_from: '2026-02-10', date_to: '2026-02-10' })).toEqual([next.id, late.id]);
    expect(await ids({ dateTo: '2026-02-09' })).toEqual([]);
    expect(await ids({ status: 'READY' })).toEqual([next.id]);
  });

  it.each([{ status: 'LOST' }, { date_from: 'yesterday' }, { date_to: '2026-02-30' }, { date_from: '0000-01-01' }])(
    'refuses the filter %j',
    async (query) => {
      const answer = await get('/orders', query);
      expect(answer.status).toBe(400);
      expect(answer.body.error.code).toBe('VALIDATION_ERROR');
    },
  );

  it('answers 404 for orders of others, unpaid ones and absent ones, and 400 for ids that are none', async () => {
    const stranger = await openFloor(shop);
    const order = await mine();
    const unpaid = await mine({ placedAt: null });
    expect((await get(`/orders/${order.id}`, {}, stranger.customer.token)).status).toBe(404);
    expect((await cancel(order.id, stranger.customer.token)).status).toBe(404);
    for (const id of [unpaid.id, 2147483647]) {
      expect((await get(`/orders/${id}`)).status).toBe(404);
      expect((await cancel(id)).status).toBe(404);
    }
    for (const id of ['0', '-1', '2147483648', 'abc', '1.5']) expect((await get(`/orders/${id}`)).status).toBe(400);
  });
});

describe('canceling', () => {
  let before: number;
  beforeEach(async () => {
    before = await onHand(shop, branchId, milk);
  });

  it('puts the stock back, promises the refund and tells the customer, in one trip', async () => {
    const order = await mine();
    expect(await onHand(shop, branchId, milk)).toBe(before - 2);
    const mailsBefore = await mails();
    const answer = await cancel(order.id);
    expect(answer.status).toBe(200);
    expect(answer.trips).toBe(1);
    expect(answer.body.data).toEqual({
      order_id: order.id,
      status: 'CANCELED',
      canceled_at: expect.stringMatching(/Z$/),
    });
    expect(await onHand(shop, branchId, milk)).toBe(before);
    const { body } = await get(`/orders/${order.id}`);
    expect(body.data).toMatchObject({ status: 'CANCELED', total_amount: '23.00', refunded_amount: '23.00' });
    expect(body.data.timeline.map((event: { status: string }) => event.status)).toEqual(['CREATED', 'CANCELED']);

    const refunds = await shop.sql('select amount, reason, status from refunds where order_id = $1', [order.id]);
    expect(refunds).toEqual([{ amount: '23.00', reason: 'CANCEL', status: 'SUCCEEDED' }]);
    const notes = await shop.sql('select type from notifications where order_id = $1 order by id', [order.id]);
    expect(notes.map((note) => note.type)).toEqual(['ORDER_STATUS', 'ORDER_STATUS', 'REFUND']);
    expect(await mails()).toBe(mailsBefore + 1);
    const audit = await shop.sql(
      `select actor_user_id, new_value->>'status' as status from audit_log
       where entity_type = 'order' and entity_id = $1 and action = 'CANCEL'`,
      [order.id],
    );
    expect(audit).toEqual([{ actor_user_id: floor.customer.id, status: 'CANCELED' }]);
    const movements = await shop.sql('select reason, delta from stock_movements where order_id = $1 order by id', [
      order.id,
    ]);
    expect(movements.map((row) => `${row.reason} ${row.delta}`)).toEqual([
      'SALE -2',
      'SALE -1',
      'CANCEL 2',
      'CANCEL 1',
    ]);
  });

  it('refuses once somebody works on it, and a second time', async () => {
    const begun = await mine({ status: 'IN_PROGRESS' });
    const refused = await cancel(begun.id);
    expect(refused.status).toBe(409);
    expect(refused.body.error).toMatchObject({ code: 'INVALID_STATUS', details: { status: 'IN_PROGRESS' } });
    const order = await mine();
    expect((await cancel(order.id)).status).toBe(200);
    expect((await cancel(order.id)).body.error).toMatchObject({
      code: 'INVALID_STATUS',
      details: { status: 'CANCELED' },
    });
  });

  it('happens once however often it is asked for at the same time', async () => {
    const order = await mine();
    const answers = await Promise.all(Array.from({ length: 8 }, () => cancel(order.id)));
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, ...Array(7).fill(409)]);
    expect(await onHand(shop, branchId, milk)).toBe(before);
    expect(await contradictions(shop)).toEqual([]);
  });
});
