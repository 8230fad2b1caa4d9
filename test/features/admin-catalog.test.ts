import { beforeAll, describe, expect, it } from 'vitest';
import { makeCategory, makeProduct, makeStock, signInAs } from '../support/factories.ts';
import { openShop, type Shop } from '../support/shop.ts';
import { type StandardShop, standardShop } from '../support/standard-shop.ts';

let shop: Shop;
let stocked: StandardShop;
let token: string;
let managerId: number;
beforeAll(async () => {
  shop = await openShop();
  stocked = await standardShop(shop);
  const manager = await signInAs(shop, 'MANAGER');
  token = manager.token;
  managerId = manager.id;
});

const send = (method: string, path: string, body?: unknown, query = {}) =>
  shop.request(method, `/admin${path}`, { token, query, ...(body === undefined ? {} : { body }) });

const auditOf = (type: string, id: number) =>
  shop.sql(
    `select action, old_value, new_value, context, actor_user_id from audit_log
     where entity_type = $1 and entity_id = $2 order by id`,
    [type, id],
  );

describe('categories', () => {
  it('are created below a parent, in one trip, with who did it in the audit', async () => {
    const answer = await shop.request('POST', '/admin/categories', {
      token,
      body: { name: '  Cheese ', parent_id: stocked.categories.Dairy, icon_slug: 'cheese' },
      headers: { 'x-request-id': 'make-cheese' },
    });
    expect(answer.status).toBe(201);
    expect(answer.trips).toBe(1);
    expect(answer.body.data).toEqual({
      id: expect.any(Number),
      name: 'Cheese',
      icon_slug: 'cheese',
      description: null,
      parent_id: stocked.categories.Dairy,
      is_active: true,
      product_count: 0,
      translations: {},
    });
    const rows = await auditOf('category', answer.body.data.id);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({
      action: 'CREATE',
      old_value: null,
      new_value: { name: 'Cheese' },
      context: { request_id: 'make-cheese' },
      actor_user_id: managerId,
    });
  });

  it('have one name below one parent, whatever its case', async () => {
    const twin = await send('POST', '/categories', { name: 'DAIRY' });
    expect([twin.status, twin.body.error.code]).toEqual([409, 'CATEGORY_EXISTS']);
    expect((await send('POST', '/categories', { name: 'Dairy', parent_id: stocked.categories.Bakery })).status).toBe(
      201,
    );
  });

  it('count the active products in and below them', async () => {
    const answer = await send('PATCH', `/categories/${stocked.categories.Dairy}`, { description: 'Milk and more' });
    expect(answer.body.data).toMatchObject({ description: 'Milk and more', product_count: 5 });
    expect(answer.trips).toBe(1);
  });

  it('move to the top with a null parent, and keep what is not sent', async () => {
    const id = await makeCategory(shop, { name: 'Yogurt', parentId: stocked.categories.Dairy });
    const answer = await send('PATCH', `/categories/${id}`, { parent_id: null });
    expect(answer.body.data).toMatchObject({ name: 'Yogurt', parent_id: null });
    expect(await auditOf('category', id)).toMatchObject([
      { action: 'CREATE' },
      { action: 'UPDATE', old_value: { parent_id: stocked.categories.Dairy }, new_value: { parent_id: null } },
    ]);
  });

  it('never become their own descendant', async () => {
    const top = await makeCategory(shop);
    const middle = await makeCategory(shop, { parentId: top });
    const bottom = await makeCategory(shop, { parentId: middle });
    for (const parent of [top, middle, bottom]) {
      const answer = await send('PATCH', `/categories/${top}`, { parent_id: parent });
      expect([answer.status, answer.body.error?.code]).toEqual([422, 'CATEGORY_CYCLE']);
    }
    expect(await auditOf('category', top)).toHaveLength(1);
  });

  it('do not become a cycle by two moves at once', async () => {
    for (let round = 0; round < 10; round++) {
      const [one, other] = [await makeCategory(shop), await makeCategory(shop)];
      const answers = await Promise.all([
        send('PATCH', `/categories/${one}`, { parent_id: other }),
        send('PATCH', `/categories/${other}`, { parent_id: one }),
      ]);
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 422]);
    }
  });

  it('are refused with a parent or an id that does not exist', async () => {
    const parentless = await send('POST', '/categories', { name: 'Lost', parent_id: 999_999 });
    expect([parentless.status, parentless.body.error.code]).toEqual([404, 'NOT_FOUND']);
    for (const [path, body] of [
      ['/categories/999999', { name: 'Lost' }],
      ['/categories/999999/toggle', {}],
      [`/categories/${stocked.categories.Bakery}`, { parent_id: 999_999 }],
    ] as const) {
      expect((await send('PATCH', path, body)).status).toBe(404);
    }
  });

  it('refuse what is not valid', async () => {
    const bodies = [
      {},
      { name: 'x' },
      { name: 'x'.repeat(51) },
      { name: null },
      { name: 'Nul\u0000' },
      { parent_id: 0 },
      { parent_id: '1' },
      { icon_slug: '../etc' },
      { colour: 'red' },
    ];
    for (const body of bodies) {
      const answer = await send('PATCH', `/categories/${stocked.categories.Bakery}`, body);
      expect([body, answer.status, answer.body.error?.code]).toEqual([body, 400, 'VALIDATION_ERROR']);
    }
  });
});

