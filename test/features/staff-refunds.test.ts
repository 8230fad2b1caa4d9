import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeProduct, makeStock, signInAs, type TestUser } from '../support/factories.ts';
import { expectInvariants } from '../support/invariants.ts';
import { onHand, type PlacedOrder, placeOrder } from '../support/orders.ts';
import { askRefund, balanceOf, decideRefund, setSettings } from '../support/paying-back.ts';
import { openShop, type Shop, type ShopResponse } from '../support/shop.ts';
import { type StandardShop, standardShop } from '../support/standard-shop.ts';

type Person = TestUser & { token: string };
let shop: Shop;
let goods: StandardShop;
let asker: Person;
let second: Person;
let admin: Person;
let customer: Person;
let product: number;
let order: PlacedOrder;

beforeAll(async () => {
  shop = await openShop();
  goods = await standardShop(shop);
  [asker, second, admin, customer] = await Promise.all([
    signInAs(shop, 'MANAGER'),
    signInAs(shop, 'MANAGER'),
    signInAs(shop, 'ADMIN'),
    signInAs(shop),
  ]);
  product = await makeProduct(shop, { price: '10.00' });
  await makeStock(shop, { productId: product, branchId: goods.storeId, onHand: 1000 });
});
/** Three units at 10.00 and one at 7.00, with a fee of 5.00: 42.00. */
beforeEach(async () => {
  const lines = [
    { productId: product, quantity: 3 },
    { productId: product, unitPrice: '7.00' },
  ];
  order = await placeOrder(shop, { userId: customer.id, branchId: goods.storeId, lines, deliveryFee: '5.00' });
});
afterEach(() => setSettings(shop, { refund_approval_over: null }));

const refund = (body: Record<string, unknown>, key?: string) => askRefund(shop, asker.token, order.id, body, key);
const refusal = ({ status, body }: ShopResponse) => [status, body.error.code, body.error.details];
const orderNow = async () => (await shop.request('GET', `/orders/${order.id}`, { token: customer.token })).body.data;
const settled = () => shop.scheduled('*/5 * * * *');

