import { beforeAll, describe, expect, it } from 'vitest';
import { signInAs } from '../support/factories.ts';
import { openShop, type Shop } from '../support/shop.ts';
import { type StandardShop, standardShop } from '../support/standard-shop.ts';

let shop: Shop;
let goods: StandardShop;
let manager: string;
let milk: number;

const get = (path: string, language?: string, query: Record<string, string> = {}, token?: string, method = 'GET') =>
  shop.request(method, path, {
    query,
    ...(token && { token }),
    ...(language && { headers: { 'Accept-Language': language } }),
  });

beforeAll(async () => {
  shop = await openShop({ env: { PUBLIC_CACHE: 'on' } });
  goods = await standardShop(shop);
  milk = goods.products[0]!.id;
  manager = (await signInAs(shop, 'MANAGER')).token;
  const admin = (await signInAs(shop, 'ADMIN')).token;
  const change = async (token: string, path: string, translations: object) => {
    const { status, text } = await shop.request('PATCH', `/admin${path}`, { token, body: { translations } });
    expect(status, text).toBe(200);
  };
  await change(manager, `/products/${milk}`, {
    he: { name: 'חלב טרי 3%', description: 'חלב פרה' },
    ru: { name: 'Свежее молоко' },
  });
  await change(manager, `/categories/${goods.categories.Dairy}`, { he: { name: 'מוצרי חלב' } });
  await change(admin, `/branches/${goods.warehouseId}`, { he: { name: 'מחסן', address: 'התעשייה 3, חיפה' } });
});

describe('answers in the language of the customer', () => {
  it.each([
    [undefined, 'Fresh milk 3%'],
    ['he', 'חלב טרי 3%'],
    ['iw-IL', 'חלב טרי 3%'],
    ['en-US,en;q=0.9,he;q=0.8', 'Fresh milk 3%'],
    ['fr-FR, he;q=0.5, ru;q=0.7', 'Свежее молоко'],
    ['he;q=0, *', 'Fresh milk 3%'],
    ['ar', 'Fresh milk 3%'],
    [';;;,q=,\u00e9', 'Fresh milk 3%'],
  ])('Accept-Language %s: %s', async (language, name) => {
    const { body, headers } = await get(`/catalog/products/${milk}`, language);
    expect(body.data.name).toBe(name);
    expect(headers.get('vary')).toContain('Accept-Language');
  });

  it('lang precedes the header, and a language of nobody is the main text', async () => {
    expect((await get(`/catalog/products/${milk}`, 'ru', { lang: 'he-IL' })).body.data.name).toBe('חלב טרי 3%');
    expect((await get(`/catalog/products/${milk}`, 'ru', { lang: 'fr' })).body.data.name).toBe('Fresh milk 3%');
    expect((await get(`/catalog/products/${milk}`, 'ru', { lang: '%%' })).status).toBe(400);
  });

  it('falls back to the main text field by field', async () => {
    await shop.sql(`update products set description = 'Of a cow' where id = $1`, [milk]);
    const { body } = await get(`/catalog/products/${milk}`, 'ru', { branch_id: String(goods.storeId) });
    expect(body.data).toMatchObject({ name: 'Свежее молоко', description: 'Of a cow' });
  });

  it('reaches categories, branches, facets, suggestions and policies', async () => {
    const categories = await get('/catalog/categories', 'he');
    expect(categories.body.data.map(({ name }: { name: string }) => name)).toContain('מוצרי חלב');
    expect((await get('/catalog/categories/tree', 'he')).body.data[0]).toHaveProperty('children');
    expect((await get('/branches', 'he')).body.data[0]).toMatchObject({ name: 'מחסן', address: 'התעשייה 3, חיפה' });
    expect((await get('/branches/delivery-source', 'he')).body.data.name).toBe('מחסן');
    const list = await get('/catalog/products', 'he', { facets: 'true', in_stock: 'true', q: 'חלב' });
    expect(list.trips).toBe(1);
    expect(list.body.data.map(({ name }: { name: string }) => name)).toEqual(['חלב טרי 3%']);
    expect(list.body.meta.facets.categories.map(({ name }: { name: string }) => name)).toContain('מוצרי חלב');
    const suggestions = await get('/catalog/products/autocomplete', 'he', { q: 'חל' });
    expect(suggestions.body.data.items).toEqual([{ id: milk, name: 'חלב טרי 3%' }]);
    const policies = await get('/store/shipping-info', 'he');
    expect(policies.body.data.policies[0]).toMatchObject({ key: 'delivery', title: 'משלוח' });
    expect(policies.body.data.policies[0].body).toContain('30.00');
  });

  it('reaches cart and wishlist', async () => {
    const { token } = await signInAs(shop);
    const headers = { 'Accept-Language': 'he' };
    const added = await shop.request('POST', '/cart/items', {
      token,
      headers,
      body: { product_id: milk, quantity: 1 },
    });
    expect(added.body.data.items[0].product_name).toBe('חלב טרי 3%');
    expect((await get('/cart', 'he', {}, token)).body.data.items[0].product_name).toBe('חלב טרי 3%');
    expect((await get('/cart', undefined, {}, token)).body.data.items[0].product_name).toBe('Fresh milk 3%');
    const inRussian = await get('/cart', undefined, { lang: 'ru' }, token);
    expect(inRussian.body.data.items[0].product_name).toBe('Свежее молоко');
    expect(inRussian.headers.get('vary')).toContain('Accept-Language');
    expect(inRussian.headers.get('cache-control')).toBe('no-store');
    const list = await shop.request('POST', '/store/lists', { token, body: { name: 'Weekly' } });
    await shop.request('PUT', `/store/lists/${list.body.data.id}/items`, {
      token,
      body: { items: [{ product_id: milk, quantity: 1 }] },
    });
    const read = await get('/store/lists', 'he', {}, token);
    expect(read.body.data[0].items[0].product.name).toBe('חלב טרי 3%');
    expect(read.headers.get('vary')).toContain('Accept-Language');
    const refilled = await get(`/cart/from-list/${list.body.data.id}`, 'he', {}, token, 'POST');
    expect(refilled.body.data.cart.items[0].product_name).toBe('חלב טרי 3%');
    await shop.request('POST', '/store/wishlist', { token, body: { product_id: milk } });
    expect((await get('/store/wishlist', 'ru', {}, token)).body.data.items[0].product.name).toBe('Свежее молоко');
  });

  it('is found by words of any language, whatever the answer is in', async () => {
    for (const q of ['молоко', 'חלב טרי', 'fresh milk', 'молокo'.replace('o', 'а')]) {
      const { body } = await get('/catalog/products', 'en', { q });
      expect(body.data.map(({ id }: { id: number }) => id)).toContain(milk);
    }
  });
});

