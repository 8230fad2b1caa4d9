import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeProduct, makeStock, signInAs, type TestUser } from '../support/factories.ts';
import { expectInvariants } from '../support/invariants.ts';
import { deliveredOrder, onHand, type PlacedOrder, placeOrder } from '../support/orders.ts';
import { askRefund, balanceOf, decideClaim, fileClaim, setSettings } from '../support/paying-back.ts';
import { openShop, type Shop, type ShopResponse } from '../support/shop.ts';
import { type StandardShop, standardShop } from '../support/standard-shop.ts';

type Person = TestUser & { token: string };
let shop: Shop;
let goods: StandardShop;
let manager: Person;
let employee: Person;
let admin: Person;
let customer: Person;
let product: number;
let order: PlacedOrder;
let milk: number;
let bread: number;

beforeAll(async () => {
  shop = await openShop();
  goods = await standardShop(shop);
  [manager, employee, admin] = await Promise.all([
    signInAs(shop, 'MANAGER'),
    signInAs(shop, 'EMPLOYEE'),
    signInAs(shop, 'ADMIN'),
  ]);
  product = await makeProduct(shop, { price: '10.00' });
  await makeStock(shop, { productId: product, branchId: goods.storeId, onHand: 1000 });
});
beforeEach(async () => {
  customer = await signInAs(shop);
  order = await newOrder();
  [milk, bread] = order.itemIds as [number, number];
});

/** Three units at 10.00 and one at 7.00, with a fee of 5.00: 42.00. */
const newOrder = (userId = customer.id) =>
  deliveredOrder(shop, {
    userId,
    branchId: goods.storeId,
    lines: [
      { productId: product, quantity: 3 },
      { productId: product, unitPrice: '7.00' },
    ],
    deliveryFee: '5.00',
  });

type Items = Parameters<typeof fileClaim>[3];
const claim = (items: Items, wanted?: string) => fileClaim(shop, customer.token, order.id, items, wanted);
const decide = (id: number, decisions: Parameters<typeof decideClaim>[3], note?: string) =>
  decideClaim(shop, manager.token, id, decisions, note);
const refusal = ({ status, body }: ShopResponse) => [status, body.error.code, body.error.details];
const refunded = async (): Promise<string> =>
  (await shop.request('GET', `/orders/${order.id}`, { token: customer.token })).body.data.refunded_amount;

