import * as fc from 'fast-check';
import Papa from 'papaparse';
import { beforeAll, describe, expect, it } from 'vitest';
import { neutralCell, originalCell } from '../../src/csv-cells.ts';
import { csvDownload, EXPORT_PAGE } from '../../src/csv-download.ts';
import { makeProduct, makeStock, signInAs } from '../support/factories.ts';
import { placeOrder } from '../support/orders.ts';
import { openShop, type Shop } from '../support/shop.ts';
import { type StandardShop, standardShop } from '../support/standard-shop.ts';

let shop: Shop;
let goods: StandardShop;
let admin: string;
let manager: { id: number; token: string };

const PATHS = ['/admin/products/export', '/admin/inventory/export', '/admin/orders/export', '/admin/audit/export'];
const get = (path: string, token: string) => shop.request('GET', path, { token });
const rowsOf = (text: string) =>
  Papa.parse<Record<string, string>>(text.replace(/^\uFEFF/, ''), { header: true, skipEmptyLines: true }).data;

beforeAll(async () => {
  shop = await openShop({ invariants: false });
  goods = await standardShop(shop);
  admin = (await signInAs(shop, 'ADMIN')).token;
  manager = await signInAs(shop, 'MANAGER');
  // More than a page.
  await shop.sql(
    `insert into products (name, sku, price, category_id)
     select 'Bulk ' || n, 'BULK-' || n, 1.00, (select min(id) from categories) from generate_series(1, 2345) n`,
  );
});

