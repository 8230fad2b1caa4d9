import { beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { onDatabase, runTransaction } from '../support/database.ts';
import { makeBranch, makeProduct, makeStock, signInAs } from '../support/factories.ts';
import { openShop, type Shop } from '../support/shop.ts';

let shop: Shop;
let manager: string;
let branchId: number;

beforeAll(async () => {
  shop = await openShop();
  manager = (await signInAs(shop, 'MANAGER')).token;
});
beforeEach(async () => {
  branchId = await makeBranch(shop);
});

function upload(csv: string | Uint8Array<ArrayBuffer>, { token = manager, field = 'file' } = {}) {
  const form = new FormData();
  form.set(field, new File([csv], 'stock.csv', { type: 'text/csv' }));
  return shop.request('POST', '/admin/inventory/bulk', { token, rawBody: form });
}

const csv = (...lines: (string | number)[][]) => lines.map((cells) => cells.join(',')).join('\n');
const HEADER = ['product_id', 'branch_id', 'available_quantity', 'reorder_point'];

const shelf = async (productId: number, at = branchId) =>
  (
    await shop.sql('select id, on_hand, reorder_point from inventory where product_id = $1 and branch_id = $2', [
      productId,
      at,
    ])
  )[0];

async function hold(inventoryId: number, quantity: number): Promise<void> {
  const { id } = await signInAs(shop);
  await shop.sql(
    `with cart as (insert into carts (user_id) values ($1) returning id)
     insert into hold_lines (inventory_id, cart_id, quantity, expires_at)
       select $2, id, $3, now() + interval '10 minutes' from cart`,
    [id, inventoryId, quantity],
  );
}

const expectStockToEqualMovements = async () =>
  expect(
    await shop.sql(
      `select i.id from inventory i
       where on_hand <> (select coalesce(sum(delta), 0) from stock_movements m where m.inventory_id = i.id)`,
    ),
  ).toEqual([]);

describe('an inventory file', () => {
  it('creates and updates rows in one trip, leaves ledger and audit behind', async () => {
    const [old, fresh, same] = [await makeProduct(shop), await makeProduct(shop), await makeProduct(shop)];
    const id = await makeStock(shop, { productId: old, branchId, onHand: 10, reorderPoint: 3 });
    await makeStock(shop, { productId: same, branchId, onHand: 6 });
    const { status, body, trips } = await upload(
      csv(HEADER, [old, branchId, 4, ''], [fresh, branchId, 9, 2], [same, branchId, 6, 0]),
    );
    expect(status).toBe(202);
    expect(trips).toBe(1);
    expect(body.data).toEqual({
      total: 3,
      success: 3,
      errors: 0,
      error_details: [],
      results: [
        { row_number: 2, status: 'success', action: 'updated' },
        { row_number: 3, status: 'success', action: 'created' },
        { row_number: 4, status: 'success', action: 'updated' },
      ],
    });
    expect(await shelf(old)).toEqual({ id, on_hand: 4, reorder_point: 3 });
    expect(await shelf(fresh)).toMatchObject({ on_hand: 9, reorder_point: 2 });
    expect(
      await shop.sql(
        `select m.delta from stock_movements m join inventory i on i.id = m.inventory_id
         where i.branch_id = $1 and m.reason = 'BULK_IMPORT' and m.actor_user_id is not null order by m.delta`,
        [branchId],
      ),
    ).toEqual([{ delta: -6 }, { delta: 9 }]);
    const actions = await shop.sql(
      `select action, old_value, new_value from audit_log where entity_type = 'inventory' and entity_id = $1 order by id desc limit 1`,
      [id],
    );
    expect(actions).toEqual([{ action: 'BULK_IMPORT', old_value: { on_hand: 10 }, new_value: { on_hand: 4 } }]);
    await expectStockToEqualMovements();
  });

  it('is read as spreadsheets write it: BOM, CRLF, quotes, any order and case of columns, extra columns, blank lines', async () => {
    const [comma, quoted] = [await makeProduct(shop, { sku: 'CSV-A' }), await makeProduct(shop, { sku: 'CSV-B' })];
    const text = [
      '\uFEFF"Available_Quantity", Note ,SKU,Branch_ID,product_id',
      `"7","says ""hi"", twice\r\nover two lines",csv-a,${branchId},`,
      '',
      `8,=1+1,CSV-B,${branchId},${quoted}`,
      ',,,,',
      '',
    ].join('\r\n');
    const { body } = await upload(text);
    expect(body.data).toMatchObject({ total: 2, success: 2, errors: 0 });
    expect(body.data.results.map((row: { row_number: number }) => row.row_number)).toEqual([2, 4]);
    expect(await shelf(comma)).toMatchObject({ on_hand: 7 });
    expect(await shelf(quoted)).toMatchObject({ on_hand: 8 });
  });

  it('reports each bad row with its number, its reason and its cells, and lands the good ones', async () => {
    const [product, other, held] = [await makeProduct(shop), await makeProduct(shop), await makeProduct(shop)];
    await hold(await makeStock(shop, { productId: held, branchId, onHand: 10 }), 5);
    const rows: [number | string, number | string, number | string, string][] = [
      [product, branchId, '=5', 'available_quantity must be'],
      [product, branchId, '-1', 'available_quantity must be'],
      [product, branchId, '', 'available_quantity must be'],
      [product, branchId, 1_000_001, 'available_quantity must be'],
      ['abc', branchId, 1, 'product_id is not'],
      ['', branchId, 1, 'Name the product'],
      [product, '', 1, 'branch_id is not'],
      [product, 99_999_999_999, 1, 'branch_id is not'],
      [999_999, branchId, 1, 'no such product'],
      [product, 999_999, 1, 'no such branch'],
      [held, branchId, 4, 'hold 5'],
      [product, branchId, 3, ''],
      [product, branchId, 30, 'Row 13 is for the same'],
      [other, branchId, 2, ''],
    ];
    const { status, body } = await upload(csv(HEADER.slice(0, 3), ...rows.map((row) => row.slice(0, 3))));
    expect(status).toBe(202);
    expect(body.data).toMatchObject({ total: 14, success: 2, errors: 12 });
    const reasons = new Map<number, any>(body.data.error_details.map((each: any) => [each.row_number, each]));
    rows.forEach(([product_id, branch_id, available_quantity, reason], index) => {
      const reported = reasons.get(index + 2);
      if (reason === '') {
        expect(reported).toBeUndefined();
        return;
      }
      expect(reported.error).toContain(reason);
      expect(reported.row).toEqual({
        product_id: String(product_id),
        branch_id: String(branch_id),
        available_quantity: String(available_quantity),
      });
    });
    expect(await shelf(product)).toMatchObject({ on_hand: 3 });
    expect(await shelf(held)).toMatchObject({ on_hand: 10 });
    await expectStockToEqualMovements();
  });

  it('respects holds: down to what is held, no further, and a refused row changes nothing', async () => {
    const productId = await makeProduct(shop);
    await hold(await makeStock(shop, { productId, branchId, onHand: 10 }), 5);
    expect((await upload(csv(HEADER, [productId, branchId, 4, 8]))).body.data.errors).toBe(1);
    expect(await shelf(productId)).toMatchObject({ on_hand: 10, reorder_point: 0 });
    expect((await upload(csv(HEADER, [productId, branchId, 5, 8]))).body.data.success).toBe(1);
    expect(await shelf(productId)).toMatchObject({ on_hand: 5, reorder_point: 8 });
  });

  it('takes the first row of a shelf that can land', async () => {
    const productId = await makeProduct(shop);
    await hold(await makeStock(shop, { productId, branchId, onHand: 10 }), 5);
    const { body } = await upload(
      csv(HEADER, [productId, branchId, 1, ''], [productId, branchId, 50, ''], [productId, branchId, 60, '']),
    );
    expect(body.data.error_details.map((each: any) => each.row_number)).toEqual([2, 4]);
    expect(body.data.error_details[1].error).toContain('Row 3');
    expect(await shelf(productId)).toMatchObject({ on_hand: 50 });
    await expectStockToEqualMovements();
  });

  it('wants product_id and sku to agree', async () => {
    const [a, b] = [await makeProduct(shop, { sku: 'AGREE-A' }), await makeProduct(shop, { sku: 'AGREE-B' })];
    const header = ['sku', ...HEADER.slice(0, 3)];
    const { body } = await upload(
      csv(header, ['AGREE-B', a, branchId, 1], ['AGREE-B', b, branchId, 1], ['NO-SUCH', a, branchId, 1]),
    );
    expect(body.data.error_details.map((each: any) => [each.row_number, each.error])).toEqual([
      [2, 'product_id and sku name different products.'],
      [4, 'product_id and sku name different products.'],
    ]);
    expect(body.data.success).toBe(1);
  });

  it('reports a SKU that can be none', async () => {
    const skus = ['A\u0000B', '🥛'.repeat(60), 'x'.repeat(101), "'; drop table inventory; --"];
    const { status, body } = await upload(
      csv(['sku', 'branch_id', 'available_quantity'], ...skus.map((sku) => [sku, branchId, 1])),
    );
    expect(status).toBe(202);
    expect(body.data).toMatchObject({ success: 0, errors: 4 });
    expect(body.data.error_details[0].row.sku).toBe('A\u0000B');
  });

  it('may hold a header alone', async () => {
    const { status, body } = await upload(HEADER.join(','));
    expect(status).toBe(202);
    expect(body.data).toEqual({ total: 0, success: 0, errors: 0, error_details: [], results: [] });
  });

  it('takes column names for names only', async () => {
    const productId = await makeProduct(shop);
    const { body } = await upload(
      csv([...HEADER, '__proto__', 'constructor'], [productId, branchId, 'x', 1, 'p', 'c']),
    );
    const { row } = body.data.error_details[0];
    expect(row).toEqual({
      product_id: String(productId),
      branch_id: String(branchId),
      available_quantity: 'x',
      reorder_point: '1',
    });
  });
});

describe('a file that cannot be read', () => {
  const problems = (body: any) => body.error.details.errors.map((each: { path: string }) => each.path);

  it('is refused with the columns it lacks, in one trip', async () => {
    const { status, body, trips } = await upload('name,quantity\nMilk,5');
    expect(status).toBe(400);
    expect(trips).toBe(1);
    expect(problems(body)).toEqual(['file.branch_id', 'file.available_quantity', 'file.product_id']);
    expect(problems((await upload('')).body)).toHaveLength(3);
    expect(problems((await upload('sku,sku,branch_id,available_quantity')).body)).toEqual(['file.sku']);
  });

  it('is refused when it is no file, no multipart, not UTF-8 or too large', async () => {
    expect((await upload('x', { field: 'other' })).status).toBe(400);
    const json = await shop.request('POST', '/admin/inventory/bulk', { token: manager, body: {} });
    expect(json.status).toBe(415);
    expect((await upload(new Uint8Array([0xff, 0xfe, 0x41]))).status).toBe(400);
    expect((await upload('x'.repeat(5 * 1024 * 1024 + 1))).status).toBe(413);
  });

  it('is refused beyond 10,000 rows', async () => {
    const { status, body } = await upload(`${HEADER.join(',')}\n${'1,1,1,1\n'.repeat(10_001)}`);
    expect(status).toBe(413);
    expect(body.error.message).toContain('10000');
    expect((await upload(`${HEADER.join(',')}\n${'\n'.repeat(5_000_000)}`)).status).toBe(413);
  });

  it('is none of an employee', async () => {
    const { token } = await signInAs(shop, 'EMPLOYEE');
    expect((await upload('nonsense', { token })).status).toBe(403);
  });
});

describe('a large import', () => {
  const products = (count: number): Promise<{ id: number }[]> =>
    shop.sql(
      `with category as (insert into categories (name) values (gen_random_uuid()::text) returning id)
       insert into products (name, sku, price, category_id)
         select 'Bulk ' || n, 'B' || category.id || '-' || n, 1, category.id from category, generate_series(1, $1) n
       returning id`,
      [count],
    );

  it('lands 10,000 rows, new and old, within one trip and a handful of statements', async () => {
    const rows = (await products(10_000)).map(({ id }, i) => [id, branchId, i % 50, 5]);
    for (const action of ['created', 'updated']) {
      const { body, trips, statements } = await upload(csv(HEADER, ...rows));
      expect(trips).toBe(1);
      expect(statements).toBeLessThanOrEqual(4);
      expect(body.data).toMatchObject({ total: 10_000, success: 10_000, errors: 0 });
      expect(new Set(body.data.results.map((each: any) => each.action))).toEqual(new Set([action]));
      for (const row of rows) row[2] = Number(row[2]) + 1;
    }
    await expectStockToEqualMovements();
  });

  it('meets another one, and counts on the floor, without a deadlock', async () => {
    const ids = (await products(300)).map(({ id }) => id);
    const half = ids.slice(0, 150);
    await upload(csv(HEADER, ...half.map((id) => [id, branchId, 100, 0])));
    const shelves = await shop.sql<{ id: number }>('select id from inventory where branch_id = $1 order by id desc', [
      branchId,
    ]);
    const files = [1, 2, 3, 4].map((n) => {
      const rows = ids.map((id) => [id, branchId, n * 10, 0]);
      return csv(HEADER, ...(n % 2 ? rows : rows.reverse()));
    });
    const answers = await Promise.all([
      ...files.map((file) => upload(file)),
      ...shelves
        .slice(0, 20)
        .map(({ id }) => shop.request('PATCH', `/admin/inventory/${id}`, { token: manager, body: { delta: 1 } })),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([...files.map(() => 202), ...Array(20).fill(200)]);
    const created = answers
      .slice(0, 4)
      .flatMap(({ body }) => body.data.results.filter((each: any) => each.action === 'created'));
    expect(created).toHaveLength(150);
    await expectStockToEqualMovements();
  });

  it('meets customers in checkout: nobody waits for ever, and what they hold stays theirs', async () => {
    const ids = (await products(40)).map(({ id }) => id);
    const count = (quantity: number) => csv(HEADER, ...ids.map((id) => [id, branchId, quantity, 0]));
    await upload(count(60));
    const preview = async (backwards: boolean) => {
      const { id, token } = await signInAs(shop);
      const [cart] = await shop.sql<{ id: number }>('insert into carts (user_id) values ($1) returning id', [id]);
      await shop.sql(
        'insert into cart_items (cart_id, product_id, quantity) select $1, product_id, 5 from unnest($2::int[]) product_id',
        [cart!.id, backwards ? ids.toReversed() : ids],
      );
      const body = { cart_id: cart!.id, fulfillment_type: 'PICKUP', branch_id: branchId };
      return shop.request('POST', '/checkout/preview', { token, body });
    };
    const answers = await Promise.all([
      ...Array.from({ length: 10 }, (_, i) => preview(i % 2 === 0)),
      ...[0, 10, 20, 30].map((quantity) => upload(count(quantity))),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([...Array(10).fill(200), ...Array(4).fill(202)]);
    const torn = await shop.sql(
      `select i.id from inventory i join hold_lines h on h.inventory_id = i.id
       where i.branch_id = $1 group by i.id having sum(h.quantity) > i.on_hand`,
      [branchId],
    );
    expect(torn).toEqual([]);
    await expectStockToEqualMovements();
  });
});

describe('what an import leaves', () => {
  it('is one movement and one audit row for a new inventory row, and on hand is their sum', async () => {
    const [full, empty] = [await makeProduct(shop), await makeProduct(shop)];
    await upload(csv(HEADER, [full, branchId, 9, 2], [empty, branchId, 0, 2]));
    const { id } = (await shelf(full))!;
    expect(await shop.sql('select delta, reason from stock_movements where inventory_id = $1', [id])).toEqual([
      { delta: 9, reason: 'BULK_IMPORT' },
    ]);
    expect(
      await shop.sql(
        `select action, old_value, new_value -> 'on_hand' as on_hand from audit_log
         where entity_type = 'inventory' and entity_id = $1`,
        [id],
      ),
    ).toEqual([{ action: 'BULK_IMPORT', old_value: null, on_hand: 9 }]);
    const none = (await shelf(empty))!;
    expect(await shop.sql('select id from stock_movements where inventory_id = $1', [none.id])).toEqual([]);
    await expectStockToEqualMovements();
  });

  it('is one audit row for each row that changed, with what changed of it', async () => {
    const ids = [await makeProduct(shop), await makeProduct(shop), await makeProduct(shop)];
    for (const productId of ids) await makeStock(shop, { productId, branchId, onHand: 10, reorderPoint: 3 });
    const rows = await shop.sql<{ id: number }>('select id from inventory where branch_id = $1 order by id', [
      branchId,
    ]);
    await upload(csv(HEADER, [ids[0]!, branchId, 4, 3], [ids[1]!, branchId, 10, 3], [ids[2]!, branchId, 10, 8]));
    expect(
      await shop.sql(
        `select entity_id, old_value, new_value from audit_log
         where entity_type = 'inventory' and action = 'BULK_IMPORT' and entity_id = any ($1::int[]) order by entity_id`,
        [rows.map(({ id }) => id)],
      ),
    ).toEqual([
      { entity_id: rows[0]!.id, old_value: { on_hand: 10 }, new_value: { on_hand: 4 } },
      { entity_id: rows[2]!.id, old_value: { reorder_point: 3 }, new_value: { reorder_point: 8 } },
    ]);
  });

  it('changes the lists in place: a product that runs out needs no new entry in their indexes', async () => {
    const ids: number[] = [];
    // Fifteen products between two of them: in a new shop no page has room for new versions of all of its rows.
    for (let n = 0; n < 20; n++) {
      ids.push(await makeProduct(shop));
      for (let between = 0; between < 15; between++) await makeProduct(shop);
    }
    const count = (quantity: number) =>
      JSON.stringify(
        ids.map((product_id, i) => ({
          row_number: i + 2,
          product_id,
          branch_id: branchId,
          quantity,
          reorder_point: 0,
        })),
      );
    const owner = onDatabase(inject('ownerUrl'), shop.database);
    const importing = (quantity: number) =>
      `select outcome from import_inventory(begin_as(1, 'lists'), '${count(quantity)}'::jsonb)`;
    // Apart, because what a transaction replaces keeps its place until the commit.
    await runTransaction(owner, [importing(5)]);
    const [updates] = (await runTransaction(owner, [
      importing(0),
      `select n_tup_upd::int as all, n_tup_hot_upd::int as hot from pg_stat_xact_user_tables where relname = 'product_search'`,
    ])) as [string, string][];
    const [all, hot] = updates!.map(Number);
    expect(all).toBeGreaterThanOrEqual(20);
    // A page or two may be full of rows of other tests.
    expect(all! - hot!).toBeLessThanOrEqual(5);
  });
});
