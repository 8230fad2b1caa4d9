import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { signInAs } from '../support/factories.ts';
import { openShop, type Shop } from '../support/shop.ts';
import { type StandardShop, standardShop } from '../support/standard-shop.ts';

let shop: Shop;
let goods: StandardShop;
let manager: string;

beforeAll(async () => {
  shop = await openShop();
  goods = await standardShop(shop);
  manager = (await signInAs(shop, 'MANAGER')).token;
});

function upload(file: string | Uint8Array<ArrayBuffer>, { query = '', token = manager } = {}) {
  const form = new FormData();
  form.set('file', new File([file], 'products.csv', { type: 'text/csv' }));
  return shop.request('POST', `/admin/products/bulk${query}`, { token, rawBody: form });
}
const quoted = (cell: string | number) => `"${String(cell).replaceAll('"', '""')}"`;
const csv = (...lines: (string | number)[][]) => lines.map((cells) => cells.map(quoted).join(',')).join('\n');
const HEADER = ['sku', 'name', 'price', 'category_id'];
const milk = () => goods.categories.Milk;
const product = async (sku: string) => (await shop.sql('select * from products where sku = $1', [sku]))[0] as any;
/** What a change of anything would change. */
const traces = async () =>
  (
    await shop.sql(
      `select (select md5(string_agg(p::text, '' order by p.id)) from products p) as products,
        (select count(*)::int from audit_log where entity_type = 'product') as audit, (select count(*)::int from events) as events`,
    )
  )[0];

