import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeBranch, makeProduct, makeStock } from '../support/factories.ts';
import { contradictions, onHand, openFloor, type PlacedOrder, placeOrder } from '../support/orders.ts';
import { openShop, type Shop } from '../support/shop.ts';

let shop: Shop;
let floor: Awaited<ReturnType<typeof openFloor>>;
let branchId: number;
let milk: number;
let oatMilk: number;
let order: PlacedOrder;

beforeAll(async () => {
  shop = await openShop();
  floor = await openFloor(shop);
});

beforeEach(async () => {
  branchId = await makeBranch(shop);
  milk = await makeProduct(shop, { price: '6.50' });
  oatMilk = await makeProduct(shop, { price: '5.00' });
  for (const productId of [milk, oatMilk]) await makeStock(shop, { productId, branchId, onHand: 50 });
  order = await newOrder();
});

const newOrder = (lines = 3) =>
  placeOrder(shop, {
    userId: floor.customer.id,
    branchId,
    lines: Array.from({ length: lines }, () => ({ productId: milk, quantity: 2 })),
  });

interface Operation {
  op_id: string;
  order_id: number;
  item_id: number;
  picked_status: string;
  at: string;
  [field: string]: unknown;
}

const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
const op = (line: number, picked_status: string, minutes: number, more: object = {}, of = order): Operation => ({
  op_id: crypto.randomUUID(),
  order_id: of.id,
  item_id: of.itemIds[line]!,
  picked_status,
  at: minutesAgo(minutes),
  ...more,
});
const send = (operations: object[]) =>
  shop.request('POST', '/ops/picks', { token: floor.employee.token, body: { operations } });
const results = async (operations: object[]) =>
  (await send(operations)).body.data.results.map((one: any) => one.error_code ?? one.result);
const lines = (of = order) =>
  shop.sql(
    `select picked_status, picked_quantity, replacement_product_id from order_items where order_id = $1 order by id`,
    [of.id],
  );
const replaced = () => ({ replacement_product_id: oatMilk });

