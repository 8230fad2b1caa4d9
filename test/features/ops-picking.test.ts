import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeBranch, makeProduct, makeStock } from '../support/factories.ts';
import { contradictions, onHand, openFloor, type PlacedOrder, placeOrder } from '../support/orders.ts';
import { openShop, type Shop } from '../support/shop.ts';

let shop: Shop;
let floor: Awaited<ReturnType<typeof openFloor>>;
let branchId: number;
/** 6.50 each. */
let milk: number;
/** 5.00 each. */
let oatMilk: number;
/** 9.00 each. */
let goatMilk: number;
let order: PlacedOrder;

beforeAll(async () => {
  shop = await openShop();
  floor = await openFloor(shop);
});

beforeEach(async () => {
  branchId = await makeBranch(shop);
  milk = await makeProduct(shop, { name: 'Milk', price: '6.50' });
  oatMilk = await makeProduct(shop, { name: 'Oat milk', price: '5.00' });
  goatMilk = await makeProduct(shop, { name: 'Goat milk', price: '9.00' });
  for (const productId of [milk, oatMilk, goatMilk]) await makeStock(shop, { productId, branchId, onHand: 10 });
  order = await inProgress();
});

const inProgress = (options = {}) =>
  placeOrder(shop, {
    userId: floor.customer.id,
    branchId,
    status: 'IN_PROGRESS',
    lines: [{ productId: milk, quantity: 3 }],
    ...options,
  });
const pick = (body: object, itemId = order.itemIds[0], orderId: number | string = order.id) =>
  shop.request('PATCH', `/ops/orders/${orderId}/items/${itemId}/picked-status`, { token: floor.employee.token, body });
const replace = (productId: number) => pick({ picked_status: 'REPLACED', replacement_product_id: productId });
const move = (status: string, id = order.id) =>
  shop.request('PATCH', `/ops/orders/${id}/status`, { token: floor.manager.token, body: { status } });
const refunds = (id = order.id) => shop.sql('select amount, reason from refunds where order_id = $1 order by id', [id]);
const shelves = async () => {
  const counts = [];
  for (const productId of [milk, oatMilk, goatMilk]) counts.push(await onHand(shop, branchId, productId));
  return counts;
};

/** A customer in checkout keeps all but so many units of a product from others. */
async function holdAllBut(productId: number, free: number) {
  await shop.sql(
    `with cart as (insert into carts (user_id, status) values ($3, 'CHECKED_OUT') returning id)
     insert into hold_lines (inventory_id, cart_id, quantity, expires_at)
     select v.id, cart.id, v.on_hand - $4, now() + interval '10 minutes'
     from inventory v, cart where v.product_id = $1 and v.branch_id = $2`,
    [productId, branchId, floor.customer.id, free],
  );
}

