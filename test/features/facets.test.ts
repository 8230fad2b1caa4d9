import { beforeAll, describe, expect, it } from 'vitest';
import { makeCategory, signInAs } from '../support/factories.ts';
import { openShop, type Shop } from '../support/shop.ts';
import { type StandardShop, standardShop } from '../support/standard-shop.ts';

let shop: Shop;
let goods: StandardShop;
let token: string;

const labels: Record<string, object> = {
  'Fresh milk 3%': { brand: 'Tnuva', allergens: ['milk'], dietary: ['kosher-dairy', 'vegetarian'] },
  'Organic milk 1%': { brand: 'Tnuva', allergens: ['milk'], dietary: ['kosher-dairy', 'vegetarian'] },
  'Oat drink': {
    brand: 'Oatly',
    allergens: ['gluten'],
    may_contain: ['nuts'],
    dietary: ['parve', 'vegan', 'vegetarian'],
  },
  'Cottage cheese': { brand: 'Strauss', allergens: ['milk'], dietary: ['kosher-dairy', 'vegetarian', 'gluten-free'] },
  'Sourdough bread': { brand: 'Lechem, Tov', allergens: ['gluten'], dietary: ['parve', 'vegan', 'vegetarian'] },
  Tomatoes: { dietary: ['parve', 'vegan', 'vegetarian', 'gluten-free'] },
};

const admin = (method: string, path: string, body: object) => shop.request(method, `/admin${path}`, { token, body });
const products = async (query: Record<string, unknown>) => {
  const { status, body, text, trips } = await shop.request('GET', '/catalog/products', { query: query as never });
  expect(status, text).toBe(200);
  return { ...body, trips, names: body.data.map(({ name }: { name: string }) => name).sort() };
};
const idOf = (name: string) => goods.products.find((product) => product.name === name)!.id;

beforeAll(async () => {
  shop = await openShop();
  goods = await standardShop(shop);
  token = (await signInAs(shop, 'MANAGER')).token;
  for (const [name, fields] of Object.entries(labels)) {
    const { status, text } = await admin('PATCH', `/products/${idOf(name)}`, fields);
    expect(status, text).toBe(200);
  }
});

describe('labels of products', () => {
  it('are kept once each, in the order of the lists', async () => {
    const { body } = await admin('POST', '/products', {
      name: 'Granola',
      sku: 'GRANOLA',
      price: '19.90',
      category_id: goods.categories.Bakery,
      allergens: ['nuts', 'gluten', 'nuts'],
      may_contain: null,
      dietary: ['vegetarian', 'parve'],
      age_restricted: null,
      brand: 'Tavor',
      barcode: '4006381333931',
    });
    expect(body.data).toMatchObject({
      allergens: ['gluten', 'nuts'],
      may_contain: [],
      dietary: ['parve', 'vegetarian'],
      age_restricted: null,
      brand: 'Tavor',
      barcode: '4006381333931',
    });
    await shop.sql('update products set is_active = false where id = $1', [body.data.id]);
  });

  it.each([
    [{ allergens: ['milk', 'wheat'] }, 'allergens.1'],
    [{ dietary: ['kosher'] }, 'dietary.0'],
    [{ age_restricted: 16 }, 'age_restricted'],
    [{ barcode: '4006381333932' }, 'barcode'],
    [{ barcode: '123456789' }, 'barcode'],
    [{ brand: ' ' }, 'brand'],
  ])('%o is refused, with its place', async (fields, path) => {
    const { status, body } = await admin('PATCH', `/products/${idOf('Bananas')}`, fields);
    expect(status).toBe(400);
    expect(body.error.details.errors.map((each: { path: string }) => each.path)).toContain(path);
  });

  it('have no effect where none are set', async () => {
    const { body } = await shop.request('GET', `/catalog/products/${idOf('Challah')}`);
    expect(body.data).toMatchObject({
      allergens: [],
      may_contain: [],
      dietary: [],
      age_restricted: null,
      brand: null,
      barcode: null,
    });
  });
});

