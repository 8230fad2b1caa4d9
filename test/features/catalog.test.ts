import { beforeAll, describe, expect, it } from 'vitest';
import { makeBranch, makeCategory, makeProduct, makeStock, makeUser, signInAs } from '../support/factories.ts';
import { openShop, type Shop } from '../support/shop.ts';
import { type StandardShop, standardShop } from '../support/standard-shop.ts';

let shop: Shop;
let standard: StandardShop;
beforeAll(async () => {
  shop = await openShop();
  standard = await standardShop(shop);
});

const get = (path: string, query: Record<string, string | number | boolean> = {}) =>
  shop.request('GET', `/catalog${path}`, { query });
const names = (answer: { body: any }): string[] => answer.body.data.map((product: { name: string }) => product.name);

describe('one product', () => {
  it('is told with what customers can still take, in one trip', async () => {
    const [milk] = standard.products;
    const answer = await get(`/products/${milk!.id}`, { branchId: standard.storeId });
    expect(answer).toMatchObject({ status: 200, trips: 1 });
    expect(answer.body.data).toEqual({
      id: milk!.id,
      name: 'Fresh milk 3%',
      sku: 'MILK-3',
      price: '7.90',
      old_price: null,
      unit: null,
      tax_class: 'STANDARD',
      deposit: null,
      promotions: [],
      sold_by: 'EACH',
      price_per_kg: null,
      nominal_grams: null,
      weight_tolerance_percent: '10.00',
      net_content: null,
      unit_price: null,
      nutritional_info: null,
      is_organic: false,
      bin_location: null,
      image_url: null,
      description: null,
      category_id: standard.categories.Milk,
      is_active: true,
      in_stock_anywhere: true,
      in_stock_for_branch: true,
      available_quantity: 120,
      branch_available_quantity: 20,
      rating_average: null,
      rating_count: 0,
      allergens: [],
      may_contain: [],
      dietary: [],
      age_restricted: null,
      brand: null,
      barcode: null,
    });
  });

  it('knows nothing of a branch unless one is named', async () => {
    const { body } = await get(`/products/${standard.products[0]!.id}`);
    expect(body.data).toMatchObject({ in_stock_for_branch: null, branch_available_quantity: null });
  });

  it('counts neither what live holds keep nor what stands in a branch that is switched off', async () => {
    const productId = await makeProduct(shop, { name: 'Held honey' });
    const closed = await makeBranch(shop, { isActive: false });
    await makeStock(shop, { productId, branchId: closed, onHand: 50 });
    const shelf = await makeStock(shop, { productId, branchId: standard.warehouseId, onHand: 10 });
    const hold = async (quantity: number, until: string) => {
      const { id } = await makeUser(shop);
      await shop.sql(
        `with cart as (insert into carts (user_id) values ($1) returning id)
         insert into hold_lines (inventory_id, cart_id, quantity, expires_at)
           select $2, id, $3, now() + $4::interval from cart`,
        [id, shelf, quantity, until],
      );
    };
    await hold(4, '10 minutes');
    await hold(3, '-1 second');
    expect((await get(`/products/${productId}`)).body.data.available_quantity).toBe(6);
    await hold(6, '10 minutes');
    const soldOut = await get(`/products/${productId}`, { branch_id: standard.warehouseId });
    expect(soldOut.body.data).toMatchObject({
      in_stock_anywhere: false,
      in_stock_for_branch: false,
      available_quantity: 0,
      branch_available_quantity: 0,
    });
    expect((await get('/products', { q: 'Held honey', in_stock: true })).body.meta.total).toBe(0);
  });

  it.each(['0', '-1', '2147483648', 'abc', '1.5'])('refuses the id %s', async (id) => {
    const answer = await get(`/products/${id}`);
    expect(answer).toMatchObject({ status: 400, trips: 0 });
    expect(answer.body.error.code).toBe('VALIDATION_ERROR');
  });

  it('is not found when it, or a category above it, is switched off', async () => {
    const hidden = await makeCategory(shop, { isActive: false });
    const below = await makeCategory(shop, { parentId: await makeCategory(shop, { parentId: hidden }) });
    const ids = [
      await makeProduct(shop, { isActive: false }),
      await makeProduct(shop, { name: 'Veiled vinegar', categoryId: below }),
      999_999,
    ];
    for (const id of ids) {
      for (const path of [`/products/${id}`, `/products/${id}/reviews`]) {
        const answer = await get(path);
        expect(answer.status).toBe(404);
        expect(answer.body.error.code).toBe('PRODUCT_NOT_FOUND');
      }
    }
    expect((await get('/products', { q: 'vinegar' })).body.data).toEqual([]);
    expect((await get(`/categories/${below}/products`)).status).toBe(404);
    await shop.sql('update categories set is_active = true where id = $1', [hidden]);
    expect(names(await get('/products', { q: 'vinegar' }))).toEqual(['Veiled vinegar']);
    expect(names(await get(`/categories/${hidden}/products`))).toEqual(['Veiled vinegar']);
  });

  it('is not found at a branch that is not there', async () => {
    const answer = await get(`/products/${standard.products[0]!.id}`, { branch_id: 999_999 });
    expect(answer.body.error.code).toBe('NOT_FOUND');
  });
});