describe.each([
  ['categories', 'category', () => makeCategory(shop)],
  ['products', 'product', () => makeProduct(shop)],
] as const)('switching %s', (path, entity, make) => {
  it('flips without a word, obeys the query and the body, and changes nothing twice', async () => {
    const id = await make();
    const toggle = async (body?: unknown, query = {}) => {
      const answer = await send('PATCH', `/${path}/${id}/toggle`, body, query);
      expect([answer.status, answer.trips]).toEqual([200, 1]);
      return answer.body.data.is_active;
    };
    expect(await toggle()).toBe(false);
    expect(await toggle()).toBe(true);
    expect(await toggle({ active: true })).toBe(true);
    expect(await toggle(undefined, { active: 'false' })).toBe(false);
    expect(await toggle({ active: false }, { active: 'false' })).toBe(false);
    expect((await auditOf(entity, id)).map(({ action }) => action)).toEqual([
      'CREATE',
      'DEACTIVATE',
      'ACTIVATE',
      'DEACTIVATE',
    ]);
  });

  it('refuses a query and a body that differ', async () => {
    const id = await make();
    const answer = await send('PATCH', `/${path}/${id}/toggle`, { active: true }, { active: 'false' });
    expect([answer.status, answer.body.error.details.errors[0].path]).toEqual([400, 'active']);
  });
});

const milk = () => ({ name: 'Milk 3%', sku: `M-${crypto.randomUUID().slice(0, 8)}`, price: '7.90' });

describe('products', () => {
  it('are created with everything a product has', async () => {
    const body = {
      ...milk(),
      price: 12.9,
      category_id: stocked.categories.Milk,
      description: 'Fresh.\nEvery day.',
      old_price: '15',
      unit: '1 l',
      is_organic: true,
      nutritional_info: { energy_kcal: 60, fats: { saturated: 2.1 } },
      bin_location: 'A-12',
      image_url: 'https://cdn.example.com/milk.jpg',
    };
    const answer = await send('POST', '/products', body);
    expect(answer.status).toBe(201);
    expect(answer.trips).toBe(1);
    expect(answer.body.data).toMatchObject({
      ...body,
      price: '12.90',
      old_price: '15.00',
      is_active: true,
      in_stock_anywhere: false,
      in_stock_for_branch: null,
      available_quantity: 0,
      branch_available_quantity: null,
      rating_average: null,
      rating_count: 0,
    });
    expect(await auditOf('product', answer.body.data.id)).toMatchObject([
      { action: 'CREATE', new_value: { sku: body.sku }, actor_user_id: managerId },
    ]);
  });

  it('take names of any script and a text as nutritional info', async () => {
    const answer = await send('POST', '/products', {
      ...milk(),
      name: 'חלב 3% (ש״ח) & Co — 牛奶',
      category_id: stocked.categories.Milk,
      nutritional_info: 'Per 100 ml: 60 kcal',
    });
    expect(answer.status).toBe(201);
    expect(answer.body.data).toMatchObject({
      name: 'חלב 3% (ש״ח) & Co — 牛奶',
      nutritional_info: 'Per 100 ml: 60 kcal',
    });
  });

  it('have one SKU, whatever its case', async () => {
    const twin = { ...milk(), sku: 'milk-3', category_id: stocked.categories.Milk };
    const made = await send('POST', '/products', twin);
    expect([made.status, made.body.error.code]).toEqual([409, 'SKU_EXISTS']);
    const changed = await send('PATCH', `/products/${stocked.products[1]!.id}`, { sku: 'MILK-3' });
    expect([changed.status, changed.body.error.code]).toEqual([409, 'SKU_EXISTS']);
  });

  it('change by any subset; null clears; the audit keeps old and new', async () => {
    const id = await makeProduct(shop, { price: '10.00' });
    await send('PATCH', `/products/${id}`, { old_price: 20, unit: 'kg', nutritional_info: { salt: 1 } });
    const answer = await send('PATCH', `/products/${id}`, { price: 9.5, old_price: null, nutritional_info: null });
    expect(answer.body.data).toMatchObject({ price: '9.50', old_price: null, unit: 'kg', nutritional_info: null });
    expect(answer.trips).toBe(1);
    expect((await auditOf('product', id)).at(-1)).toMatchObject({
      action: 'UPDATE',
      old_value: { price: 10, old_price: 20, nutritional_info: { salt: 1 } },
      new_value: { price: 9.5, old_price: null, nutritional_info: null },
    });
  });

  it('are refused with an absent category, and 404 when absent themselves', async () => {
    const lost = await send('POST', '/products', { ...milk(), category_id: 999_999 });
    expect([lost.status, lost.body.error]).toMatchObject([
      404,
      { code: 'NOT_FOUND', message: 'There is no such category.' },
    ]);
    const absent = await send('PATCH', '/products/999999', { name: 'Milk' });
    expect([absent.status, absent.body.error.code]).toEqual([404, 'PRODUCT_NOT_FOUND']);
    expect((await send('PATCH', '/products/999999/toggle')).body.error.code).toBe('PRODUCT_NOT_FOUND');
  });

  it('refuse what is not valid', async () => {
    const bodies = [
      {},
      { name: 'M' },
      { name: 'm'.repeat(101) },
      { name: 'Tab\tbed' },
      { sku: 'A' },
      { sku: 'UNDER_SCORE' },
      { sku: null },
      { price: 0 },
      { price: '10000.01' },
      { price: '1.999' },
      { price: -1 },
      { old_price: 0 },
      { image_url: 'javascript:alert(1)' },
      { image_url: '//cdn.example.com/x.jpg' },
      { image_url: 'https://cdn.example.com/\u0000.jpg' },
      { image_url: 'https://cdn.example.com/\ud800.jpg' },
      { nutritional_info: [1] },
      { nutritional_info: { note: 'nul\u0000' } },
      { nutritional_info: { a: { b: { c: { d: { e: 1 } } } } } },
      { nutritional_info: { text: 'x'.repeat(5000) } },
      { nutritional_info: 'x'.repeat(2001) },
      { is_organic: 'yes' },
      { is_active: false },
      { id: 5 },
    ];
    for (const body of bodies) {
      const answer = await send('PATCH', `/products/${stocked.products[0]!.id}`, body);
      expect([body, answer.status, answer.body.error?.code]).toEqual([body, 400, 'VALIDATION_ERROR']);
    }
  });
});

