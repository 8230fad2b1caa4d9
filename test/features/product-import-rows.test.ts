import { beforeAll, describe, expect, it } from 'vitest';
import { makeProduct, signInAs } from '../support/factories.ts';
import { csv, importProducts, outcomes } from '../support/product-files.ts';
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

const HEADER = ['sku', 'name', 'price', 'category_id'];
const milk = () => goods.categories.Milk;
const upload = async (...lines: (string | number)[][]) => outcomes(await importProducts(shop, manager, csv(...lines)));
const product = async (sku: string) => (await shop.sql('select * from products where sku = $1', [sku]))[0] as any;

describe('a row of a weighed product', () => {
  const WEIGHED = [...HEADER, 'sold_by', 'price_per_kg', 'nominal_grams'];
  const row = (sku: string, price: string, perKg: string, grams = '1000') => [
    sku,
    'Weighed',
    price,
    milk(),
    'weight',
    perKg,
    grams,
  ];
  const pricesOf = async (sku: string) => {
    const { price, price_per_kg, nominal_grams } = await product(sku);
    return [price, price_per_kg, nominal_grams];
  };

  it('sets both prices together, and a repeat changes nothing', async () => {
    expect(await upload(WEIGHED, row('W-1', '10', '10'))).toEqual({ 2: 'created' });
    expect(await upload(WEIGHED, row('W-1', '6', '12', '500'))).toEqual({ 2: 'updated' });
    expect(await upload(WEIGHED, row('W-1', '6', '12', '500'))).toEqual({ 2: 'unchanged' });
    expect(await pricesOf('W-1')).toEqual(['6.00', '12.00', 500]);
  });

  it.each([
    ['the price alone', '12', '10', '1000'],
    ['the price per kilogram alone', '10', '12', '1000'],
    ['the weight alone', '10', '10', '500'],
    ['the price by a rounding', '10.01', '10', '1000'],
  ])('is refused when it changes %s, however often it comes', async (_, ...cells) => {
    await upload(WEIGHED, row('W-2', '10', '10'));
    for (let n = 0; n < 3; n++) {
      expect(await upload(WEIGHED, row('W-2', ...cells))).toEqual({ 2: expect.stringMatching(/price/) });
      expect(await pricesOf('W-2')).toEqual(['10.00', '10.00', 1000]);
    }
  });

  it('has the price per kilogram computed when the file has none', async () => {
    await upload(WEIGHED, row('W-3', '10', '10'));
    expect(await upload(HEADER, ['W-3', 'Weighed', '12', milk()])).toEqual({ 2: 'updated' });
    expect(await pricesOf('W-3')).toEqual(['12.00', '12.00', 1000]);
    expect(await upload(HEADER, ['W-3', 'Weighed', '12', milk()])).toEqual({ 2: 'unchanged' });
  });
});

describe('rows for one product or bar code', () => {
  const WITH_CODE = [...HEADER, 'barcode'];
  const [CODE, OTHER] = ['7290004131074', '4006381333931'];
  const row = (sku: string, code: string, name = 'Coded') => [sku, name, '1', milk(), code];

  it('leave a bar code with its product when another row asks for it first', async () => {
    await upload(WITH_CODE, row('C-1', CODE));
    expect(await upload(WITH_CODE, row('C-2', CODE), row('C-1', CODE, 'Renamed'))).toEqual({
      2: expect.stringMatching(/^barcode: product \d+ has it/),
      3: 'updated',
    });
  });

  it('land by the first that is good: one whose bar code is taken is not', async () => {
    expect(await upload(WITH_CODE, row('C-3', CODE), row('c-3', ''), row('C-3', OTHER))).toEqual({
      2: expect.stringMatching(/^barcode: product \d+ has it/),
      3: 'created',
      4: expect.stringContaining('row 3'),
    });
  });

  it('never swap bar codes half: each is refused by name, and both products keep theirs', async () => {
    await upload(WITH_CODE, row('C-4', OTHER), row('C-5', '96385074'));
    expect(await upload(WITH_CODE, row('C-4', '96385074'), row('C-5', OTHER))).toEqual({
      2: expect.stringMatching(/^barcode: product \d+ has it/),
      3: expect.stringMatching(/^barcode: product \d+ has it/),
    });
    expect([(await product('C-4')).barcode, (await product('C-5')).barcode]).toEqual([OTHER, '96385074']);
  });

  it('are one bar code when one of them has the leading zero', async () => {
    await upload(WITH_CODE, row('C-6', '036000291452'));
    expect(await upload(WITH_CODE, row('C-7', '0036000291452'))).toEqual({ 2: expect.stringMatching(/^barcode/) });
  });
});