describe('lists', () => {
  it('hold the products of a category and of those below it', async () => {
    const answer = await get(`/categories/${standard.categories.Dairy}/products`, { branch_id: standard.storeId });
    expect(answer).toMatchObject({ status: 200, trips: 1 });
    expect(answer.body.meta).toEqual({ total: 5, limit: 20, offset: 0, has_next: false });
    expect(names(answer).sort()).toEqual(
      ['Cottage cheese', 'Fresh milk 3%', 'Oat drink', 'Organic milk 1%', 'Yellow cheese'].sort(),
    );
    expect((await get('/products', { category_id: standard.categories.Dairy })).body.meta.total).toBe(5);
    expect((await get('/categories/999999/products')).status).toBe(404);
    expect((await get('/products', { category_id: 999_999 })).body.data).toEqual([]);
  });

  it('page without repeating or skipping, with a total also beyond the end', async () => {
    const seen: string[] = [];
    for (let offset = 0; offset < 20; offset += 2) {
      const page = await get('/products', { category_id: standard.categories.Dairy, limit: 2, offset, sort: 'price' });
      expect(page.body.meta.total).toBe(5);
      seen.push(...names(page));
    }
    expect(seen).toEqual(['Cottage cheese', 'Fresh milk 3%', 'Organic milk 1%', 'Oat drink', 'Yellow cheese']);
  });

  it.each([
    ['price_desc', ['Yellow cheese', 'Oat drink', 'Organic milk 1%', 'Fresh milk 3%', 'Cottage cheese']],
    ['name', ['Cottage cheese', 'Fresh milk 3%', 'Oat drink', 'Organic milk 1%', 'Yellow cheese']],
    ['name_desc', ['Yellow cheese', 'Organic milk 1%', 'Oat drink', 'Fresh milk 3%', 'Cottage cheese']],
  ])('sort by %s', async (sort, expected) => {
    expect(names(await get('/products', { category_id: standard.categories.Dairy, sort }))).toEqual(expected);
    const withWords = await get('/products', { category_id: standard.categories.Dairy, sort, q: 'milk' });
    expect(names(withWords)).toEqual(expected.filter((name) => name.includes('milk') || name.startsWith('Oat')));
  });

  it('sort by the last change unless told otherwise', async () => {
    const { categories, products } = standard;
    await shop.sql(`update products set updated_at = now() + interval '1 minute' where id = $1`, [products[2]!.id]);
    for (const query of [{}, { sort: 'date' }, { sort: 'updated_at_desc' }, { sort: 'relevance' }]) {
      expect(names(await get('/products', { category_id: categories.Milk, ...query }))[0]).toBe('Oat drink');
    }
  });

  it('are narrowed by price, sale, organic and stock, and counted alike', async () => {
    const categoryId = await makeCategory(shop);
    const make = async (name: string, price: string, oldPrice: string | null, isOrganic: boolean, onHand: number) => {
      const productId = await makeProduct(shop, { name, price, categoryId });
      await shop.sql('update products set old_price = $2, is_organic = $3 where id = $1', [
        productId,
        oldPrice,
        isOrganic,
      ]);
      await makeStock(shop, { productId, branchId: standard.warehouseId, onHand });
    };
    await make('Jam', '10.00', '12.00', false, 5);
    await make('Marmalade', '15.50', '15.50', true, 0);
    await make('Syrup', '20.00', null, true, 5);
    const found = async (query: Record<string, string | number | boolean>) => {
      const answer = await get('/products', { category_id: categoryId, sort: 'name', ...query });
      expect(answer.body.meta.total).toBe(answer.body.data.length);
      return names(answer);
    };
    expect(await found({})).toEqual(['Jam', 'Marmalade', 'Syrup']);
    expect(await found({ min_price: '15.50' })).toEqual(['Marmalade', 'Syrup']);
    expect(await found({ minPrice: 10, maxPrice: 15.5 })).toEqual(['Jam', 'Marmalade']);
    expect(await found({ on_sale: true })).toEqual(['Jam']);
    expect(await found({ organic_only: true })).toEqual(['Marmalade', 'Syrup']);
    expect(await found({ organic_only: false, on_sale: false, in_stock: false })).toEqual([
      'Jam',
      'Marmalade',
      'Syrup',
    ]);
    expect(await found({ in_stock: true })).toEqual(['Jam', 'Syrup']);
    expect(await found({ in_stock: true, branch_id: standard.storeId })).toEqual([]);
    expect(await found({ in_stock: true, organic_only: true, branch_id: standard.warehouseId })).toEqual(['Syrup']);
    const [marmalade] = await shop.sql<{ id: number }>(`select id from products where name = 'Marmalade'`);
    await shop.sql('update products set is_active = false where id = $1', [marmalade!.id]);
    expect(await found({ organic_only: true })).toEqual(['Syrup']);
    expect((await get('/products', { branch_id: 999_999 })).status).toBe(404);
  });

  it('count what is in stock right while shelves of all branches empty and fill at once', async () => {
    const categoryId = await makeCategory(shop);
    const branches = [await makeBranch(shop), await makeBranch(shop)];
    const ids = await Promise.all(Array.from({ length: 8 }, () => makeProduct(shop, { categoryId })));
    const shelves = await Promise.all(
      ids.flatMap((productId) => branches.map((branchId) => makeStock(shop, { productId, branchId, onHand: 3 }))),
    );
    const total = async (branchId?: number) => {
      const query = { category_id: categoryId, in_stock: true, ...(branchId && { branch_id: branchId }) };
      const { body } = await get('/products', query);
      expect(body.data).toHaveLength(body.meta.total);
      return body.meta.total;
    };
    const move = (delta: number) =>
      Promise.all(
        shelves.map((shelf) =>
          shop.sql(`insert into stock_movements (inventory_id, delta, reason) values ($1, $2, 'ADJUSTMENT')`, [
            shelf,
            delta,
          ]),
        ),
      );
    expect(await total()).toBe(8);
    await move(-3);
    expect([await total(), await total(branches[0]), await total(branches[1])]).toEqual([0, 0, 0]);
    await move(1);
    expect([await total(), await total(branches[0]), await total(branches[1])]).toEqual([8, 8, 8]);
    await shop.sql('update branches set is_active = false where id = any ($1)', [branches]);
    expect(await total()).toBe(0);
  });

  it('show what is in stock first, of that what is on sale', async () => {
    const fresh = await openShop();
    const { products } = await standardShop(fresh);
    const [milk, , oat, cottage] = products;
    await fresh.sql(`update products set old_price = price + 1 where id = any ($1)`, [[oat!.id, cottage!.id]]);
    await fresh.sql(
      `insert into stock_movements (inventory_id, delta, reason)
         select id, -on_hand, 'COUNT' from inventory where product_id = any ($1)`,
      [[milk!.id, cottage!.id]],
    );
    const all = await fresh.request('GET', '/catalog/products/featured');
    expect(all).toMatchObject({ status: 200, trips: 1 });
    expect(names(all)[0]).toBe('Oat drink');
    expect(names(all).slice(-2)).toEqual(['Cottage cheese', 'Fresh milk 3%']);
    const few = await fresh.request('GET', '/catalog/products/featured', { query: { limit: 3, branch_id: 1 } });
    expect(few.body.data).toHaveLength(3);
    expect(few.body.data[0]).toMatchObject({ name: 'Oat drink', branch_available_quantity: 100 });
  });

  it.each([
    { sort: 'cheapest' },
    { limit: 0 },
    { offset: -1 },
    { min_price: 'cheap' },
    { in_stock: 'perhaps' },
    { category_id: 0 },
    { q: '' },
    { q: 'milk\u0000' },
    { q: 'm'.repeat(2000) },
  ])('refuse %o', async (query) => {
    expect(await get('/products', query as never)).toMatchObject({ status: 400, trips: 0 });
  });
});

