import { beforeAll, describe, expect, it } from 'vitest';
import { makeBranch, makeProduct, makeStock, makeUser, signIn, signInAs } from '../support/factories.ts';
import { overlap } from '../support/overlap.ts';
import { openShop, type Shop } from '../support/shop.ts';

let shop: Shop;
let employee: { id: number; token: string };
let manager: { id: number; token: string };
let admin: { id: number; token: string };
let branchId: number;

beforeAll(async () => {
  shop = await openShop();
  const picker = await makeUser(shop, { role: 'EMPLOYEE', fullName: 'Noa Bar' });
  employee = { id: picker.id, token: await signIn(shop, picker) };
  manager = await signInAs(shop, 'MANAGER');
  admin = await signInAs(shop, 'ADMIN');
  branchId = await makeBranch(shop, { name: 'Back room' });
});

const get = (path: string, query = {}, token = manager.token) => shop.request('GET', path, { token, query });
const ask = (body: object, token = employee.token, path = '/stock-requests') =>
  shop.request('POST', path, { token, body });
const resolve = (id: number, body: unknown, token = manager.token) =>
  shop.request('PATCH', `/stock-requests/admin/${id}/resolve`, { token, body });
const bulkReview = (items: object[], token = manager.token) =>
  shop.request('PATCH', '/stock-requests/admin/bulk-review', { token, body: { items } });

interface Wish {
  productId?: number;
  quantity?: number;
  type?: 'SET_QUANTITY' | 'ADD_QUANTITY';
  token?: string;
}

/** A request that waits for its review. */
async function pending({ productId, quantity = 5, type = 'ADD_QUANTITY', token }: Wish = {}): Promise<number> {
  const product_id = productId ?? (await makeProduct(shop));
  const { body } = await ask({ branch_id: branchId, product_id, quantity, request_type: type }, token);
  return body.data.id;
}

const onHand = async (productId: number): Promise<number | undefined> =>
  (await shop.sql('select on_hand from inventory where product_id = $1 and branch_id = $2', [productId, branchId]))[0]
    ?.on_hand;

async function hold(inventoryId: number, quantity: number): Promise<void> {
  const { id } = await makeUser(shop);
  await shop.sql(
    `with cart as (insert into carts (user_id) values ($1) returning id)
     insert into hold_lines (inventory_id, cart_id, quantity, expires_at)
       select $2, id, $3, now() + interval '10 minutes' from cart`,
    [id, inventoryId, quantity],
  );
}

describe('asking for stock', () => {
  it('makes a request that waits, with one trip, on both paths', async () => {
    const product_id = await makeProduct(shop, { name: 'Olive oil', sku: 'OIL-1' });
    for (const path of ['/stock-requests', '/ops/stock-requests']) {
      const { status, body, trips } = await ask(
        { branch_id: branchId, product_id, quantity: 12, request_type: 'ADD_QUANTITY', reason: 'Sold out twice' },
        employee.token,
        path,
      );
      expect(status).toBe(201);
      expect(trips).toBe(1);
      expect(body.data).toEqual({
        id: expect.any(Number),
        branch_id: branchId,
        branch_name: 'Back room',
        product_id,
        product_name: 'Olive oil',
        product_sku: 'OIL-1',
        quantity: 12,
        request_type: 'ADD_QUANTITY',
        status: 'PENDING',
        reason: 'Sold out twice',
        rejection_reason: null,
        actor_user_id: employee.id,
        requester: 'Noa Bar',
        reviewed_by: null,
        reviewed_at: null,
        created_at: expect.stringMatching(/Z$/),
      });
    }
    expect(await onHand(product_id)).toBeUndefined();
  });

  it('needs a product and a branch that exist', async () => {
    const wish = { branch_id: branchId, product_id: 1, quantity: 1, request_type: 'ADD_QUANTITY' };
    const noProduct = await ask({ ...wish, product_id: 999_999 });
    expect([noProduct.status, noProduct.body.error.code]).toEqual([404, 'PRODUCT_NOT_FOUND']);
    const noBranch = await ask({ ...wish, product_id: await makeProduct(shop), branch_id: 999_999 });
    expect([noBranch.status, noBranch.body.error.code]).toEqual([404, 'NOT_FOUND']);
  });

  it.each([
    { quantity: 0 },
    { quantity: 10_001 },
    { quantity: 1.5 },
    { request_type: 'TAKE' },
    { branch_id: 0 },
    { reason: 'x'.repeat(501) },
    { status: 'APPROVED' },
  ])('refuses %j', async (part) => {
    const wish = { branch_id: branchId, product_id: 1, quantity: 1, request_type: 'ADD_QUANTITY', ...part };
    expect((await ask(wish)).status).toBe(400);
  });

  it('is for staff, reviewing for managers', async () => {
    const customer = await signInAs(shop);
    expect((await ask({}, customer.token)).status).toBe(403);
    expect((await get('/stock-requests/admin', {}, employee.token)).status).toBe(403);
    expect((await resolve(1, { status: 'APPROVED' }, employee.token)).status).toBe(403);
    expect((await bulkReview([], employee.token)).status).toBe(403);
  });
});