describe('a hostile cell', () => {
  const one = async (cells: Record<string, string>) => {
    const row: Record<string, string | number> = {
      sku: 'H-1',
      name: 'Hostile',
      price: '1',
      category_id: milk(),
      ...cells,
    };
    return (await upload(Object.keys(row), Object.values(row)))[2];
  };

  it.each([
    ['nutritional_info', `{"a":${'['.repeat(9_000)}${']'.repeat(9_000)}}`],
    ['nutritional_info', `${'{"a":'.repeat(3_000)}1${'}'.repeat(3_000)}`],
    ['nutritional_info', '{"a":"\\u0000"}'],
    ['nutritional_info', '{"a":"\\ud800"}'],
    ['nutritional_info', '{"a":1e999}'],
    ['description', 'a\0b'],
    ['name', 'a\u202eb'],
    ['name_he', 'a\0b'],
    ['description_ar', 'x'.repeat(4_001)],
    ['sku', 'A-1\0'],
    ['price', '1e3'],
    ['price', '9'.repeat(400)],
    ['deposit', '9'.repeat(400)],
    ['nominal_grams', '9'.repeat(400)],
    ['age_restricted', '9'.repeat(400)],
    ['is_active', 'constructor'],
    ['tax_class', '__proto__'],
    ['allergens', 'toString'],
    ['barcode', '٧٢٩٠٠٠٤١٣١٠٧٤'],
  ])('is an error of its row that names it: %s', async (column, cell) => {
    expect(await one({ [column]: cell })).toMatch(new RegExp(`^(row|${column})`));
    expect(await product('H-1')).toBeUndefined();
  });

  it('is an error of its row in a pair of columns as well', async () => {
    for (const [amount, unit] of [
      ['5', ''],
      ['', 'g'],
      ['0.0000001', 'g'],
      ['9'.repeat(400), 'kg'],
    ] as const) {
      expect(await one({ net_content_amount: amount, net_content_unit: unit })).toMatch(/^net_content_/);
    }
  });

  it('is text when it is quotes, separators, signs or the words of a query', async () => {
    const text = `"; drop table products; -- ' '' \\ %_ \t; , "" {x} \u{1f34e}`;
    expect(await one({ sku: 'H-2', description: text, name: `O'Brien; "x", y` })).toBe('created');
    expect(await product('H-2')).toMatchObject({ description: text, name: `O'Brien; "x", y` });
  });

  it('keeps its text whatever ends its lines, and the marks before the first column', async () => {
    const file = `\uFEFF${csv([...HEADER, 'description'], ['H-3', 'Lines', '1', milk(), 'a\nb'])}\n`.replaceAll(
      '\n',
      '\r\n',
    );
    expect(outcomes(await importProducts(shop, manager, file))).toEqual({ 2: 'created' });
    expect((await product('H-3')).description).toBe('a\nb');
  });
});