describe('picking', () => {
  it('settles a line in one trip and says who did it', async () => {
    const answer = await pick({ picked_status: 'PICKED' });
    expect(answer.status).toBe(200);
    expect(answer.trips).toBe(1);
    expect(answer.body.data.items[0]).toMatchObject({ picked_status: 'PICKED', replacement_product_id: null });
    const [line] = await shop.sql('select picked_by, picked_at from order_items where id = $1', [order.itemIds[0]]);
    expect(line).toMatchObject({ picked_by: floor.employee.id, picked_at: expect.any(String) });
    await pick({ picked_status: 'PENDING' });
    const [undone] = await shop.sql('select picked_by, picked_at from order_items where id = $1', [order.itemIds[0]]);
    expect(undone).toEqual({ picked_by: null, picked_at: null });
  });

  it('writes a missing line off, and refunds it when a manager lets it go', async () => {
    order = await inProgress({ lines: [{ productId: milk, quantity: 3 }, { productId: oatMilk }] });
    await pick({ picked_status: 'PICKED' }, order.itemIds[1]);
    const answer = await pick({ picked_status: 'MISSING', reason: 'Shelf is empty' });
    expect(answer.body.data.items[0]).toMatchObject({ picked_status: 'MISSING', picked_reason: 'Shelf is empty' });
    expect(await shelves()).toEqual([4, 9, 10]);
    expect((await move('MISSING')).status).toBe(200);
    expect(await refunds()).toEqual([]);
    const ready = await move('READY');
    expect(ready.body.data).toMatchObject({ status: 'READY', refunded_amount: '19.50', total_amount: '24.50' });
    expect(await refunds()).toEqual([{ amount: '19.50', reason: 'MISSING' }]);
    expect(await shelves()).toEqual([4, 9, 10]);
  });

  it('counts unpicked lines as missing when a manager sends the order out', async () => {
    order = await inProgress({
      lines: [{ productId: milk, quantity: 3 }, { productId: oatMilk }, { productId: goatMilk }],
    });
    await pick({ picked_status: 'MISSING' });
    await pick({ picked_status: 'PICKED' }, order.itemIds[1]);
    expect((await move('MISSING')).status).toBe(200);
    const ready = await move('READY');
    expect(ready.body.data).toMatchObject({ status: 'READY', refunded_amount: '28.50' });
    expect(ready.body.data.items.map((item: any) => item.picked_status)).toEqual(['MISSING', 'PICKED', 'MISSING']);
    expect(await refunds()).toEqual([
      { amount: '19.50', reason: 'MISSING' },
      { amount: '9.00', reason: 'MISSING' },
    ]);
  });

  it('replaces by something cheaper: stock is exchanged, the difference refunded at READY, once', async () => {
    const answer = await replace(oatMilk);
    expect(answer.status).toBe(200);
    expect(answer.body.data.items[0]).toMatchObject({
      picked_status: 'REPLACED',
      replacement_product_id: oatMilk,
      replacement_name: 'Oat milk',
      replacement_unit_price: '5.00',
      unit_price: '6.50',
    });
    expect(await shelves()).toEqual([10, 7, 10]);
    const notes = await shop.sql(
      `select user_id, data from notifications where type = 'REPLACEMENT' and order_id = $1`,
      [order.id],
    );
    expect(notes).toEqual([
      {
        user_id: floor.customer.id,
        data: {
          order_number: order.number,
          product_name: 'Milk',
          replacement_name: 'Oat milk',
          quantity: 3,
          refund_amount: '4.50',
          currency: 'ILS',
        },
      },
    ]);
    for (const status of ['READY', 'DELAYED', 'READY']) expect((await move(status)).status).toBe(200);
    expect(await refunds()).toEqual([{ amount: '4.50', reason: 'REPLACEMENT' }]);
    expect(await contradictions(shop)).toEqual([]);
  });

  it('never charges more for a replacement than was paid', async () => {
    const answer = await replace(goatMilk);
    expect(answer.body.data.items[0]).toMatchObject({ replacement_unit_price: '6.50' });
    await move('READY');
    expect(await refunds()).toEqual([]);
  });

  it('undoes a replacement exactly, whatever is said next', async () => {
    await replace(oatMilk);
    await replace(goatMilk);
    expect(await shelves()).toEqual([10, 10, 7]);
    await replace(goatMilk);
    expect(await shelves()).toEqual([10, 10, 7]);
    const answer = await pick({ picked_status: 'PICKED' });
    expect(answer.body.data.items[0]).toMatchObject({
      picked_status: 'PICKED',
      replacement_product_id: null,
      replacement_name: null,
      replacement_unit_price: null,
    });
    expect(await shelves()).toEqual([7, 10, 10]);
    await pick({ picked_status: 'MISSING' });
    expect(await shelves()).toEqual([7, 10, 10]);
    const moved = await shop.sql('select reason, delta from stock_movements where order_id = $1 order by id', [
      order.id,
    ]);
    expect(moved.map(({ reason, delta }) => `${reason} ${delta}`)).toEqual([
      'SALE -3',
      'REPLACED_ORIGINAL 3',
      'REPLACEMENT_TAKEN -3',
      'REPLACEMENT_RETURNED 3',
      'REPLACEMENT_TAKEN -3',
      'REPLACED_ORIGINAL -3',
      'REPLACEMENT_RETURNED 3',
    ]);
    expect(await contradictions(shop)).toEqual([]);
  });

  it('refuses to undo when the original is out of stock', async () => {
    await replace(oatMilk);
    await inProgress({ lines: [{ productId: milk, quantity: 9 }] });
    const answer = await pick({ picked_status: 'PICKED' });
    expect(answer.status).toBe(409);
    expect(answer.body.error).toMatchObject({
      code: 'INSUFFICIENT_STOCK',
      details: { missing: [{ product_id: milk, requested_quantity: 3, available_quantity: 1 }] },
    });
    expect(await shelves()).toEqual([1, 7, 10]);
  });

  it('takes no replacement that is not there, held by a customer, off sale, unknown or the product itself', async () => {
    const nowhere = await makeProduct(shop);
    const retired = await makeProduct(shop, { isActive: false });
    await makeStock(shop, { productId: retired, branchId, onHand: 10 });
    await holdAllBut(goatMilk, 2);
    const refusals: [number, number, string][] = [
      [nowhere, 409, 'INSUFFICIENT_STOCK'],
      [goatMilk, 409, 'STOCK_HELD'],
      [retired, 404, 'PRODUCT_INACTIVE'],
      [2147483647, 404, 'PRODUCT_NOT_FOUND'],
      [milk, 422, 'UNPROCESSABLE'],
    ];
    for (const [productId, status, code] of refusals) {
      const answer = await replace(productId);
      expect([answer.status, answer.body.error.code]).toEqual([status, code]);
    }
    expect(await shelves()).toEqual([7, 10, 10]);
    expect(await contradictions(shop)).toEqual([]);
  });

  it('gives the last replacement to one of two orders', async () => {
    await inProgress({ lines: [{ productId: oatMilk, quantity: 7 }] });
    const other = await inProgress();
    const body = { picked_status: 'REPLACED', replacement_product_id: oatMilk };
    const answers = await Promise.all([pick(body), pick(body, other.itemIds[0], other.id)]);
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409]);
    expect(await onHand(shop, branchId, oatMilk)).toBe(0);
    expect(await contradictions(shop)).toEqual([]);
  });

  it('is for orders that are new or in progress only', async () => {
    for (const status of ['READY', 'OUT_FOR_DELIVERY', 'DELIVERED', 'MISSING', 'DELAYED', 'CANCELED']) {
      const other = await inProgress({ status, lines: [{ productId: milk }] });
      const answer = await pick({ picked_status: 'PICKED' }, other.itemIds[0], other.id);
      expect(answer.status).toBe(409);
      expect(answer.body.error).toMatchObject({ code: 'INVALID_STATUS', details: { status } });
    }
  });

  it("answers 404 for a line of another order, and 400 for what is no picker's word", async () => {
    const other = await inProgress({ lines: [{ productId: milk }] });
    expect((await pick({ picked_status: 'PICKED' }, other.itemIds[0])).status).toBe(404);
    expect((await pick({ picked_status: 'PICKED' }, 2147483647)).status).toBe(404);
    expect((await pick({ picked_status: 'PICKED' }, 1, 'abc')).status).toBe(400);
    const bodies = [
      {},
      { picked_status: 'LOST' },
      { picked_status: 'REPLACED' },
      { picked_status: 'PICKED', replacement_product_id: milk },
      { picked_status: 'PICKED', quantity: 1 },
      { picked_status: 'REPLACED', replacement_product_id: 0 },
    ];
    for (const body of bodies) expect((await pick(body)).status).toBe(400);
  });
});