describe('a product file', () => {
  it('makes and changes products in one trip; a repeat changes nothing', async () => {
    const file = csv(HEADER, ['NEW-1', 'Sparkling water', '4.50', milk()], ['milk-3', 'Fresh milk', '8.10', milk()]);
    const { status, body, trips } = await upload(file);
    expect([status, trips]).toEqual([202, 1]);
    expect(body.data).toMatchObject({ total: 2, success: 2, errors: 0, dry_run: false });
    expect(body.data.results.map(({ action }: any) => action)).toEqual(['created', 'updated']);
    expect(await product('MILK-3')).toMatchObject({ name: 'Fresh milk', price: '8.10' });
    const before = await traces();
    const again = await upload(file);
    expect(again.body.data.results.map(({ action }: any) => action)).toEqual(['unchanged', 'unchanged']);
    expect(await traces()).toEqual(before);
  });

  it('changes nothing as a dry run, and reports the same', async () => {
    const file = csv(
      HEADER,
      ['DRY-1', 'Dry bread', '4.50', milk()],
      ['DRY-2', 'x', '4.50', milk()],
      ['MILK-1', 'Milk one', '1', milk()],
    );
    const before = await traces();
    const dry = await upload(file, { query: '?dry_run=true' });
    expect(await traces()).toEqual(before);
    const { body } = await upload(file);
    expect(dry.body.data).toEqual({ ...body.data, dry_run: true });
  });

  it('leaves what has no column, and clears what has an empty cell', async () => {
    const wide = [...HEADER, 'unit', 'brand', 'allergens', 'name_he', 'is_organic'];
    await upload(csv(wide, ['KEEP-1', 'Keeper', '3', milk(), 'each', 'Acme', 'milk|nuts', 'שומר', 'true']));
    await upload(csv(HEADER, ['KEEP-1', 'Keeper', '3', milk()]));
    expect(await product('KEEP-1')).toMatchObject({ unit: 'each', brand: 'Acme', is_organic: true });
    await upload(csv(wide, ['KEEP-1', 'Keeper', '3', milk(), '', '', '', '', '']));
    const shown = (await shop.request('GET', '/admin/products?q=KEEP-1', { token: manager })).body.data[0];
    expect(shown).toMatchObject({ unit: null, brand: null, allergens: [], translations: {}, is_organic: true });
  });

  it.each([
    ['sku', 'a b', /sku/],
    ['sku', 'X'.repeat(21), /sku/],
    ['sku', '', /sku/],
    ['name', 'x', /name/],
    ['name', 'x'.repeat(101), /name/],
    ['name', '', /name/],
    ['price', '0', /price/],
    ['price', '-1', /price/],
    ['price', 'abc', /price/],
    ['price', '1.999', /price/],
    ['price', '10001', /price/],
    ['price', '', /price/],
    ['category_id', '2147483647', /category_id: there is no such category/],
    ['category_id', 'x', /category_id/],
    ['category_id', '99999999999', /category_id/],
    ['old_price', 'x', /old_price/],
    ['is_organic', 'maybe', /is_organic/],
    ['is_active', '2', /is_active/],
    ['image_url', 'ftp://x', /image_url/],
    ['description', 'x'.repeat(4001), /description/],
    ['unit', 'x'.repeat(33), /unit/],
    ['tax_class', 'LOW', /tax_class/],
    ['deposit', '0', /deposit/],
    ['sold_by', 'WEIGHT', /sold_by/],
    ['allergens', 'milk|stones', /allergens/],
    ['dietary', 'tasty', /dietary/],
    ['age_restricted', '17', /age_restricted/],
    ['barcode', '7290004131075', /barcode/],
    ['nutritional_info', '{"a":', /nutritional_info/],
    ['weight_tolerance_percent', '101', /weight_tolerance_percent/],
    ['name_he', 'x', /name_he/],
  ])('refuses a row whose %s is %j', async (column, value, error) => {
    const cells: Record<string, string | number> = { sku: 'BAD-1', name: 'Bad row', price: '1', category_id: milk() };
    cells[column] = value;
    const { status, body } = await upload(csv(Object.keys(cells), Object.values(cells)));
    expect([status, body.data.errors]).toEqual([202, 1]);
    expect(body.data.error_details[0]).toMatchObject({ row_number: 2, error: expect.stringMatching(error) });
    expect(await product('BAD-1')).toBeUndefined();
  });

  it('refuses a second row for a product or bar code, and a bar code that another product has', async () => {
    const code = '7290004131074';
    const { body } = await upload(
      csv(
        [...HEADER, 'barcode'],
        ['TWICE-1', 'First', '1', milk(), code],
        ['twice-1', 'Second', '2', milk(), ''],
        ['TWICE-2', 'Third', '2', milk(), code],
      ),
    );
    expect(body.data.error_details).toMatchObject([
      { row_number: 3, error: expect.stringContaining('row 2') },
      { row_number: 4, error: expect.stringContaining('row 2') },
    ]);
    const taken = await upload(csv([...HEADER, 'barcode'], ['TWICE-3', 'Fourth', '2', milk(), code]));
    expect(taken.body.data.error_details[0].error).toMatch(/barcode: product \d+ has it/);
  });

  it('is refused whole when it cannot be read', async () => {
    const latin = new Uint8Array([...new TextEncoder().encode('sku,name,price,category_id\nA-1,Caf'), 0xe9]);
    const many = `sku,name,price,category_id\n${'A-1,Name,1,1\n'.repeat(10_001)}`;
    for (const [file, status] of [
      ['sku,name,price\nA-1,Name,1', 400],
      ['sku,sku,name,price,category_id\nA,A-1,Name,1,1', 400],
      ['sku;name;price;category_id\nA-1;Name;1;1', 400],
      ['', 400],
      [latin, 400],
      [many, 413],
    ] as const) {
      expect((await upload(file)).status).toBe(status);
    }
  });

  it('is for managers', async () => {
    for (const role of ['CUSTOMER', 'EMPLOYEE'] as const) {
      const { token } = await signInAs(shop, role);
      expect((await upload(csv(HEADER), { token })).status).toBe(403);
    }
  });
});

describe('export and import', () => {
  it('change nothing, whatever the texts are', async () => {
    const line = fc
      .tuple(
        fc.constantFrom('', "'", "''", '=', "'=", "'''@", '+', '-', '@', '"', ',', '{"a"', '[1'),
        fc.stringMatching(/^[a-z",;=+@|א-ת {}]{2,20}$/),
      )
      .map((parts) => parts.join('').trim())
      .filter((text) => text.length >= 2);
    await fc.assert(
      fc.asyncProperty(
        line,
        fc.tuple(line, line).map((lines) => lines.join('\n')),
        line,
        async (name, description, info) => {
          const changed = await shop.request('PATCH', `/admin/products/${goods.products[0]?.id}`, {
            token: manager,
            body: {
              name,
              description,
              nutritional_info: info,
              translations: { he: { name } },
              allergens: ['milk', 'eggs'],
            },
          });
          expect(changed.status).toBe(200);
          const { text } = await shop.request('GET', '/admin/products/export', { token: manager });
          const before = await traces();
          const { body } = await upload(text);
          expect(body.data.error_details).toEqual([]);
          expect(new Set(body.data.results.map(({ action }: any) => action))).toEqual(new Set(['unchanged']));
          expect(await traces()).toEqual(before);
        },
      ),
      { numRuns: 25 },
    );
  });
});