describe('bar codes', () => {
  it('belong to one product, however many leading zeros they have', async () => {
    expect((await admin('PATCH', `/products/${idOf('Bananas')}`, { barcode: '036000291452' })).status).toBe(200);
    const { status, body } = await admin('PATCH', `/products/${idOf('Tomatoes')}`, { barcode: '0036000291452' });
    expect(status).toBe(409);
    expect(body.error.code).toBe('BARCODE_EXISTS');
    for (const gtin of ['036000291452', '0036000291452', '00036000291452']) {
      const found = await shop.request('GET', `/catalog/products/by-barcode/${gtin}`, {
        query: { branch_id: goods.storeId },
      });
      expect(found.body.data).toMatchObject({ id: idOf('Bananas'), in_stock_for_branch: true });
    }
  });

  it('of nothing are not found, and numbers with a wrong check digit are refused', async () => {
    const absent = await shop.request('GET', '/catalog/products/by-barcode/96385074');
    expect([absent.status, absent.body.error.code]).toEqual([404, 'PRODUCT_NOT_FOUND']);
    expect((await shop.request('GET', '/catalog/products/by-barcode/96385075')).status).toBe(400);
  });

  it('cannot be given to two products at once', async () => {
    const ids = [idOf('Cucumbers'), idOf('Challah'), idOf('Yellow cheese')];
    const answers = await Promise.all(ids.map((id) => admin('PATCH', `/products/${id}`, { barcode: '96385074' })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
  });
});

describe('filters', () => {
  it('leave out what contains or may contain an allergen', async () => {
    const { names } = await products({ without_allergens: 'nuts,milk' });
    expect(names).not.toContain('Oat drink');
    expect(names).not.toContain('Fresh milk 3%');
    expect(names).toContain('Sourdough bread');
  });

  it('want all dietary labels', async () => {
    expect((await products({ dietary: 'vegan' })).names).toEqual(['Oat drink', 'Sourdough bread', 'Tomatoes']);
    const { names, meta } = await products({ dietary: 'vegan,gluten-free' });
    expect(names).toEqual(['Tomatoes']);
    expect(meta.total).toBe(1);
  });

  it('take one brand or several, in any case, with commas of their own', async () => {
    expect((await products({ brand: 'TNUVA' })).names).toEqual(['Fresh milk 3%', 'Organic milk 1%']);
    expect((await products({ brand: 'tnuva, Oatly', sort: 'price_asc', limit: 1 })).meta.total).toBe(3);
    expect((await products({ brand: 'Lechem, Tov' })).names).toEqual(['Sourdough bread']);
    expect((await products({ brand: 'Nobody' })).meta.total).toBe(0);
  });

  it.each(['without_allergens', 'dietary'])('refuse an unknown word in %s', async (name) => {
    const { status, body } = await shop.request('GET', '/catalog/products', { query: { [name]: 'vegan,unknown' } });
    expect(status).toBe(400);
    expect(body.error.message).toContain(name);
  });

  it('find a product by its brand', async () => {
    expect((await products({ q: 'oatly' })).names).toEqual(['Oat drink']);
  });
});

/** What each value of a facet promises: the total of the list when it alone is chosen there. */
async function expectTrueCounts(filters: Record<string, unknown>): Promise<void> {
  const { meta } = await products({ ...filters, facets: true });
  const others = (...own: string[]) =>
    Object.fromEntries(Object.entries(filters).filter(([name]) => !own.includes(name)));
  const totalOf = async (query: Record<string, unknown>) => (await products({ ...query, limit: 1 })).meta.total;
  const { categories, brands, dietary, price_bands } = meta.facets;
  for (const { id, count } of categories)
    expect(await totalOf({ ...others('category_id'), category_id: id })).toBe(count);
  for (const { value, count } of brands) expect(await totalOf({ ...others('brand'), brand: value })).toBe(count);
  for (const { value, count } of dietary) expect(await totalOf({ ...others('dietary'), dietary: value })).toBe(count);
  for (const { min, max, count } of price_bands) {
    expect(await totalOf({ ...others('min_price', 'max_price'), min_price: min, max_price: max })).toBe(count);
  }
  const inBands = price_bands.reduce((sum: number, band: { count: number }) => sum + band.count, 0);
  expect(inBands).toBe(await totalOf(others('min_price', 'max_price')));
}

describe('facets', () => {
  it('are not there unless asked for', async () => {
    expect((await products({})).meta).not.toHaveProperty('facets');
    expect((await products({ facets: false })).meta).not.toHaveProperty('facets');
  });

  it.each([
    [{}],
    [{ category_id: 'Dairy' }],
    [{ brand: 'Tnuva' }],
    [{ dietary: 'vegan' }],
    [{ without_allergens: 'gluten' }],
    [{ min_price: '8', max_price: '12.90' }],
    [{ min_price: '8', max_price: '12.90', in_stock: true }],
    [{ min_price: '8.50', brand: 'Tnuva' }],
    [{ min_price: '5', max_price: '12.90', in_stock: true, branch_id: 'store', dietary: 'vegetarian' }],
    [{ in_stock: true }],
    [{ in_stock: true, branch_id: 'store', dietary: 'vegetarian', max_price: '11' }],
    // A label and a price range that has more than half of the products, and less.
    [{ min_price: '6', max_price: '20', dietary: 'vegetarian', in_stock: true }],
    [{ min_price: '9', max_price: '9.50', without_allergens: 'nuts', in_stock: true }],
    [{ min_price: '3.55', max_price: '99.95', dietary: 'vegetarian', in_stock: true }],
    [{ max_price: '100', without_allergens: 'nuts' }],
    [{ max_price: '10000', dietary: 'vegetarian' }],
    [{ min_price: '9999', dietary: 'vegetarian' }],
    [{ q: 'milk' }],
    [{ q: 'milk', sort: 'name_desc', in_stock: true, min_price: '8', dietary: 'vegetarian' }],
    [{ q: '%', sort: 'price_asc', max_price: '10000' }],
    [{ q: 'milk', brand: 'Tnuva', max_price: '8' }],
    [{ q: '%' }],
    [{ category_id: 'Milk', brand: 'Tnuva', dietary: 'kosher-dairy', min_price: '9', without_allergens: 'nuts' }],
  ])('of %o count what each choice would find', async (filters: Record<string, unknown>) => {
    const { category_id: name, branch_id } = filters as {
      category_id?: keyof StandardShop['categories'];
      branch_id?: string;
    };
    await expectTrueCounts({
      ...filters,
      ...(name && { category_id: goods.categories[name] }),
      ...(branch_id && { branch_id: goods.storeId }),
    });
  });

  it('come in one trip with their page', async () => {
    const { trips, meta } = await products({
      q: 'milk',
      facets: true,
      dietary: 'vegetarian',
      brand: 'Tnuva',
      in_stock: true,
    });
    expect(trips).toBe(1);
    expect(meta.facets.brands).toEqual([
      { value: 'Tnuva', count: 2 },
      { value: 'Oatly', count: 1 },
    ]);
  });

  it('know neither sold out, nor held, nor hidden products', async () => {
    const hidden = await makeCategory(shop, { name: 'Hidden', isActive: false });
    await shop.sql('update products set category_id = $1 where id = $2', [hidden, idOf('Sourdough bread')]);
    const customer = await signInAs(shop);
    await shop.request('GET', '/cart', { token: customer.token });
    await shop.sql(
      `insert into hold_lines (inventory_id, cart_id, quantity, expires_at)
       select i.id, c.id, i.on_hand, now() + interval '1 hour' from inventory i, carts c
       where i.product_id = $1 and c.user_id = $2`,
      [idOf('Oat drink'), customer.id],
    );
    await expectTrueCounts({ in_stock: true });
    await expectTrueCounts({ in_stock: true, max_price: '20' });
    for (const max_price of ['8', '20']) await expectTrueCounts({ in_stock: true, max_price, dietary: 'vegetarian' });
    const { meta } = await products({ facets: true });
    expect(meta.facets.brands.map(({ value }: { value: string }) => value)).not.toContain('Lechem, Tov');
    expect(meta.facets.categories.map(({ name }: { name: string }) => name)).not.toContain('Hidden');
  });

  it('follow many changes at once', async () => {
    const brands = ['Tnuva', 'Strauss', 'New One', null];
    await Promise.all(
      goods.products.map(({ id }, n) =>
        admin('PATCH', `/products/${id}`, { brand: brands[n % 4], dietary: n % 2 ? ['vegan'] : [], price: 5 + n }),
      ),
    );
    await expectTrueCounts({});
    const [difference] = await shop.sql<{ n: number }>(
      `select count(*)::integer as n from (
         select scope, brand_id, products from (
           select scope, brand_id, sum(products) as products from brand_counts group by 1, 2) kept where products <> 0
         except
         select scope, brand_id, count(*) from product_search, unnest(scopes) scope where brand_id is not null group by 1, 2) d`,
    );
    expect(difference!.n).toBe(0);
    const [byPrice] = await shop.sql<{ n: number }>(
      `select count(*)::integer as n from (
         select scope, brand_id, price_band, products from brand_price_counts where products <> 0
         except
         select scope, brand_id, price_band, count(*) from product_search, unnest(scopes) scope
         where brand_id is not null group by 1, 2, 3) d`,
    );
    expect(byPrice!.n).toBe(0);
  });
});