describe('the lists', () => {
  it('show newest first, filtered, in one trip', async () => {
    const at = await makeBranch(shop);
    const product_id = await makeProduct(shop);
    const wish = { branch_id: at, product_id, quantity: 1, request_type: 'ADD_QUANTITY' };
    const own = (await ask(wish)).body.data.id;
    const others = (await ask(wish, manager.token)).body.data.id;
    await resolve(own, { status: 'REJECTED', rejection_reason: 'No room' });
    const ids = async (path: string, query: object, token: string) => {
      const { status, body, trips } = await get(path, query, token);
      expect([status, trips]).toEqual([200, 1]);
      expect(body.meta.total).toBe(body.data.length);
      return body.data.map((row: { id: number }) => row.id);
    };
    expect(await ids('/stock-requests/admin', { branchId: at }, manager.token)).toEqual([others, own]);
    expect(await ids('/ops/stock-requests', { branch_id: at, status: 'PENDING' }, employee.token)).toEqual([others]);
    expect(await ids('/stock-requests/my', { branch_id: at }, employee.token)).toEqual([own]);
    expect(await ids('/stock-requests/my', { branch_id: at, status: 'PENDING' }, employee.token)).toEqual([]);
    expect((await get('/stock-requests/admin', { status: 'OPEN' })).status).toBe(400);
  });

  it('one request is found by its id', async () => {
    const id = await pending();
    const { body, trips } = await get(`/stock-requests/admin/${id}`);
    expect(body.data).toMatchObject({ id, status: 'PENDING' });
    expect(trips).toBe(1);
    expect((await get('/stock-requests/admin/999999')).status).toBe(404);
    expect((await get('/stock-requests/admin/abc')).status).toBe(400);
  });
});

