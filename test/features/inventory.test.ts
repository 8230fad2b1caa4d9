import { beforeAll, describe, expect, it } from 'vitest';
import { makeBranch, makeProduct, makeStock, signInAs } from '../support/factories.ts';
import { openShop, type Shop } from '../support/shop.ts';

let shop: Shop;
let employee: string;
let manager: string;
let branchId: number;

beforeAll(async () => {
  shop = await openShop();
  employee = (await signInAs(shop, 'EMPLOYEE')).token;
  manager = (await signInAs(shop, 'MANAGER')).token;
  branchId = await makeBranch(shop, { name: 'Counting hall' });
});

const get = (path: string, query = {}, token = manager) => shop.request('GET', path, { token, query });
const patch = (id: number, body: unknown, path = '/admin', token = manager) =>
  shop.request('PATCH', `${path}/inventory/${id}`, { token, body });
const create = (body: unknown) => shop.request('POST', '/admin/inventory', { token: manager, body });

const stocked = async (onHand: number, reorderPoint = 0, at = branchId) =>
  makeStock(shop, { productId: await makeProduct(shop), branchId: at, onHand, reorderPoint });

/** Somebody in checkout keeps this many units, for that many more minutes. */
async function hold(inventoryId: number, quantity: number, minutes = 10): Promise<void> {
  const { id } = await signInAs(shop);
  await shop.sql(
    `with cart as (insert into carts (user_id) values ($1) returning id)
     insert into hold_lines (inventory_id, cart_id, quantity, expires_at)
       select $2, id, $3, now() + make_interval(mins => $4) from cart`,
    [id, inventoryId, quantity, minutes],
  );
}

const onHand = async (id: number): Promise<number> =>
  (await shop.sql<{ on_hand: number }>('select on_hand from inventory where id = $1', [id]))[0]!.on_hand;

describe('the list of inventory', () => {
  it('names product and branch, counts live holds only, and takes one trip', async () => {
    const id = await stocked(12, 3);
    await hold(id, 4);
    await hold(id, 2, -1);
    const { product_id } = (await shop.sql('select product_id from inventory where id = $1', [id]))[0]!;
    for (const path of ['/admin/inventory', '/ops/inventory']) {
      const { status, body, trips } = await get(path, { productId: product_id });
      expect(status).toBe(200);
      expect(trips).toBe(1);
      expect(body.meta).toEqual({ total: 1, limit: 20, offset: 0, has_next: false });
      expect(body.data).toEqual([
        {
          id,
          product_id,
          branch_id: branchId,
          branch_name: 'Counting hall',
          product_name: expect.any(String),
          product_sku: expect.any(String),
          available_quantity: 12,
          reserved_quantity: 4,
          reorder_point: 3,
          updated_at: expect.stringMatching(/Z$/),
        },
      ]);
    }
  });

  it('finds low stock: at or under the reorder point', async () => {
    const at = await makeBranch(shop);
    await stocked(6, 5, at);
    const low = [await stocked(5, 5, at), await stocked(0, 0, at)];
    const { body } = await get('/ops/inventory', { branch_id: at, low_stock: true }, employee);
    expect(body.data.map((row: { id: number }) => row.id)).toEqual(low);
    expect((await get('/ops/inventory', { branch_id: at, low_stock: false, q: '' })).body.meta.total).toBe(3);
  });

  it('searches name and SKU for literal text', async () => {
    const at = await makeBranch(shop);
    for (const [name, sku] of [
      ['Milk 3%', 'LIT-1'],
      ['Milk 30', 'LIT_2'],
      ['חלב', 'LIT-3'],
    ] as const) {
      await makeStock(shop, { productId: await makeProduct(shop, { name, sku }), branchId: at, onHand: 1 });
    }
    const found = async (q: string) =>
      (await get('/admin/inventory', { branch_id: at, q })).body.data.map(
        (row: { product_sku: string }) => row.product_sku,
      );
    expect(await found('3%')).toEqual(['LIT-1']);
    expect(await found('lit_')).toEqual(['LIT_2']);
    expect(await found('חל')).toEqual(['LIT-3']);
    expect(await found("'; --")).toEqual([]);
    expect(await found('\\')).toEqual([]);
  });

  it('pages without repeating or skipping a row', async () => {
    const at = await makeBranch(shop);
    const ids = [];
    for (let i = 0; i < 5; i++) ids.push(await stocked(i, 0, at));
    const seen = [];
    for (const offset of [0, 2, 4]) {
      const { body } = await get('/admin/inventory', { branch_id: at, limit: 2, offset });
      expect(body.meta).toMatchObject({ total: 5, has_next: offset < 4 });
      seen.push(...body.data.map((row: { id: number }) => row.id));
    }
    expect(seen).toEqual(ids);
  });

  it.each([{ branch_id: 'abc' }, { product_id: 0 }, { branch_id: 2147483648 }, { low_stock: 'maybe' }, { limit: 0 }])(
    'refuses the query %j',
    async (query) => expect((await get('/admin/inventory', query)).status).toBe(400),
  );
});