describe('a refund by staff', () => {
  it('of an amount goes to the card', async () => {
    const { status, trips, body } = await refund({ amount: 12.5 });
    expect([status, trips]).toEqual([201, 1]);
    expect(body.data).toMatchObject({
      order_id: order.id,
      order_number: order.number,
      amount: '12.50',
      to: 'CARD',
      status: 'APPROVED',
      refund_status: 'PENDING',
      credit_amount: '0.00',
      requested_by: asker.id,
      decided_by: null,
    });
    expect(await orderNow()).toMatchObject({ refunded_amount: '12.50', total_amount: '42.00' });
    await settled();
    const { body: list } = await shop.request('GET', '/admin/refunds', { token: second.token });
    expect(list.data[0]).toMatchObject({ id: body.data.id, refund_status: 'SUCCEEDED', requester: 'Dana Levi' });
  });

  it('of units pays what was paid for them, and leaves the stock alone', async () => {
    const before = await onHand(shop, goods.storeId, product);
    const items = [
      { item_id: order.itemIds[0], quantity: 2 },
      { item_id: order.itemIds[1], quantity: 1 },
    ];
    const { body } = await refund({ items });
    expect(body.data).toMatchObject({ amount: '27.00', items });
    expect(refusal(await refund({ items: [{ item_id: order.itemIds[0], quantity: 2 }] }))).toEqual([
      409,
      'NOTHING_LEFT_TO_REFUND',
      { item_id: order.itemIds[0], quantity: 1 },
    ]);
    expect((await refund({ items: [{ item_id: order.itemIds[0], quantity: 1 }] })).body.data.amount).toBe('10.00');
    expect(await onHand(shop, goods.storeId, product)).toBe(before);
    expect((await orderNow()).refunded_amount).toBe('37.00');
  });

  it('to credit is there at once', async () => {
    const before = Number(await balanceOf(shop, customer.id));
    const { body } = await refund({ amount: '6.00', to: 'CREDIT' });
    expect(body.data).toMatchObject({ to: 'CREDIT', credit_amount: '6.00', refund_status: 'SUCCEEDED' });
    expect(Number(await balanceOf(shop, customer.id))).toBe(before + 6);
    expect((await orderNow()).refunded_amount).toBe('6.00');
    const { body: told } = await shop.request('GET', '/store/notifications', { token: customer.token });
    expect(told.data.items[0]).toMatchObject({ type: 'REFUND', title: 'Store credit added', order_id: order.id });
  });

  it('never pays more than is left', async () => {
    expect(refusal(await refund({ amount: '42.01' }))).toEqual([
      409,
      'NOTHING_LEFT_TO_REFUND',
      { card: '42.00', total: '42.00' },
    ]);
    await refund({ amount: '30.00', to: 'CREDIT' });
    expect(refusal(await refund({ amount: '12.01', to: 'CARD' }))[1]).toBe('NOTHING_LEFT_TO_REFUND');
    expect((await refund({ amount: '12.00', to: 'CARD' })).status).toBe(201);
    for (const to of ['CARD', 'CREDIT', undefined]) {
      expect(refusal(await refund({ amount: '0.01', to }))).toEqual([
        409,
        'NOTHING_LEFT_TO_REFUND',
        { card: '0.00', total: '0.00' },
      ]);
    }
    const canceled = await shop.request('POST', `/orders/${order.id}/cancel`, { token: customer.token });
    expect([canceled.status, (await orderNow()).refunded_amount]).toEqual([200, '42.00']);
  });

  it('leaves picking to pay back no more of the line, and of the order, than is left', async () => {
    const set = (path: string, body: unknown) =>
      shop.request('PATCH', `/ops/orders/${order.id}/${path}`, { token: asker.token, body });
    await set('status', { status: 'IN_PROGRESS' });
    await refund({ items: [{ item_id: order.itemIds[0], quantity: 1 }] });
    await set(`items/${order.itemIds[0]}/picked-status`, { picked_status: 'MISSING' });
    await set(`items/${order.itemIds[1]}/picked-status`, { picked_status: 'PICKED' });
    await set('status', { status: 'MISSING' });
    expect(refusal(await refund({ items: [{ item_id: order.itemIds[0], quantity: 1 }] }))[1]).toBe(
      'NOTHING_LEFT_TO_REFUND',
    );
    await refund({ amount: '20.00' });
    const ready = await set('status', { status: 'READY' });
    // 10.00 by the unit and 20.00 by the amount; of the line 20.00 are left, of the order 12.00.
    expect(ready.body.data).toMatchObject({ status: 'READY', refunded_amount: '42.00' });
  });

  it('is announced by mail and notification', async () => {
    await shop.sql('delete from outbox');
    await shop.request('POST', '/store/notifications/read', { token: customer.token });
    await refund({ amount: '3.00', reason: 'The courier was late' });
    const { body } = await shop.request('GET', '/store/notifications', { token: customer.token });
    expect(body.data.items[0]).toMatchObject({ type: 'REFUND', read_at: null, order_id: order.id });
    expect(await shop.sql('select kind from outbox')).toEqual([{ kind: 'ORDER_REFUNDED' }]);
  });

  it('takes money off the revenue of what was delivered, to the card or to credit', async () => {
    const revenue = async () =>
      Number((await shop.request('GET', '/admin/analytics/revenue', { token: admin.token })).body.data.total);
    for (const status of ['IN_PROGRESS', 'READY', 'DELIVERED']) {
      for (const itemId of status === 'READY' ? order.itemIds : []) {
        await shop.sql(`update order_items set picked_status = 'PICKED' where id = $1`, [itemId]);
      }
      await shop.request('PATCH', `/ops/orders/${order.id}/status`, { token: asker.token, body: { status } });
    }
    const before = await revenue();
    await refund({ amount: '4.00', to: 'CREDIT' });
    await refund({ amount: '5.00' });
    expect(await revenue()).toBeCloseTo(before - 9);
  });
});