describe('a review', () => {
  it('that approves an addition adds to what is on hand, in one trip', async () => {
    const productId = await makeProduct(shop);
    const inventoryId = await makeStock(shop, { productId, branchId, onHand: 7 });
    const id = await pending({ productId, quantity: 5 });
    const { status, body, trips } = await resolve(id, { status: 'APPROVED' });
    expect([status, trips]).toEqual([200, 1]);
    expect(body.data).toMatchObject({
      id,
      status: 'APPROVED',
      quantity: 5,
      reviewed_by: manager.id,
      rejection_reason: null,
    });
    expect(body.data.reviewed_at).toMatch(/Z$/);
    expect(await onHand(productId)).toBe(12);
    const movements = await get(`/admin/inventory/${inventoryId}/movements`);
    expect(movements.body.data[0]).toMatchObject({
      delta: 5,
      reason: 'STOCK_REQUEST',
      stock_request_id: id,
      actor_user_id: manager.id,
      balance: 12,
    });
  });

  it('that approves a count sets what is on hand, at the quantity the manager says', async () => {
    const productId = await makeProduct(shop);
    await makeStock(shop, { productId, branchId, onHand: 70 });
    await resolve(await pending({ productId, quantity: 50, type: 'SET_QUANTITY' }), {
      status: 'APPROVED',
      approved_quantity: 40,
    });
    expect(await onHand(productId)).toBe(40);
  });

  it('makes the inventory row when it is absent', async () => {
    for (const type of ['SET_QUANTITY', 'ADD_QUANTITY'] as const) {
      const productId = await makeProduct(shop);
      expect((await resolve(await pending({ productId, quantity: 9, type }), { status: 'APPROVED' })).status).toBe(200);
      expect(await onHand(productId)).toBe(9);
    }
  });

  it('that rejects changes no stock, and tells the requester why', async () => {
    const productId = await makeProduct(shop);
    const id = await pending({ productId });
    const { body } = await resolve(id, {
      status: 'REJECTED',
      rejection_reason: 'A delivery is on its way',
      approved_quantity: null,
    });
    expect(body.data).toMatchObject({ status: 'REJECTED', rejection_reason: 'A delivery is on its way' });
    expect(await onHand(productId)).toBeUndefined();
    expect(
      await shop.sql(
        `select user_id, data ->> 'status' as status from notifications where (data ->> 'request_id')::int = $1`,
        [id],
      ),
    ).toEqual([{ user_id: employee.id, status: 'REJECTED' }]);
    expect(
      await shop.sql(
        `select action, actor_user_id from audit_log where entity_type = 'stock_request' and entity_id = $1 order by id`,
        [id],
      ),
    ).toEqual([
      { action: 'CREATE', actor_user_id: employee.id },
      { action: 'REVIEW', actor_user_id: manager.id },
    ]);
  });

  it.each([
    [{ status: 'APPROVED', approved_quantity: 0 }, 'INVALID_QUANTITY'],
    [{ status: 'APPROVED', approved_quantity: -1 }, 'INVALID_QUANTITY'],
    [{ status: 'APPROVED', approved_quantity: 1.5 }, 'INVALID_QUANTITY'],
    [{ status: 'APPROVED', approved_quantity: 10_001 }, 'INVALID_QUANTITY'],
    [{ status: 'APPROVED', rejection_reason: 'No' }, 'INVALID_REJECTION'],
    [{ status: 'REJECTED' }, 'INVALID_REJECTION'],
    [{ status: 'REJECTED', rejection_reason: '  ' }, 'INVALID_REJECTION'],
    [{ status: 'REJECTED', rejection_reason: 'No', approved_quantity: 3 }, 'INVALID_REJECTION'],
    [{ status: 'PENDING' }, 'VALIDATION_ERROR'],
    [{ status: 'APPROVED', approved_quantity: '5' }, 'VALIDATION_ERROR'],
    [{ status: 'APPROVED', note: 'x' }, 'VALIDATION_ERROR'],
    [{}, 'VALIDATION_ERROR'],
  ])('refuses %j with %s, and the request waits on', async (body, code) => {
    const id = await pending();
    const answer = await resolve(id, body);
    expect([answer.status, answer.body.error.code, answer.trips]).toEqual([400, code, 1]);
    expect((await get(`/stock-requests/admin/${id}`)).body.data.status).toBe('PENDING');
  });

  it('of the own request is refused, unless an administrator does it', async () => {
    const own = await resolve(await pending({ token: manager.token }), { status: 'APPROVED' });
    expect([own.status, own.body.error.code]).toEqual([403, 'CANNOT_REVIEW_OWN_REQUEST']);
    expect((await resolve(await pending({ token: admin.token }), { status: 'APPROVED' }, admin.token)).status).toBe(
      200,
    );
  });

  it('happens once: of two managers, one wins', async () => {
    const productId = await makeProduct(shop);
    const id = await pending({ productId, quantity: 5 });
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, i) => resolve(id, { status: 'APPROVED' }, i % 2 ? manager.token : admin.token)),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const late = answers.find(({ status }) => status !== 200)!;
    expect([late.status, late.body.error.code]).toEqual([409, 'INVALID_STATUS']);
    expect(late.body.error.details).toEqual({ status: 'APPROVED' });
    expect(await onHand(productId)).toBe(5);
  });

  it('cannot take what customers in checkout hold, and leaves nothing behind when it tries', async () => {
    const productId = await makeProduct(shop);
    await hold(await makeStock(shop, { productId, branchId, onHand: 10 }), 6);
    const id = await pending({ productId, quantity: 5, type: 'SET_QUANTITY' });
    const { status, body } = await resolve(id, { status: 'APPROVED' });
    expect([status, body.error.code]).toEqual([409, 'STOCK_HELD']);
    expect(body.error.details).toEqual({ available_quantity: 10, reserved_quantity: 6 });
    expect((await get(`/stock-requests/admin/${id}`)).body.data).toMatchObject({
      status: 'PENDING',
      reviewed_by: null,
    });
    expect(await shop.sql(`select from audit_log where action = 'REVIEW' and entity_id = $1`, [id])).toEqual([]);
    expect((await resolve(id, { status: 'APPROVED', approved_quantity: 6 })).status).toBe(200);
  });

  it('of a request that is not there is 404', async () => {
    expect((await resolve(999_999, { status: 'APPROVED' })).status).toBe(404);
  });
});