describe('canceling what was picked', () => {
  it('gives back the right product though a picker replaces it at the same instant', async () => {
    for (let round = 0; round < 10; round += 1) {
      const other = await inProgress();
      const body = { picked_status: 'REPLACED', replacement_product_id: oatMilk };
      const [picked, canceled] = await Promise.all([
        pick(body, other.itemIds[0], other.id),
        move('CANCELED', other.id),
      ]);
      expect(canceled.status).toBe(200);
      expect([200, 409]).toContain(picked.status);
      expect(await shelves()).toEqual([7, 10, 10]);
    }
    expect(await contradictions(shop)).toEqual([]);
  });

  it('puts back what is really out: replacements and found lines, nothing for missing ones', async () => {
    const lines = [milk, oatMilk, goatMilk].map((productId) => ({ productId, quantity: 2 }));
    const other = await inProgress({ lines, deliveryFee: '30.00', fulfillment: 'DELIVERY' });
    const butter = await makeProduct(shop, { price: '1.00' });
    await makeStock(shop, { productId: butter, branchId, onHand: 10 });
    await pick({ picked_status: 'PICKED' }, other.itemIds[0], other.id);
    await pick({ picked_status: 'MISSING' }, other.itemIds[1], other.id);
    await pick({ picked_status: 'REPLACED', replacement_product_id: butter }, other.itemIds[2], other.id);
    expect(await shelves()).toEqual([5, 8, 10]);
    await move('MISSING', other.id);
    await move('READY', other.id);
    expect(await refunds(other.id)).toEqual([
      { amount: '10.00', reason: 'MISSING' },
      { amount: '16.00', reason: 'REPLACEMENT' },
    ]);
    const canceled = await move('CANCELED', other.id);
    expect(canceled.body.data).toMatchObject({ total_amount: '71.00', refunded_amount: '71.00' });
    expect((await refunds(other.id)).at(-1)).toEqual({ amount: '45.00', reason: 'CANCEL' });
    expect(await shelves()).toEqual([7, 8, 10]);
    expect(await onHand(shop, branchId, butter)).toBe(10);
    expect(await contradictions(shop)).toEqual([]);
  });
});