describe('a new inventory row', () => {
  it('starts with a movement that explains its stock', async () => {
    const product_id = await makeProduct(shop);
    const { status, body, trips } = await create({
      product_id,
      branch_id: branchId,
      available_quantity: 7,
      reorder_point: 2,
    });
    expect(status).toBe(201);
    expect(trips).toBe(1);
    expect(body.data).toMatchObject({ product_id, available_quantity: 7, reserved_quantity: 0, reorder_point: 2 });
    const movements = await get(`/admin/inventory/${body.data.id}/movements`);
    expect(movements.body.data).toMatchObject([{ delta: 7, reason: 'INITIAL', balance: 7 }]);
  });

  it('ignores what an existing client says of held units', async () => {
    for (const reserved_quantity of [0, 5, 9999, null]) {
      const product_id = await makeProduct(shop);
      const answer = await create({ product_id, branch_id: branchId, available_quantity: 7, reserved_quantity });
      expect(answer.status).toBe(201);
      expect(answer.body.data).toMatchObject({ available_quantity: 7, reserved_quantity: 0 });
    }
  });

  it('may be empty, without a movement', async () => {
    const made = await create({ product_id: await makeProduct(shop), branch_id: branchId, available_quantity: 0 });
    expect(made.body.data).toMatchObject({ available_quantity: 0, reorder_point: 0 });
    expect((await get(`/admin/inventory/${made.body.data.id}/movements`)).body.meta.total).toBe(0);
  });

  it('is made once for a product and branch, however many try', async () => {
    const body = { product_id: await makeProduct(shop), branch_id: branchId, available_quantity: 5 };
    const answers = await Promise.all(Array.from({ length: 8 }, () => create(body)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    const refused = answers.filter(({ status }) => status !== 201);
    expect(new Set(refused.map((answer) => answer.body.error.code))).toEqual(new Set(['DUPLICATE_INVENTORY']));
    const { body: list } = await get('/admin/inventory', { product_id: body.product_id });
    expect(list.data).toMatchObject([{ available_quantity: 5 }]);
  });

  it('needs a product and a branch that exist', async () => {
    const product_id = await makeProduct(shop);
    const noProduct = await create({ product_id: 999_999, branch_id: branchId, available_quantity: 1 });
    expect([noProduct.status, noProduct.body.error.code]).toEqual([404, 'PRODUCT_NOT_FOUND']);
    const noBranch = await create({ product_id, branch_id: 999_999, available_quantity: 1 });
    expect([noBranch.status, noBranch.body.error.code]).toEqual([404, 'NOT_FOUND']);
    expect(noBranch.body.error.details).toEqual({ branch_id: 999_999 });
  });

  it.each([
    {},
    { available_quantity: -1 },
    { available_quantity: 1.5 },
    { available_quantity: 1_000_001 },
    { available_quantity: '5' },
    { available_quantity: 5, reorder_point: -1 },
    { available_quantity: 5, on_hand: 6 },
    { available_quantity: 5, product_id: 2_147_483_648 },
  ])('refuses %j', async (part) => {
    const { status } = await create({ product_id: 1, branch_id: branchId, ...part });
    expect(status).toBe(400);
  });
});

describe('a change of stock', () => {
  it('counts, adjusts and moves the reorder point, one trip each', async () => {
    const id = await stocked(10);
    const counted = await patch(id, { available_quantity: 8, reason: 'Two were broken' }, '/ops', employee);
    expect(counted.trips).toBe(1);
    expect(counted.body.data).toMatchObject({ id, available_quantity: 8 });
    expect((await patch(id, { delta: -3 })).body.data.available_quantity).toBe(5);
    expect((await patch(id, { reorder_point: 4, reason: '' })).body.data).toMatchObject({
      available_quantity: 5,
      reorder_point: 4,
    });
    expect((await patch(id, { available_quantity: 5, reserved_quantity: 99 })).body.data).toMatchObject({
      available_quantity: 5,
      reserved_quantity: 0,
    });
    const { body } = await get(`/admin/inventory/${id}/movements`);
    expect(body.data).toMatchObject([
      { delta: -3, reason: 'ADJUSTMENT', note: null, balance: 5 },
      { delta: -2, reason: 'COUNT', note: 'Two were broken', balance: 8, actor_name: 'Dana Levi' },
      { delta: 10, reason: 'INITIAL', balance: 10, actor_name: null },
    ]);
  });

  it('is refused when the quantity is not the expected one any more', async () => {
    const id = await stocked(10);
    const stale = await patch(id, { available_quantity: 20, expected_available_quantity: 11, reorder_point: 9 });
    expect([stale.status, stale.body.error.code]).toEqual([409, 'STALE_QUANTITY']);
    expect(stale.body.error.details).toMatchObject({ available_quantity: 10 });
    const audit = await shop.sql(`select from audit_log where entity_type = 'inventory' and entity_id = $1`, [id]);
    expect((await patch(id, { available_quantity: 20, expected_available_quantity: 10 })).body.data).toMatchObject({
      available_quantity: 20,
      reorder_point: 0,
    });
    const after = await shop.sql(
      `select action, old_value ->> 'on_hand' as old, new_value ->> 'on_hand' as new
       from audit_log where entity_type = 'inventory' and entity_id = $1 order by id offset $2`,
      [id, audit.length],
    );
    expect(after).toEqual([{ action: 'UPDATE', old: '10', new: '20' }]);
  });

  it('lets exactly one of several counters win who all saw the same quantity', async () => {
    const id = await stocked(100);
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, i) => patch(id, { available_quantity: 50 + i, expected_available_quantity: 100 })),
    );
    const winners = answers.filter(({ status }) => status === 200);
    expect(winners).toHaveLength(1);
    expect(await onHand(id)).toBe(winners[0]!.body.data.available_quantity);
  });

  it('adds up adjustments made at once', async () => {
    const id = await stocked(100);
    await Promise.all(Array.from({ length: 20 }, (_, i) => patch(id, { delta: i % 2 ? 3 : -5 })));
    expect(await onHand(id)).toBe(80);
    const [{ sum }] = (await shop.sql('select sum(delta)::int from stock_movements where inventory_id = $1', [id])) as [
      any,
    ];
    expect(sum).toBe(80);
  });

  it('cannot take what customers in checkout hold', async () => {
    const id = await stocked(10);
    await hold(id, 4);
    for (const body of [{ available_quantity: 3 }, { delta: -7 }]) {
      const { status, body: answer } = await patch(id, body);
      expect([status, answer.error.code]).toEqual([409, 'STOCK_HELD']);
      expect(answer.error.details).toEqual({ available_quantity: 10, reserved_quantity: 4 });
    }
    expect((await patch(id, { available_quantity: 4 })).status).toBe(200);
  });

  it('cannot take more than there is, or pile up without end', async () => {
    const id = await stocked(10);
    const under = await patch(id, { delta: -11 });
    expect([under.status, under.body.error.code]).toEqual([409, 'INSUFFICIENT_STOCK']);
    expect(under.body.error.details).toMatchObject({ available_quantity: 10 });
    expect((await patch(id, { delta: 1_000_000 })).status).toBe(422);
    expect(await onHand(id)).toBe(10);
  });

  it.each([
    {},
    { reason: 'Nothing' },
    { expected_available_quantity: 1 },
    { reserved_quantity: 1 },
    { available_quantity: 1, delta: 1 },
    { available_quantity: -1 },
    { delta: 0.5 },
    { delta: 1_000_001 },
    { reorder_point: -1 },
    { delta: 1, reason: 'x'.repeat(301) },
    { delta: 1, reason: 'a\u0000b' },
    { delta: 1, quantity: 1 },
    { delta: 1, expected_available_quantity: 2_147_483_648 },
  ])('refuses %j', async (body) => expect((await patch(await stocked(1), body)).status).toBe(400));

  it('answers 404 for a row that is not there', async () => {
    expect((await patch(999_999, { delta: 1 })).status).toBe(404);
    expect((await get('/admin/inventory/999999/movements')).status).toBe(404);
  });
});