describe('what a handheld sends after it was off line', () => {
  it('is recorded in one trip, each operation on its own', async () => {
    const answer = await send([
      op(0, 'PICKED', 5, { picked_quantity: 1 }),
      op(1, 'PICKED', 4, { picked_quantity: 3 }),
      op(1, 'PICKED', 4, { picked_quantity: 0 }),
      op(2, 'REPLACED', 3, replaced()),
      op(2, 'REPLACED', 2, { replacement_product_id: 2_000_000 }),
      op(0, 'PICKED', 1, { picked_grams: 100 }),
      { ...op(0, 'PICKED', 1), item_id: 2_000_000 },
    ]);
    expect([answer.status, answer.trips]).toEqual([200, 1]);
    expect(answer.body.data.results.map((one: any) => one.error_code ?? one.result)).toEqual([
      'ok',
      'QUANTITY_TOO_LARGE',
      'USE_MISSING',
      'ok',
      'PRODUCT_NOT_FOUND',
      'NOT_SOLD_BY_WEIGHT',
      'NOT_FOUND',
    ]);
    expect(answer.body.data.results[1].message).toBe('The order does not have that many units of this item.');
    expect(await lines()).toEqual([
      { picked_status: 'PICKED', picked_quantity: 1, replacement_product_id: null },
      { picked_status: 'PENDING', picked_quantity: null, replacement_product_id: null },
      { picked_status: 'REPLACED', picked_quantity: 2, replacement_product_id: oatMilk },
    ]);
    expect([await onHand(shop, branchId, milk), await onHand(shop, branchId, oatMilk)]).toEqual([46, 48]);
  });

  it('counts once, sent twice and out of order: the last to happen stands', async () => {
    const operations = [
      op(0, 'PICKED', 9),
      op(0, 'MISSING', 8),
      op(1, 'REPLACED', 7, replaced()),
      op(1, 'PICKED', 6, { picked_quantity: 1 }),
      op(2, 'MISSING', 5),
      op(2, 'REPLACED', 4, replaced()),
    ];
    for (const operation of [...operations].reverse()) expect(await results([operation])).toEqual(['ok']);
    for (const operation of operations) expect(await results([operation])).toEqual(['repeated']);
    expect(await results(operations)).toEqual(operations.map(() => 'repeated'));
    expect(await lines()).toEqual([
      { picked_status: 'MISSING', picked_quantity: null, replacement_product_id: null },
      { picked_status: 'PICKED', picked_quantity: 1, replacement_product_id: null },
      { picked_status: 'REPLACED', picked_quantity: 2, replacement_product_id: oatMilk },
    ]);
    expect([await onHand(shop, branchId, milk), await onHand(shop, branchId, oatMilk)]).toEqual([46, 48]);
  });

  it('says which operations came after something later', async () => {
    await send([op(0, 'MISSING', 1)]);
    const late = op(0, 'PICKED', 2);
    expect((await send([late])).body.data.results[0]).toEqual({ op_id: late.op_id, result: 'ok', superseded: true });
    expect((await send([late])).body.data.results[0]).toMatchObject({ result: 'repeated', superseded: true });
    expect((await lines())[0]).toMatchObject({ picked_status: 'MISSING' });
  });

  it('is tried again after a refusal, and an op_id serves one line only', async () => {
    await shop.sql(`update orders set status = 'DELAYED', status_before_delay = 'CREATED' where id = $1`, [order.id]);
    const operation = op(0, 'PICKED', 1);
    expect(await results([operation])).toEqual(['INVALID_STATUS']);
    await shop.sql(`update orders set status = 'IN_PROGRESS', status_before_delay = null where id = $1`, [order.id]);
    expect(await results([operation, operation])).toEqual(['ok', 'repeated']);
    expect(await results([{ ...operation, item_id: order.itemIds[1] }])).toEqual(['IDEMPOTENCY_KEY_REUSE_MISMATCH']);
  });

  it('respects what customers in checkout hold', async () => {
    await shop.sql(
      `with cart as (insert into carts (user_id, status) values ($3, 'CHECKED_OUT') returning id)
       insert into hold_lines (inventory_id, cart_id, quantity, expires_at)
       select v.id, cart.id, 50, now() + interval '10 minutes' from inventory v, cart where product_id = $1 and branch_id = $2`,
      [oatMilk, branchId, floor.customer.id],
    );
    expect(await results([op(0, 'REPLACED', 2, replaced()), op(1, 'PICKED', 1)])).toEqual(['STOCK_HELD', 'ok']);
  });

  it('is refused as a whole when it is malformed', async () => {
    const fine = op(0, 'PICKED', 1);
    const bad = [
      { ...fine, op_id: 'one' },
      { ...fine, at: 'yesterday' },
      { ...fine, at: '0000-01-01T00:00:00Z' },
      { ...fine, picked_grams: 0 },
      { ...fine, picked_quantity: 1.5 },
      { ...fine, picked_status: 'REPLACED' },
      { ...fine, more: true },
    ];
    for (const operation of bad) expect((await send([fine, operation])).status).toBe(400);
    expect((await send([])).status).toBe(400);
    expect((await send(Array.from({ length: 201 }, () => fine))).status).toBe(400);
    expect((await lines())[0]).toMatchObject({ picked_status: 'PENDING' });
  });

  it('counts once when several send the same at once, in different order, 50 times', async () => {
    for (let round = 0; round < 50; round++) {
      const [one, other] = [await newOrder(2), await newOrder(2)];
      const operations = [
        op(0, 'REPLACED', 5, replaced(), one),
        op(0, 'REPLACED', 5, replaced(), other),
        op(0, 'PICKED', 4, { picked_quantity: 1 }, one),
        op(1, 'MISSING', 3, {}, other),
      ];
      const answers = await Promise.all([send(operations), send([...operations].reverse()), send(operations.slice(1))]);
      const told = answers.flatMap(({ body }) => body.data.results).filter(({ result }) => result === 'ok');
      expect(told.map(({ op_id }) => op_id).sort()).toEqual(operations.map(({ op_id }) => op_id).sort());
      expect((await lines(one))[0]).toMatchObject({ picked_status: 'PICKED', picked_quantity: 1 });
      expect(await onHand(shop, branchId, oatMilk)).toBe(48);
      await restock();
    }
    expect(await contradictions(shop)).toEqual([]);
  });
});

/** Fills the shelves again through the ledger. */
const restock = () =>
  shop.sql(
    `insert into stock_movements (inventory_id, delta, reason)
     select id, 50 - on_hand, 'COUNT' from inventory where branch_id = $1 and on_hand <> 50`,
    [branchId],
  );