describe('the cache', () => {
  it('keeps one answer a language, not one a header', async () => {
    const path = `/catalog/products/${goods.products[3]!.id}`;
    const trips = async (language?: string, query = {}) => (await get(path, language, query)).trips;
    expect(await trips('he-IL,he;q=0.9')).toBe(1);
    expect(await trips('he;q=0.3, fr')).toBe(0);
    expect(await trips(undefined, { lang: 'he' })).toBe(0);
    expect(await trips('en')).toBe(1);
    expect(await trips('fr')).toBe(1);
    expect(await trips('de-DE')).toBe(0);
    expect(await trips()).toBe(0);
    const hebrew = await get(`/catalog/products/${milk}`, 'he');
    const english = await get(`/catalog/products/${milk}`, 'en');
    expect(hebrew.headers.get('etag')).not.toBe(english.headers.get('etag'));
  });
});

describe('translations', () => {
  it('are replaced as a whole, and cleared by null', async () => {
    const change = (body: object) =>
      shop.request('PATCH', `/admin/products/${goods.products[1]!.id}`, { token: manager, body });
    const first = await change({ translations: { he: { name: 'חלב אורגני', description: '' }, en: null } });
    expect(first.body.data.translations).toEqual({ he: { name: 'חלב אורגני' } });
    expect((await change({ price: '9.90' })).body.data.translations).toEqual({ he: { name: 'חלב אורגני' } });
    expect((await change({ translations: { ru: { name: 'Молоко' } } })).body.data.translations).toEqual({
      ru: { name: 'Молоко' },
    });
    expect((await change({ translations: null })).body.data.translations).toEqual({});
  });

  it.each([
    [{ fr: { name: 'Lait' } }, 'translations'],
    [{ he: { name: 'ח' } }, 'translations.he.name'],
    [{ he: { title: 'חלב' } }, 'translations.he'],
    [{ he: { name: 'חלב\u202e' } }, 'translations.he.name'],
  ])('%o are refused', async (translations, path) => {
    const { status, body } = await shop.request('PATCH', `/admin/products/${milk}`, {
      token: manager,
      body: { translations },
    });
    expect(status).toBe(400);
    expect(body.error.details.errors[0].path).toBe(path);
  });
});

describe('the language of a customer', () => {
  it('is null until chosen, and that of the mails from then on', async () => {
    const { token, id } = await signInAs(shop);
    expect((await shop.request('GET', '/me', { token })).body.data.language).toBeNull();
    const { body } = await shop.request('PATCH', '/me', { token, body: { language: 'he' } });
    expect(body.data.language).toBe('he');
    expect((await shop.request('PATCH', '/me', { token, body: { phone: null } })).body.data.language).toBe('he');
    expect((await shop.request('PATCH', '/me', { token, body: { language: 'fr' } })).status).toBe(400);
    const [user] = await shop.sql<{ email: string }>('select email from users where id = $1', [id]);
    await shop.request('POST', '/auth/forgot-password', { body: { email: user!.email } });
    const [mail] = await shop.sql<{ language: string }>(
      `select payload -> 'to' ->> 'language' as language from outbox where kind = 'PASSWORD_RESET' order by id desc limit 1`,
    );
    // Sent mails lose their payload: the one that waits still has it.
    if (mail?.language) expect(mail.language).toBe('he');
  });
});