describe('the ledger of a row', () => {
  it('pages with balances that hold on every page, in one trip', async () => {
    const id = await stocked(100);
    for (const delta of [-10, 5, -20, 1]) await patch(id, { delta });
    const pages = [];
    for (const offset of [0, 2, 4]) {
      const { body, trips } = await get(`/admin/inventory/${id}/movements`, { limit: 2, offset });
      expect(trips).toBe(1);
      expect(body.meta.total).toBe(5);
      pages.push(...body.data.map(({ delta, balance }: { delta: number; balance: number }) => [delta, balance]));
    }
    expect(pages).toEqual([
      [1, 76],
      [-20, 75],
      [5, 95],
      [-10, 90],
      [100, 100],
    ]);
  });
});

describe('who may do it', () => {
  it('an employee counts on the floor, but the admin console is for managers', async () => {
    const id = await stocked(1);
    expect((await get('/ops/inventory', {}, employee)).status).toBe(200);
    expect((await get('/admin/inventory', {}, employee)).status).toBe(403);
    expect((await patch(id, { delta: 1 }, '/admin', employee)).status).toBe(403);
    expect((await get(`/admin/inventory/${id}/movements`, {}, employee)).status).toBe(403);
    for (const beyond of [{ delta: 1 }, { available_quantity: 1, reorder_point: 5 }, { reason: 'Nothing counted' }]) {
      expect((await patch(id, beyond, '/ops', employee)).status).toBe(400);
    }
    const asSent = { available_quantity: 2, reserved_quantity: 0, expected_available_quantity: 1, reason: 'Counted' };
    expect((await patch(id, asSent, '/ops', employee)).body.data.available_quantity).toBe(2);
    const customer = await signInAs(shop);
    expect((await patch(id, { available_quantity: 1 }, '/ops', customer.token)).status).toBe(403);
  });
});