describe('cells', () => {
  it('come back as they were, whatever they begin with, and never begin as a formula', () => {
    const cell = fc.oneof(
      fc.string(),
      fc
        .tuple(
          fc.stringMatching(/^'{0,3}$/),
          fc.constantFrom('=', '+', '-', '@', '＝', '＠', '\t', '\r', '\n', '', "'"),
          fc.string(),
        )
        .map((p) => p.join('')),
    );
    fc.assert(
      fc.property(cell, (text) => {
        expect(originalCell(neutralCell(text))).toBe(text);
        expect(neutralCell(text)).not.toMatch(/^[=+\-@＝＋－＠\t\r\n]/);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('a download', () => {
  const column = { n: (row: { n: number }) => row.n };

  const pageFrom = (first: number, length = EXPORT_PAGE) => Array.from({ length }, (_, i) => ({ n: first + i }));

  it('reads a page only when the last one was taken', async () => {
    const read: (number | undefined)[] = [];
    const { body } = await csvDownload<{ n: number }>({
      name: 'x',
      columns: column,
      rowsAfter: async (last) => {
        read.push(last?.n);
        return last ? pageFrom(last.n + 1, 1) : pageFrom(1);
      },
    });
    const reader = body.getReader();
    await reader.read();
    expect(read).toEqual([undefined]);
    expect(new TextDecoder().decode((await reader.read()).value)).toBe(`${EXPORT_PAGE + 1}\r\n`);
    expect(read).toEqual([undefined, EXPORT_PAGE]);
    expect((await reader.read()).done).toBe(true);
  });

  it('breaks off when a later page cannot be read', async () => {
    const { body } = await csvDownload<{ n: number }>({
      name: 'x',
      columns: column,
      rowsAfter: async (last) => {
        if (last) throw new Error('gone');
        return pageFrom(1);
      },
    });
    await expect(new Response(body).text()).rejects.toThrow('gone');
  });
});

describe('exports', () => {
  it('are files that nobody keeps', async () => {
    for (const path of PATHS) {
      const { status, headers, text } = await get(path, admin);
      expect([path, status, headers.get('cache-control')]).toEqual([path, 200, 'no-store']);
      expect(headers.get('content-type')).toBe('text/csv; charset=utf-8');
      expect(headers.get('content-disposition')).toBe(`attachment; filename="${path.split('/')[2]}.csv"`);
      expect(text).toMatch(/\r\n$/);
    }
  });

  it('are for managers, and the audit is for administrators', async () => {
    const customer = (await signInAs(shop)).token;
    const employee = (await signInAs(shop, 'EMPLOYEE')).token;
    for (const path of PATHS) {
      for (const token of [customer, employee]) expect((await get(path, token)).status).toBe(403);
      expect((await get(path, manager.token)).status).toBe(path.includes('audit') ? 403 : 200);
    }
  });

  it('hold every row once over many pages', async () => {
    const skus = rowsOf((await get('/admin/products/export', admin)).text).map(({ sku }) => sku);
    const stored = (await shop.sql('select sku from products order by id')) as { sku: string }[];
    expect(skus).toEqual(stored.map(({ sku }) => sku));
    const audited = rowsOf((await get('/admin/audit/export?entity_type=product', admin)).text).map(({ id }) =>
      Number(id),
    );
    const entries = (await shop.sql(
      `select id::int from audit_log where entity_type = 'product' order by created_at, id`,
    )) as { id: number }[];
    expect(audited).toEqual(entries.map(({ id }) => id));
  });

  it.each([
    ['signs out', (own: { token: string }) => shop.request('POST', '/auth/logout', { token: own.token })],
    [
      'is another role',
      (own: { id: number }) => shop.sql(`update users set role = 'EMPLOYEE' where id = $1`, [own.id]),
    ],
    [
      'is switched off',
      (own: { id: number }) => shop.sql('update users set is_active = false where id = $1', [own.id]),
    ],
  ])('break off when their reader %s: the client sees that the file is not whole', async (_, loseAccess) => {
    const own = await signInAs(shop, 'MANAGER');
    const { body } = await shop.open('GET', '/admin/products/export', { token: own.token });
    const reader = body!.getReader();
    expect((await reader.read()).done).toBe(false);
    await loseAccess(own);
    await expect(reader.read()).rejects.toThrow();
  });

  it('break off when their API key is revoked', async () => {
    const made = await shop.request('POST', '/admin/api-keys', {
      token: admin,
      body: { name: 'Stock list', scopes: ['catalog:read'] },
    });
    const { body } = await shop.open('GET', '/admin/products/export', { token: made.body.data.key });
    const reader = body!.getReader();
    expect((await reader.read()).done).toBe(false);
    await shop.request('DELETE', `/admin/api-keys/${made.body.data.id}`, { token: admin });
    await expect(reader.read()).rejects.toThrow();
  });

  it('neutralise what a customer writes', async () => {
    const customer = await signInAs(shop);
    const order = await placeOrder(shop, {
      userId: customer.id,
      branchId: goods.storeId,
      lines: [{ productId: await makeProduct(shop) }],
    });
    await shop.sql(`update orders set delivery_address = '=HYPERLINK("http://x")' where id = $1`, [order.id]);
    await shop.sql(`update users set full_name = '-Dana', phone = '+972501234567' where id = $1`, [customer.id]);
    const row = rowsOf((await get('/admin/orders/export', admin)).text).find((each) => each.order_id === `${order.id}`);
    expect(row).toMatchObject({
      delivery_address: `'=HYPERLINK("http://x")`,
      customer_name: "'-Dana",
      customer_phone: "'+972501234567",
    });
  });

  it('neutralise formulas', async () => {
    const id = await makeProduct(shop);
    await shop.sql(`update products set name = '=1+1', description = '''@x' where id = $1`, [id]);
    const [row] = rowsOf((await get('/admin/products/export?q=%3D1', admin)).text);
    expect(row).toMatchObject({ name: "'=1+1", description: "''@x" });
  });

  it('of stock changes nothing when it is imported', async () => {
    const productId = await makeProduct(shop);
    await shop.sql(`update products set sku = '-AB' where id = $1`, [productId]);
    await makeStock(shop, { productId, branchId: goods.storeId, onHand: 7, reorderPoint: 3 });
    const { text } = await get(`/admin/inventory/export?product_id=${productId}`, admin);
    expect(rowsOf(text)).toMatchObject([{ sku: "'-AB", available_quantity: '7', reorder_point: '3' }]);
    const form = new FormData();
    form.set('file', new File([text], 'inventory.csv'));
    const before = await shop.sql('select * from inventory where product_id = $1', [productId]);
    const answer = await shop.request('POST', '/admin/inventory/bulk', { token: admin, rawBody: form });
    expect([answer.status, answer.body.data?.errors, answer.body.data?.success]).toEqual([202, 0, 1]);
    expect(await shop.sql('select * from inventory where product_id = $1', [productId])).toEqual(before);
  });

  it('of orders have what was picked in the end', async () => {
    const customer = await signInAs(shop);
    const [first, second] = [await makeProduct(shop), await makeProduct(shop)];
    const order = await placeOrder(shop, {
      userId: customer.id,
      branchId: goods.storeId,
      lines: [{ productId: first, quantity: 3 }, { productId: second }],
    });
    const asked = async () =>
      rowsOf((await get('/admin/orders/export', admin)).text).find((row) => row.order_id === String(order.id));
    expect(await asked()).toMatchObject({ picked_quantity: '0', refunded_amount: '0.00', status: 'CREATED' });
    await shop.sql(
      `update order_items set picked_status = case product_id when $2::int then 'PICKED' else 'MISSING' end where order_id = $1`,
      [order.id, first],
    );
    expect(await asked()).toMatchObject({ picked_quantity: '3' });
  });

  it('show staff of one branch its own rows alone', async () => {
    const [{ id: other }] = (await shop.sql(
      `insert into branches (name, address) values ('Elsewhere', 'Far away 1') returning id`,
    )) as [any];
    await makeStock(shop, { productId: await makeProduct(shop), branchId: other, onHand: 1 });
    await shop.sql('update users set default_branch_id = $1 where id = $2', [other, manager.id]);
    await shop.sql('update settings set branch_scoped_staff = true');
    const stock = rowsOf((await get('/admin/inventory/export', manager.token)).text);
    expect(stock.map(({ branch_id }) => branch_id)).toEqual([String(other)]);
    expect(rowsOf((await get('/admin/orders/export', manager.token)).text)).toEqual([]);
    expect(rowsOf((await get(`/admin/orders/export?branch_id=${goods.storeId}`, manager.token)).text)).toEqual([]);
    const made = await shop.request('POST', '/admin/api-keys', {
      token: admin,
      body: { name: 'Branch', scopes: ['inventory:read', 'orders:read'], branch_id: other },
    });
    for (const [path, branches] of [
      ['/admin/inventory/export', [String(other)]],
      ['/admin/orders/export', []],
    ] as const) {
      const rows = rowsOf((await get(path, made.body.data.key)).text);
      expect(rows.map(({ branch_id }) => branch_id)).toEqual(branches);
    }
    await shop.sql('update settings set branch_scoped_staff = false');
  });
});