describe('a claim', () => {
  it('is open until a manager decides, and worth what was paid', async () => {
    const { status, trips, body } = await claim([
      { item_id: milk, quantity: 2, problem: 'EXPIRED', note: 'Best before\nyesterday' },
      { item_id: bread, problem: 'MISSING' },
    ]);
    expect([status, trips]).toEqual([201, 1]);
    expect(body.data).toEqual({
      id: expect.any(Number),
      order_id: order.id,
      order_number: order.number,
      status: 'OPEN',
      wanted: 'REFUND',
      amount: '27.00',
      approved_amount: null,
      currency: 'ILS',
      is_automatic: false,
      note: null,
      refund_id: null,
      created_at: expect.any(String),
      decided_at: null,
      items: [
        expect.objectContaining({
          item_id: milk,
          quantity: 2,
          problem: 'EXPIRED',
          note: 'Best before\nyesterday',
          approved_quantity: null,
        }),
        expect.objectContaining({ item_id: bread, quantity: 1, problem: 'MISSING', note: null, product_id: product }),
      ],
    });
    const mine = await shop.request('GET', `/orders/${order.id}/claims`, { token: customer.token });
    expect(mine.body.data).toEqual([body.data]);
    expect(await refunded()).toBe('0.00');
    const { body: alerts } = await shop.request('GET', '/ops/alerts', { token: employee.token });
    expect(alerts.data).toContainEqual(expect.objectContaining({ type: 'CLAIM_WAITING', order_id: order.id }));
  });

  it('approved goes the way it was paid, and no stock comes back', async () => {
    const before = await onHand(shop, goods.storeId, product);
    const { id } = (await claim([{ item_id: milk, quantity: 2 }])).body.data;
    const { status, trips, body } = await decide(id, [{ item_id: milk, quantity: 2, approve: true }], 'Sorry');
    expect([status, trips]).toEqual([200, 1]);
    expect(body.data).toMatchObject({
      status: 'APPROVED',
      approved_amount: '20.00',
      note: 'Sorry',
      decided_by: manager.id,
      customer_name: 'Dana Levi',
      items: [{ approved_quantity: 2 }],
    });
    expect(await refunded()).toBe('20.00');
    expect(await onHand(shop, goods.storeId, product)).toBe(before);
    const { body: told } = await shop.request('GET', '/store/notifications', { token: customer.token });
    expect(told.data.items.map((one: any) => one.type)).toEqual(expect.arrayContaining(['CLAIM', 'REFUND']));
    expect(told.data.items.find((one: any) => one.type === 'CLAIM')).toMatchObject({
      title: 'Claim approved',
      body: `We accept your claim about order ${order.number}. 20.00 ILS will be paid back. The shop says: Sorry`,
    });
    const [refund] = await shop.sql('select reason, credit_amount from refunds where id = $1', [body.data.refund_id]);
    expect(refund).toEqual({ reason: 'CLAIM', credit_amount: '0.00' });
  });

  it('for credit becomes credit', async () => {
    const { id } = (await claim([{ item_id: bread }], 'CREDIT')).body.data;
    await decide(id, [{ item_id: bread, quantity: 1, approve: true }]);
    expect([await balanceOf(shop, customer.id), await refunded()]).toEqual(['7.00', '7.00']);
  });

  it('is approved in part, or denied, for good', async () => {
    const { id } = (await claim([{ item_id: milk, quantity: 3 }, { item_id: bread }])).body.data;
    const part = await decide(id, [
      { item_id: milk, quantity: 1, approve: true },
      { item_id: milk, quantity: 2, approve: false },
    ]);
    expect(part.body.data).toMatchObject({ status: 'PARTLY_APPROVED', approved_amount: '10.00' });
    expect(part.body.data.items.map((item: any) => item.approved_quantity)).toEqual([1, 0]);
    expect(refusal(await decide(id, [{ item_id: milk, quantity: 3, approve: true }]))).toEqual([
      409,
      'INVALID_STATUS',
      { status: 'PARTLY_APPROVED' },
    ]);
    expect(await refunded()).toBe('10.00');

    order = await newOrder();
    const { id: other } = (await claim([{ item_id: order.itemIds[0] }])).body.data;
    const denied = await decide(other, [{ item_id: order.itemIds[0], quantity: 1, approve: false }], 'It was fresh');
    expect(denied.body.data).toMatchObject({ status: 'DENIED', approved_amount: '0.00', refund_id: null });
    expect((await claim([{ item_id: order.itemIds[0], quantity: 3 }])).body.error.code).toBe('ALREADY_CLAIMED');
  });

  it('may name one line twice, with two problems', async () => {
    const { id } = (
      await claim([
        { item_id: milk, problem: 'MISSING' },
        { item_id: milk, quantity: 2, problem: 'DAMAGED' },
      ])
    ).body.data;
    const { body } = await decide(id, [{ item_id: milk, quantity: 2, approve: true }]);
    expect(body.data.items.map((item: any) => item.approved_quantity)).toEqual([1, 1]);
    expect(body.data.approved_amount).toBe('20.00');
  });

  it('takes each unit once', async () => {
    expect((await claim([{ item_id: milk, quantity: 2 }])).status).toBe(201);
    expect(refusal(await claim([{ item_id: milk, quantity: 2 }]))).toEqual([
      409,
      'ALREADY_CLAIMED',
      { item_id: milk, quantity: 1 },
    ]);
    expect((await claim([{ item_id: milk }])).status).toBe(201);
    expect(refusal(await claim([{ item_id: milk }]))[1]).toBe('ALREADY_CLAIMED');
  });

  it('is not for units that staff have paid back, or that were missing', async () => {
    await askRefund(shop, manager.token, order.id, { items: [{ item_id: milk, quantity: 2 }] });
    expect(refusal(await claim([{ item_id: milk, quantity: 2 }]))).toEqual([
      409,
      'NOTHING_LEFT_TO_REFUND',
      { item_id: milk, quantity: 1 },
    ]);
    const lines = [{ productId: product, pickedStatus: 'MISSING' as const }, { productId: product }];
    order = await deliveredOrder(shop, { userId: customer.id, branchId: goods.storeId, lines });
    expect(refusal(await claim([{ item_id: order.itemIds[0] }]))[1]).toBe('NOTHING_LEFT_TO_REFUND');
  });

  it('that staff have paid back meanwhile cannot be approved, only denied', async () => {
    const { id } = (await claim([{ item_id: milk, quantity: 3 }])).body.data;
    await askRefund(shop, manager.token, order.id, { items: [{ item_id: milk, quantity: 1 }] });
    expect(refusal(await decide(id, [{ item_id: milk, quantity: 3, approve: true }]))[1]).toBe(
      'NOTHING_LEFT_TO_REFUND',
    );
    const { body } = await decide(id, [{ item_id: milk, quantity: 2, approve: true }]);
    expect(body.data).toMatchObject({ status: 'PARTLY_APPROVED', approved_amount: '20.00' });
    expect(await refunded()).toBe('30.00');
  });

  it('of a replaced line is worth what the replacement cost', async () => {
    const lines = [{ productId: product, quantity: 3 }];
    order = await placeOrder(shop, { userId: customer.id, branchId: goods.storeId, lines, status: 'READY' });
    await shop.sql(
      `update order_items set picked_status = 'REPLACED', replacement_product_id = product_id, replacement_name = 'Oat milk',
         replacement_unit_price = 6.50 where order_id = $1`,
      [order.id],
    );
    await shop.sql(`update orders set status = 'DELIVERED', delivered_at = now() where id = $1`, [order.id]);
    const { body } = await claim([{ item_id: order.itemIds[0], quantity: 3 }]);
    expect(body.data).toMatchObject({ amount: '19.50', items: [{ name: 'Oat milk' }] });
  });
});