describe('a file of 10,000 rows', () => {
  it('names every bad row, whatever is wrong with it, and applies the others', async () => {
    const wide = [
      ...HEADER,
      'unit',
      'barcode',
      'tax_class',
      'is_organic',
      'allergens',
      'image_url',
      'deposit',
      'age_restricted',
      'name_he',
      'description',
    ];
    const bad: Record<string, string>[] = [
      ...['', 'x', '=', 'A B', 'ש', 'X'.repeat(21), 'a_b'].map((sku) => ({ sku })),
      ...['', 'x', ' ', '\u200b', 'y'.repeat(101), 'a\u2028b'].map((name) => ({ name })),
      ...['', '0', '-1', '1.999', '10001', 'free', '1,5', '0x10', '1e2', '٣'].map((price) => ({ price })),
      ...['', '0', '-1', '1.5', '2147483648', '2147483647', 'milk', '1;2'].map((category_id) => ({ category_id })),
      ...['z'.repeat(33), 'a\tb\u0007'].map((unit) => ({ unit })),
      ...['1', '7290004131075', 'abc', '7.29E+12'].map((barcode) => ({ barcode })),
      ...['LOW', '18'].map((tax_class) => ({ tax_class })),
      ...['maybe', '2', 'yes'].map((is_organic) => ({ is_organic })),
      ...['stones', 'milk|sand'].map((allergens) => ({ allergens })),
      ...['ftp://x', 'javascript:alert(1)', 'x'].map((image_url) => ({ image_url })),
      ...['0', '1001', 'x'].map((deposit) => ({ deposit })),
      ...['17', '18.5', 'adult'].map((age_restricted) => ({ age_restricted })),
      ...['x', 'y'.repeat(101)].map((name_he) => ({ name_he })),
      ...['d'.repeat(4_001), 'a\u0000b'].map((description) => ({ description })),
    ];
    expect(bad.length).toBeGreaterThan(50);
    const lines = Array.from({ length: 10_000 }, (_, i) => {
      const row: Record<string, string | number> = {
        sku: `MANY-${i}`,
        name: `Many ${i}`,
        price: '1',
        category_id: milk(),
      };
      const wrong = i % 5 === 0 ? bad[(i / 5) % bad.length] : undefined;
      return { wrong, cells: wide.map((column) => ({ ...row, ...wrong })[column] ?? '') };
    });
    const { status, body } = await importProducts(
      shop,
      manager,
      csv(wide, ...lines.map(({ cells }) => cells)),
      '?dry_run=true',
    );
    expect([status, body.data?.total, body.data?.errors]).toEqual([202, 10_000, 2_000]);
    const errors = new Map(body.data.error_details.map((each: any) => [each.row_number, each.error]));
    lines.forEach(({ wrong }, i) => {
      const error = errors.get(i + 2);
      if (wrong) expect(error, JSON.stringify(wrong)).toMatch(new RegExp(`^${Object.keys(wrong)[0]}: `));
      else expect(error).toBeUndefined();
    });
  });
});

describe('an export of products', () => {
  it.each([
    ['an empty description', { description: '' }],
    ['an empty information', { nutritional_info: '' }],
    ['lines that end as on Windows', { description: 'a\r\nb', nutritional_info: 'c\r\nd' }],
    ['lines that end as on an old Macintosh', { description: 'a\rb', nutritional_info: { a: 'x\r\ny' } }],
    ['a full-width sign', { name: '＝1+1', brand: '＋x', description: '－1', unit: '＠a' }],
    [
      'a formula in every text',
      {
        name: '=1+1',
        brand: '+1',
        unit: '-1',
        bin_location: '@A1',
        description: '=cmd|x',
        nutritional_info: '-1',
        translations: { he: { name: '=א+1', description: '+א' } },
      },
    ],
    [
      'a price per kilogram above ten thousand',
      { sold_by: 'WEIGHT', price: '60', price_per_kg: '60000', nominal_grams: 1 },
    ],
  ])('imports without a change: %s', async (_, body) => {
    const id = await makeProduct(shop, { categoryId: milk() });
    const changed = await shop.request('PATCH', `/admin/products/${id}`, { token: manager, body });
    expect(changed.status, changed.text).toBe(200);
    const before = await shop.sql('select * from products where id = $1', [id]);
    const { text } = await shop.request('GET', '/admin/products/export', { token: manager });
    expect(
      text
        .split('\r\n')
        .slice(1)
        .filter((row) => /(^|,)"?[=+\-@＝＋－＠]/.test(row)),
    ).toEqual([]);
    const found = outcomes(await importProducts(shop, manager, text));
    expect(Object.values(found).filter((action) => action !== 'unchanged')).toEqual([]);
    expect(await shop.sql('select * from products where id = $1', [id])).toEqual(before);
  });
});