describe('the list of products', () => {
  const list = async (query: Record<string, string | number>) => {
    const answer = await send('GET', '/products', undefined, query);
    expect([answer.status, answer.trips]).toEqual([200, 1]);
    return { items: answer.body.data as any[], meta: answer.body.meta };
  };

  it('shows inactive products and what is left of the stock in active branches', async () => {
    const id = await makeProduct(shop, { name: 'Retired soup', isActive: false });
    await makeStock(shop, { productId: id, branchId: stocked.storeId, onHand: 7 });
    const { items, meta } = await list({ q: 'retired SOUP' });
    expect(items).toMatchObject([{ id, is_active: false, available_quantity: 7, in_stock_anywhere: true }]);
    expect(meta).toEqual({ total: 1, limit: 20, offset: 0, has_next: false });
    expect((await list({ q: 'retired soup', is_active: 'true' })).items).toEqual([]);
  });

  it('filters by category with those below it, sorts and pages without a gap', async () => {
    const query = { category_id: stocked.categories.Dairy, sort: 'price_asc', limit: 2 };
    const shown: { id: number; price: string }[] = [];
    for (let offset = 0; ; offset += 2) {
      const { items, meta } = await list({ ...query, offset });
      shown.push(...items);
      if (!meta.has_next) break;
    }
    const prices = shown.map(({ price }) => Number(price));
    expect(prices).toEqual([...prices].sort((a, b) => a - b));
    expect(new Set(shown.map(({ id }) => id)).size).toBe(shown.length);
    expect(shown.length).toBeGreaterThanOrEqual(5);
  });

  it('takes wildcards and quotes as text', async () => {
    const id = await makeProduct(shop, { name: `100%_pure 'juice' \\ "fresh"` });
    for (const q of ['100%_pure', `'juice'`, '\\', '"fresh"']) {
      expect((await list({ q })).items.map((product) => product.id)).toEqual([id]);
    }
    expect((await list({ q: '_%_%_' })).items).toEqual([]);
  });
});

it('is closed to everybody but managers and administrators', async () => {
  for (const [role, status] of [
    ['CUSTOMER', 403],
    ['EMPLOYEE', 403],
    ['ADMIN', 200],
  ] as const) {
    const user = await signInAs(shop, role);
    expect((await shop.request('GET', '/admin/products', { token: user.token })).status).toBe(status);
  }
  expect((await shop.request('POST', '/admin/products', { body: {} })).status).toBe(401);
});