describe('a claim that comes', () => {
  it('before the delivery is refused', async () => {
    for (const status of ['CREATED', 'OUT_FOR_DELIVERY', 'CANCELED']) {
      order = await placeOrder(shop, {
        userId: customer.id,
        branchId: goods.storeId,
        lines: [{ productId: product, pickedStatus: 'PICKED' }],
        status,
      });
      expect(refusal(await claim([{ item_id: order.itemIds[0] }]))).toEqual([409, 'INVALID_STATUS', { status }]);
    }
  });

  it('too late is refused, by the setting', async () => {
    await shop.sql(`update orders set delivered_at = now() - interval '47 hours 59 minutes' where id = $1`, [order.id]);
    expect((await claim([{ item_id: milk }])).status).toBe(201);
    await shop.sql(`update orders set delivered_at = now() - interval '48 hours 1 second' where id = $1`, [order.id]);
    expect(refusal(await claim([{ item_id: milk }]))).toEqual([409, 'CLAIM_WINDOW_OVER', { claim_hours: 48 }]);
    await setSettings(shop, { claim_hours: 72 });
    expect((await claim([{ item_id: milk }])).status).toBe(201);
    await shop.sql('update orders set delivered_at = now() where id = $1', [order.id]);
  });

  it.each([
    [{ items: [], wanted: 'REFUND' }, 'items'],
    [{ items: [{ item_id: 1, quantity: 0, problem: 'MISSING' }], wanted: 'REFUND' }, 'items.0.quantity'],
    [{ items: [{ item_id: 1, quantity: 1, problem: 'LATE' }], wanted: 'REFUND' }, 'items.0.problem'],
    [
      { items: [{ item_id: 1, quantity: 1, problem: 'WRONG', note: 'x'.repeat(1001) }], wanted: 'REFUND' },
      'items.0.note',
    ],
    [{ items: [{ item_id: 1, quantity: 1, problem: 'WRONG' }], wanted: 'CARD' }, 'wanted'],
    [{ items: [{ item_id: 1, quantity: 1, problem: 'WRONG' }] }, 'wanted'],
  ])('as %j is refused', async (body, path) => {
    const { status, body: answer } = await shop.request('POST', `/orders/${order.id}/claims`, {
      token: customer.token,
      body,
    });
    expect([status, answer.error.details.errors[0].path]).toEqual([400, path]);
  });

  it('for what was not ordered, or not by the caller, is refused', async () => {
    expect(refusal(await claim([{ item_id: milk, quantity: 4 }]))).toEqual([
      422,
      'QUANTITY_TOO_LARGE',
      { item_id: milk, quantity: 3 },
    ]);
    const theirs = await newOrder((await signInAs(shop)).id);
    expect(refusal(await claim([{ item_id: theirs.itemIds[0] }]))).toEqual([404, 'NOT_FOUND', {}]);
    const foreign = await fileClaim(shop, customer.token, theirs.id, [{ item_id: theirs.itemIds[0] }]);
    expect(foreign.status).toBe(404);
    expect((await shop.request('GET', `/orders/${theirs.id}/claims`, { token: customer.token })).status).toBe(404);
  });
});