describe('reporting damage', () => {
  const report = (body: object, itemId = order.itemIds[0], orderId = order.id) =>
    shop.request('POST', `/ops/orders/${orderId}/items/${itemId}/report-damage`, { token: floor.employee.token, body });
  const reports = () =>
    shop.sql('select reason, notes, quantity, reported_by from damage_reports where order_item_id = $1 order by id', [
      order.itemIds[0],
    ]);

  it('keeps the report, and writes units off when told how many', async () => {
    const told = await report({ reason: 'Leaking', notes: 'Two cartons\nof the top layer' });
    expect(told.status).toBe(201);
    expect(told.trips).toBe(1);
    expect(told.body.data).toEqual({ reported: true });
    expect(await shelves()).toEqual([7, 10, 10]);
    await report({ reason: 'Dropped', quantity: 2 });
    expect(await shelves()).toEqual([5, 10, 10]);
    expect(await reports()).toEqual([
      { reason: 'Leaking', notes: 'Two cartons\nof the top layer', quantity: null, reported_by: floor.employee.id },
      { reason: 'Dropped', notes: null, quantity: 2, reported_by: floor.employee.id },
    ]);
    const [movement] = await shop.sql(
      `select delta, note from stock_movements where reason = 'DAMAGE' and order_id = $1`,
      [order.id],
    );
    expect(movement).toEqual({ delta: -2, note: 'Dropped' });
  });

  it('concerns the replacement of a replaced line', async () => {
    await replace(oatMilk);
    await report({ reason: 'Dropped', quantity: 1 });
    expect(await shelves()).toEqual([10, 6, 10]);
  });

  it('takes free stock only, and leaves no report of what it refuses', async () => {
    expect((await report({ reason: 'Flood', quantity: 8 })).body.error).toMatchObject({
      code: 'INSUFFICIENT_STOCK',
      details: { requested_quantity: 8, available_quantity: 7 },
    });
    await holdAllBut(milk, 1);
    expect((await report({ reason: 'Flood', quantity: 2 })).body.error.code).toBe('STOCK_HELD');
    expect(await reports()).toEqual([]);
    expect((await report({ reason: 'Flood', quantity: 1 })).status).toBe(201);
  });

  it('is for unfinished orders', async () => {
    for (const status of ['DELIVERED', 'CANCELED']) {
      const other = await inProgress({ status, lines: [{ productId: milk }] });
      const answer = await report({ reason: 'Late' }, other.itemIds[0], other.id);
      expect([answer.status, answer.body.error.details.status]).toEqual([409, status]);
    }
    const created = await inProgress({ status: 'CREATED', lines: [{ productId: milk }] });
    expect((await report({ reason: 'Early' }, created.itemIds[0], created.id)).status).toBe(201);
    expect((await report({ reason: 'x' }, created.itemIds[0])).status).toBe(404);
    for (const body of [{}, { reason: '' }, { reason: 'x', quantity: 0 }, { reason: 'x', quantity: 1.5 }]) {
      expect((await report(body)).status).toBe(400);
    }
  });
});