describe('a request for a refund', () => {
  it.each([
    [{}, 'amount'],
    [{ amount: '1.00', items: [{ item_id: 1, quantity: 1 }] }, 'amount'],
    [{ amount: '0.00' }, 'amount'],
    [{ amount: '-1.00' }, 'amount'],
    [{ amount: '1.001' }, 'amount'],
    [{ items: [] }, 'items'],
    [{ items: [{ item_id: 1, quantity: 0 }] }, 'items.0.quantity'],
    [{ items: [{ item_id: 1, quantity: 1.5 }] }, 'items.0.quantity'],
    [
      {
        items: [
          { item_id: 1, quantity: 1 },
          { item_id: 1, quantity: 1 },
        ],
      },
      'items',
    ],
    [{ amount: '1.00', to: 'CASH' }, 'to'],
    [{ amount: '1.00', reason: '' }, 'reason'],
    [{ amount: '1.00', reason: null }, 'reason'],
    [{ amount: '1.00', status: 'APPROVED' }, 'body'],
  ])('%j is refused', async (body, path) => {
    const { status, body: answer } = await refund(body);
    expect([status, answer.error.details.errors[0].path]).toEqual([400, path]);
  });

  it('needs a key', async () => {
    const { status, body } = await shop.request('POST', `/ops/orders/${order.id}/refunds`, {
      token: asker.token,
      body: { amount: '1.00', reason: 'Late' },
    });
    expect([status, body.error.code]).toEqual([400, 'MISSING_IDEMPOTENCY_KEY']);
  });

  it('for a line of another order, or an order that is not there, is 404', async () => {
    const other = await placeOrder(shop, {
      userId: customer.id,
      branchId: goods.storeId,
      lines: [{ productId: product }],
    });
    expect(refusal(await refund({ items: [{ item_id: other.itemIds[0], quantity: 1 }] }))).toEqual([
      404,
      'NOT_FOUND',
      {},
    ]);
    const unpaid = await placeOrder(shop, {
      userId: customer.id,
      branchId: goods.storeId,
      lines: [{ productId: product }],
      placedAt: null,
    });
    expect((await askRefund(shop, asker.token, unpaid.id, { amount: '1.00' })).status).toBe(404);
    await shop.sql(`select decline_payment($1, $2, 'declined')`, [customer.id, unpaid.id]);
  });

  it('sent again under its key answers the same, and pays once', async () => {
    const key = crypto.randomUUID();
    const first = await refund({ amount: '2.00' }, key);
    await settled();
    const again = await refund({ amount: '2.00' }, key);
    expect([again.status, again.headers.get('idempotency-replayed'), again.body.data]).toEqual([
      200,
      'true',
      first.body.data,
    ]);
    expect((await orderNow()).refunded_amount).toBe('2.00');
    expect(refusal(await refund({ amount: '3.00' }, key)).slice(0, 2)).toEqual([409, 'IDEMPOTENCY_KEY_REUSE_MISMATCH']);
    const elsewhere = await placeOrder(shop, {
      userId: customer.id,
      branchId: goods.storeId,
      lines: [{ productId: product }],
    });
    expect((await askRefund(shop, asker.token, elsewhere.id, { amount: '2.00' }, key)).status).toBe(409);
    expect((await askRefund(shop, second.token, order.id, { amount: '2.00' }, key)).status).toBe(201);
  });

  it('that was refused leaves its key free', async () => {
    const key = crypto.randomUUID();
    expect((await refund({ amount: '100.00' }, key)).status).toBe(409);
    expect((await refund({ amount: '1.00' }, key)).status).toBe(201);
  });
});