describe('a bulk review', () => {
  it('judges each item on its own, in one trip, and answers in the given order', async () => {
    const held = await makeProduct(shop);
    await hold(await makeStock(shop, { productId: held, branchId, onHand: 10 }), 6);
    const productId = await makeProduct(shop);
    const good = await pending({ productId, quantity: 5 });
    const rejected = await pending();
    const own = await pending({ token: manager.token });
    const tooLow = await pending({ productId: held, quantity: 5, type: 'SET_QUANTITY' });
    const badQuantity = await pending();
    const { status, body, trips } = await bulkReview([
      { request_id: tooLow, status: 'APPROVED' },
      { request_id: good, status: 'APPROVED', approved_quantity: 8 },
      { request_id: 999_999, status: 'APPROVED' },
      { request_id: own, status: 'APPROVED' },
      { request_id: rejected, status: 'REJECTED', rejection_reason: 'No room' },
      { request_id: badQuantity, status: 'APPROVED', approved_quantity: 0 },
      { request_id: badQuantity, status: 'REJECTED' },
      { request_id: good, status: 'REJECTED', rejection_reason: 'Changed my mind' },
    ]);
    expect([status, trips]).toEqual([200, 1]);
    const summary = body.data.results.map((each: any) => [each.request_id, each.status, each.result, each.error_code]);
    expect(summary).toEqual([
      [tooLow, 'APPROVED', 'error', 'STOCK_HELD'],
      [good, 'APPROVED', 'ok', undefined],
      [999_999, 'APPROVED', 'error', 'NOT_FOUND'],
      [own, 'APPROVED', 'error', 'CANNOT_REVIEW_OWN_REQUEST'],
      [rejected, 'REJECTED', 'ok', undefined],
      [badQuantity, 'APPROVED', 'error', 'INVALID_QUANTITY'],
      [badQuantity, 'REJECTED', 'error', 'INVALID_REJECTION'],
      [good, 'REJECTED', 'error', 'INVALID_STATUS'],
    ]);
    expect(body.data.results[0].message).toContain('hold');
    expect(await onHand(productId)).toBe(8);
    expect(await onHand(held)).toBe(10);
    const { body: kept } = await get(`/stock-requests/admin/${tooLow}`);
    expect(kept.data.status).toBe('PENDING');
    const actions = await shop.sql(`select entity_id from audit_log where action = 'REVIEW' and entity_id = any ($1)`, [
      [good, rejected, own, tooLow, badQuantity],
    ]);
    expect(actions.map(({ entity_id }) => entity_id).sort((a, b) => a - b)).toEqual(
      [good, rejected].sort((a, b) => a - b),
    );
  });

  it('applies requests for one inventory row in the given order', async () => {
    const productId = await makeProduct(shop);
    await makeStock(shop, { productId, branchId, onHand: 1 });
    const add = await pending({ productId, quantity: 5 });
    const set = await pending({ productId, quantity: 20, type: 'SET_QUANTITY' });
    await bulkReview([set, add].map((request_id) => ({ request_id, status: 'APPROVED' })));
    expect(await onHand(productId)).toBe(25);
  });

  it('costs the same trips and statements for 1 item and for 100', async () => {
    const statements = [];
    for (const count of [1, 100]) {
      const requests = await shop.sql<{ id: number }>(
        `insert into stock_requests (branch_id, product_id, quantity, request_type, actor_user_id)
           select $1, $2, 1, 'ADD_QUANTITY', $3 from generate_series(1, $4) returning id`,
        [branchId, await makeProduct(shop), employee.id, count],
      );
      const answer = await bulkReview(requests.map(({ id }) => ({ request_id: id, status: 'APPROVED' })));
      expect(answer.trips).toBe(1);
      expect(new Set(answer.body.data.results.map((each: any) => each.result))).toEqual(new Set(['ok']));
      statements.push(answer.statements);
    }
    expect(statements[0]).toBe(statements[1]);
  });

  it('moves no stock before all inventory rows are locked', async () => {
    const made = [];
    for (let i = 0; i < 2; i++) {
      const productId = await makeProduct(shop);
      made.push({
        shelf: await makeStock(shop, { productId, branchId, onHand: 0 }),
        request: await pending({ productId, quantity: 3 }),
      });
    }
    const steps = `perform from inventory where id = ${made[1]!.shelf} for update`;
    const until = `not exists (
      select from pg_locks where relation = 'stock_movements'::regclass and mode = 'RowExclusiveLock' and pid <> pg_backend_pid())`;
    const items = made.map(({ request }) => ({ request_id: request, status: 'APPROVED' }));
    const answer = await overlap(shop, { steps, until }, () => bulkReview(items));
    expect(answer.body.data.results.map((each: any) => each.result)).toEqual(['ok', 'ok']);
  });

  it('meets others over the same inventory rows in opposing order without a deadlock, and each request counts once', async () => {
    const products = [];
    for (let i = 0; i < 8; i++) {
      const productId = await makeProduct(shop);
      if (i % 2) await makeStock(shop, { productId, branchId, onHand: 0 });
      products.push(productId);
    }
    const requests = [];
    for (const productId of [...products, ...products]) requests.push(await pending({ productId, quantity: 3 }));
    const items = requests.map((request_id) => ({ request_id, status: 'APPROVED' }));
    const answers = await Promise.all([
      bulkReview(items),
      bulkReview(items.toReversed(), admin.token),
      ...requests.slice(0, 6).map((id) => resolve(id, { status: 'APPROVED' })),
    ]);
    const won =
      answers.slice(0, 2).flatMap(({ body }) => body.data.results.filter((each: any) => each.result === 'ok')).length +
      answers.slice(2).filter(({ status }) => status === 200).length;
    expect(won).toBe(requests.length);
    for (const { status } of answers) expect([200, 409]).toContain(status);
    for (const productId of products) expect(await onHand(productId)).toBe(6);
  });

  it.each([
    { items: [] },
    { items: Array.from({ length: 101 }, () => ({ request_id: 1, status: 'APPROVED' })) },
    { items: [{ request_id: 'x', status: 'APPROVED' }] },
    { items: [{ request_id: 1, status: 'PENDING' }] },
    { items: [{ request_id: 1, status: 'APPROVED', why: 'x' }] },
    {},
  ])('refuses %#', async (body) => {
    const answer = await shop.request('PATCH', '/stock-requests/admin/bulk-review', { token: manager.token, body });
    expect(answer.status).toBe(400);
  });
});