describe('categories', () => {
  it('are listed with the products of all below them', async () => {
    const roots = await get('/categories', { limit: 100 });
    expect(roots).toMatchObject({ status: 200, trips: 1 });
    const dairy = roots.body.data.find((category: { name: string }) => category.name === 'Dairy');
    expect(dairy).toEqual({
      id: standard.categories.Dairy,
      name: 'Dairy',
      icon_slug: null,
      description: null,
      parent_id: null,
      is_active: true,
      product_count: 5,
    });
    const below = await get('/categories', { parent_id: standard.categories.Dairy });
    expect(below.body.data).toMatchObject([{ name: 'Milk', product_count: 3 }]);
    expect(below.body.meta.total).toBe(1);
  });

  it('are nested as a tree', async () => {
    const tree = await get('/categories/tree');
    expect(tree).toMatchObject({ status: 200, trips: 1 });
    const dairy = tree.body.data.find((category: { name: string }) => category.name === 'Dairy');
    expect(dairy.children).toMatchObject([{ name: 'Milk', parent_id: dairy.id, children: [] }]);
  });
});

describe('reviews', () => {
  it('are one for each customer, shown without more of the name than an initial', async () => {
    const productId = await makeProduct(shop);
    const dana = await signInAs(shop);
    const path = `/catalog/products/${productId}/reviews`;
    const first = await shop.request('POST', path, { token: dana.token, body: { rating: 2, title: 'Meh' } });
    expect(first).toMatchObject({ status: 201, trips: 1 });
    const second = await shop.request('POST', path, { token: dana.token, body: { rating: 4, body: 'Better now.' } });
    expect(second.status).toBe(201);
    const other = await signInAs(shop);
    await shop.request('POST', path, { token: other.token, body: { rating: 5 } });
    const shown = await get(`/products/${productId}/reviews`);
    expect(shown).toMatchObject({ status: 200, trips: 1 });
    expect(shown.body.data).toMatchObject({ total: 2, limit: 20, offset: 0 });
    expect(shown.body.data.items[1]).toEqual({
      id: first.body.data.id,
      rating: 4,
      title: null,
      body: 'Better now.',
      author: 'Dana L.',
      verified_purchase: false,
      created_at: expect.stringMatching(/Z$/),
    });
    expect((await get(`/products/${productId}`)).body.data).toMatchObject({ rating_average: 4.5, rating_count: 2 });
  });

  it('are verified when the customer received the product', async () => {
    const [milk, organic, oat] = standard.products;
    const customer = await signInAs(shop);
    const order = async (status: string, itemSql: string) => {
      await shop.sql(
        `with placed as (
           insert into orders (order_number, user_id, status, fulfillment_type, branch_id, goods_total, total_amount, currency,
                               window_start, window_end, placed_at)
             values (gen_random_uuid()::text, $1, '${status}', 'PICKUP', 1, 10, 10, 'ILS', now(), now(), now()) returning id
         ), line as (
           insert into order_items (order_id, product_id, name, sku, unit_price, quantity, picked_status,
                                    replacement_product_id, replacement_name, replacement_unit_price)
             select id, ${itemSql} from placed
           returning order_id, coalesce(replacement_product_id, product_id) as product_id
         )
         insert into stock_movements (inventory_id, delta, reason, order_id)
           select i.id, -1, 'SALE', line.order_id from line join inventory i on i.product_id = line.product_id and i.branch_id = 1`,
        [customer.id],
      );
    };
    await order('CREATED', `${milk!.id}, 'a', 'a', 10, 1, 'PENDING', null, null, null`);
    await order('DELIVERED', `${organic!.id}, 'a', 'a', 10, 1, 'REPLACED', ${oat!.id}, 'b', 10`);
    const isVerified = async (id: number) => {
      const path = `/catalog/products/${id}/reviews`;
      return (await shop.request('POST', path, { token: customer.token, body: { rating: 5 } })).body.data
        .verified_purchase;
    };
    expect(await isVerified(milk!.id)).toBe(false);
    expect(await isVerified(organic!.id)).toBe(false);
    expect(await isVerified(oat!.id)).toBe(true);
    await order('DELIVERED', `${milk!.id}, 'a', 'a', 10, 1, 'PICKED', null, null, null`);
    expect(await isVerified(milk!.id)).toBe(true);
  });

  it('are written by customers, within bounds', async () => {
    const path = `/catalog/products/${standard.products[0]!.id}/reviews`;
    expect((await shop.request('POST', path, { body: { rating: 5 } })).status).toBe(401);
    const employee = await signInAs(shop, 'EMPLOYEE');
    expect((await shop.request('POST', path, { token: employee.token, body: { rating: 5 } })).status).toBe(403);
    const { token } = await signInAs(shop);
    for (const body of [{}, { rating: 0 }, { rating: 6 }, { rating: 4.5 }, { rating: 5, verified_purchase: true }]) {
      expect((await shop.request('POST', path, { token, body })).status).toBe(400);
    }
    const absent = await shop.request('POST', '/catalog/products/999999/reviews', { token, body: { rating: 5 } });
    expect(absent.body.error.code).toBe('PRODUCT_NOT_FOUND');
  });
});