describe('above the limit', () => {
  beforeEach(() => setSettings(shop, { refund_approval_over: '10.00' }));

  it('a refund waits for a second manager, and counts for nothing until then', async () => {
    expect((await refund({ amount: '10.00' })).body.data.status).toBe('APPROVED');
    const { body } = await refund({ amount: '10.01' });
    expect(body.data).toMatchObject({ status: 'PENDING', refund_id: null, refund_status: null });
    await settled();
    expect((await orderNow()).refunded_amount).toBe('10.00');
    const waiting = await shop.request('GET', '/admin/refunds', { token: second.token, query: { status: 'PENDING' } });
    expect(waiting.body.data.map((one: any) => one.id)).toContain(body.data.id);
    const { body: alerts } = await shop.request('GET', '/ops/alerts', { token: asker.token });
    expect(alerts.data).toContainEqual(expect.objectContaining({ type: 'REFUND_WAITING', order_id: order.id }));

    const approved = await decideRefund(shop, second.token, body.data.id);
    expect([approved.status, approved.trips]).toEqual([200, 1]);
    expect(approved.body.data).toMatchObject({
      status: 'APPROVED',
      decided_by: second.id,
      decided_at: expect.any(String),
    });
    expect((await orderNow()).refunded_amount).toBe('20.01');
    expect(refusal(await decideRefund(shop, second.token, body.data.id, 'REJECTED'))).toEqual([
      409,
      'INVALID_STATUS',
      { status: 'APPROVED' },
    ]);
  });

  it('a rejected one pays nothing', async () => {
    const { body } = await refund({ items: [{ item_id: order.itemIds[0], quantity: 3 }] });
    expect((await decideRefund(shop, admin.token, body.data.id, 'REJECTED')).body.data).toMatchObject({
      status: 'REJECTED',
      refund_id: null,
    });
    expect((await orderNow()).refunded_amount).toBe('0.00');
  });

  it('nobody decides on their own, ADMIN included', async () => {
    const own = await askRefund(shop, admin.token, order.id, { amount: '11.00' });
    for (const status of ['APPROVED', 'REJECTED']) {
      const { status: code, body } = await decideRefund(shop, admin.token, own.body.data.id, status);
      expect([code, body.error.code]).toEqual([403, 'CANNOT_APPROVE_OWN']);
    }
    const theirs = await placeOrder(shop, {
      userId: admin.id,
      branchId: goods.storeId,
      lines: [{ productId: product, quantity: 3 }],
    });
    const asked = await askRefund(shop, asker.token, theirs.id, { amount: '11.00' });
    expect((await decideRefund(shop, admin.token, asked.body.data.id)).body.error.code).toBe('CANNOT_APPROVE_OWN');
    expect((await decideRefund(shop, second.token, asked.body.data.id)).status).toBe(200);
  });

  it('what has become impossible meanwhile is refused, and can be rejected', async () => {
    const { body } = await refund({ amount: '40.00' });
    await shop.request('POST', `/orders/${order.id}/cancel`, { token: customer.token });
    expect(refusal(await decideRefund(shop, second.token, body.data.id))[1]).toBe('NOTHING_LEFT_TO_REFUND');
    expect((await decideRefund(shop, second.token, body.data.id, 'REJECTED')).status).toBe(200);
  });

  it.each([[{ status: 'PENDING' }], [{ status: 'DENIED' }], [{}], [{ status: 'APPROVED', amount: '1.00' }]])(
    'a decision of %j is refused',
    async (body) => {
      const { status } = await shop.request('PATCH', '/admin/refunds/1', { token: second.token, body });
      expect(status).toBe(400);
    },
  );

  it('who asked and who decided is in the audit', async () => {
    const { body } = await refund({ amount: '12.00' });
    await decideRefund(shop, second.token, body.data.id);
    const audit = `select action, actor_user_id, new_value ->> 'status' as status from audit_log
                   where entity_type = 'refund_request' and entity_id = $1 order by id`;
    expect(await shop.sql(audit, [body.data.id])).toEqual([
      { action: 'CREATE', actor_user_id: asker.id, status: 'PENDING' },
      { action: 'REVIEW', actor_user_id: second.id, status: 'APPROVED' },
    ]);
    await expectInvariants(shop);
  });

  it('the limit is a setting, which null switches off', async () => {
    const put = (body: unknown) => shop.request('PUT', '/admin/settings', { token: admin.token, body });
    expect((await put({ refund_approval_over: 5 })).body.data.refund_approval_over).toBe('5.00');
    expect((await put({ refund_approval_over: null })).body.data.refund_approval_over).toBeNull();
    expect((await put({ refund_approval_over: '-1' })).status).toBe(400);
    expect((await refund({ amount: '42.00' })).body.data.status).toBe('APPROVED');
  });
});