describe('a decision', () => {
  let id: number;
  beforeEach(async () => {
    id = (await claim([{ item_id: milk, quantity: 2 }])).body.data.id;
  });

  it.each([[{ decisions: [] }], [{ decisions: [{ item_id: 1, quantity: 1 }] }], [{}]])(
    'of %j is refused',
    async (body) => {
      const { status } = await shop.request('PATCH', `/ops/claims/${id}`, { token: manager.token, body });
      expect(status).toBe(400);
    },
  );

  it('about units that were not claimed is refused', async () => {
    expect(refusal(await decide(id, [{ item_id: milk, quantity: 3, approve: true }])).slice(0, 2)).toEqual([
      422,
      'QUANTITY_TOO_LARGE',
    ]);
    expect((await decide(id, [{ item_id: bread, quantity: 1, approve: false }])).status).toBe(422);
  });

  it('is not for an employee, nor for whoever claims', async () => {
    const decisions = [{ item_id: milk, quantity: 2, approve: true }];
    expect((await decideClaim(shop, employee.token, id, decisions)).status).toBe(403);
    const own = await newOrder(admin.id);
    const { body } = await fileClaim(shop, admin.token, own.id, [{ item_id: own.itemIds[0] }]);
    const refused = await decideClaim(shop, admin.token, body.data.id, [
      { item_id: own.itemIds[0], quantity: 1, approve: true },
    ]);
    expect([refused.status, refused.body.error.code]).toEqual([403, 'CANNOT_APPROVE_OWN']);
  });

  it('is in the audit, like the claim', async () => {
    await decide(id, [{ item_id: milk, quantity: 2, approve: true }]);
    const audit = `select action, actor_user_id, new_value ->> 'status' as status from audit_log
                   where entity_type = 'claim' and entity_id = $1 order by id`;
    expect(await shop.sql(audit, [id])).toEqual([
      { action: 'CREATE', actor_user_id: customer.id, status: 'OPEN' },
      { action: 'REVIEW', actor_user_id: manager.id, status: 'APPROVED' },
    ]);
    await expectInvariants(shop);
  });

  it('is asked for by the list of staff: open ones first, by status and branch', async () => {
    await decide(id, [{ item_id: milk, quantity: 2, approve: false }]);
    const waiting = (await claim([{ item_id: bread }])).body.data.id;
    const list = async (query: object) =>
      (await shop.request('GET', '/ops/claims', { token: employee.token, query: { limit: 100, ...query } })).body;
    const { data, meta } = await list({ branch_id: goods.storeId });
    const statuses = data.map((one: any) => one.status);
    expect(statuses).toEqual([
      ...statuses.filter((one: string) => one === 'OPEN'),
      ...statuses.filter((one: string) => one !== 'OPEN'),
    ]);
    expect(meta.total).toBe(data.length);
    expect((await list({ status: 'DENIED' })).data[0].id).toBe(id);
    expect((await list({ status: 'OPEN' })).data.map((one: any) => one.id)).toContain(waiting);
    expect((await list({ branch_id: goods.warehouseId })).data).toEqual([]);
  });
});

describe('a small claim', () => {
  const small = async (amount: string) => {
    await setSettings(shop, { claim_auto_approve_under: amount });
    return (await claim([{ item_id: bread }], 'CREDIT')).body.data;
  };

  it('is approved by itself, up to the setting', async () => {
    expect(await small('7.00')).toMatchObject({ status: 'APPROVED', is_automatic: true, approved_amount: '7.00' });
    expect(await balanceOf(shop, customer.id)).toBe('7.00');
    const [decided] = await shop.sql(
      'select decided_by, decided_at is not null as at from claims where order_id = $1',
      [order.id],
    );
    expect(decided).toEqual({ decided_by: null, at: true });
  });

  it.each(['6.99', '0'])('above it (%s) waits', async (limit) => {
    expect(await small(limit)).toMatchObject({ status: 'OPEN', is_automatic: false });
  });

  it('waits after three within thirty days, whoever approved them', async () => {
    const outcomes: string[] = [];
    for (let n = 0; n < 4; n++) {
      order = await newOrder();
      [milk, bread] = order.itemIds as [number, number];
      outcomes.push((await small('10.00')).status);
    }
    expect(outcomes).toEqual(['APPROVED', 'APPROVED', 'APPROVED', 'OPEN']);
    await shop.sql(
      `update claims set decided_at = now() - interval '31 days'
       where id = (select min(id) from claims where user_id = $1)`,
      [customer.id],
    );
    order = await newOrder();
    [milk, bread] = order.itemIds as [number, number];
    expect((await small('10.00')).status).toBe('APPROVED');
  });

  it('waits when the money of the order is paid back already', async () => {
    await askRefund(shop, manager.token, order.id, { amount: '40.00' });
    expect(await small('10.00')).toMatchObject({ status: 'OPEN' });
  });
});
