import { beforeAll, describe, expect, it } from 'vitest';
import { makeCategory, makeProduct } from '../support/factories.ts';
import { openShop, type Shop } from '../support/shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
  const categoryId = await makeCategory(shop);
  const make = async (name: string, description: string | null = null, sku?: string) => {
    const id = await makeProduct(shop, { name, categoryId, ...(sku && { sku }) });
    if (description) await shop.sql('update products set description = $2 where id = $1', [id, description]);
  };
  await make('Fresh Milk 3%', null, 'DAIRY-0107');
  await make('Milk 3%');
  await make('Milk 1%');
  await make('Milkshake Vanilla');
  await make('Mild Salsa');
  await make('Dark Chocolate', 'Without a drop of milk.');
  await make('Chocolate Spread');
  await make('חלב טרי 3%');
  await make('Crème Brûlée');
  await make("Ben & Jerry's 50% off_box", `It's "half" price; --`);
});

const search = async (q: string, query: Record<string, string | number> = {}) => {
  const answer = await shop.request('GET', '/catalog/products/search', { query: { q, ...query } });
  expect(answer).toMatchObject({ status: 200, trips: 1 });
  return answer.body.data.map((product: { name: string }) => product.name) as string[];
};

describe('a search', () => {
  it('puts words as typed before beginnings of words, and those before likely typing errors', async () => {
    expect(await search('milk')).toEqual([
      'Milk 1%',
      'Milk 3%',
      'Fresh Milk 3%',
      'Dark Chocolate',
      'Milkshake Vanilla',
      'Mild Salsa',
    ]);
  });

  it('puts the very name first', async () => {
    expect((await search('Milk 3%'))[0]).toBe('Milk 3%');
    expect(await search('fresh MILK 3%')).toEqual(['Fresh Milk 3%']);
  });

  it('answers any window of what it finds, in the same order, and counts all', async () => {
    const all = await search('milk');
    const pageAt = (limit: number, offset: number) =>
      shop.request('GET', '/catalog/products/search', { query: { q: 'milk', limit, offset } });
    for (const limit of [1, 2, 4]) {
      for (let offset = 0; offset <= all.length; offset++) {
        const { body } = await pageAt(limit, offset);
        expect(body.data.map(({ name }: { name: string }) => name)).toEqual(all.slice(offset, offset + limit));
        expect(body.meta.total).toBe(all.length);
      }
    }
    for (const offset of [2_000, 2_147_483_647]) {
      const { body } = await pageAt(100, offset);
      expect(body).toMatchObject({ data: [], meta: { total: all.length, has_next: false } });
    }
  });

  it.each([
    ['mlik', 'swapped'],
    ['milj', 'wrong'],
    ['mil', 'missing'],
    ['miilk', 'extra'],
    ['mikl', 'swapped at the end'],
    ['imlk', 'swapped at the start'],
  ])('forgives %s (%s)', async (q) => {
    expect(await search(q)).toContain('Milk 3%');
  });

  it('forgives one error in each word, and no more', async () => {
    expect((await search('choclate spraed'))[0]).toBe('Chocolate Spread');
    expect(await search('chclte')).toEqual([]);
    expect(await search('milk xylophone')).toEqual([]);
  });

  it('finds any script, with or without accents', async () => {
    expect(await search('חלב')).toEqual(['חלב טרי 3%']);
    expect(await search('טרי חלב')).toEqual(['חלב טרי 3%']);
    expect(await search('creme brulee')).toEqual(['Crème Brûlée']);
  });

  it('finds a SKU in any case', async () => {
    expect((await search('dairy-0107'))[0]).toBe('Fresh Milk 3%');
  });

  it.each([
    ['%', 5],
    ['_', 1],
    ["'", 1],
    ['"', 1],
    ['; --', 1],
    ["'; --", 0],
    ['&', 1],
    ['|', 0],
    ['\\', 0],
    ['!', 0],
    [':*', 0],
  ])('takes %s for text', async (q, found) => {
    expect(await search(q)).toHaveLength(found);
  });

  it('finds signs of any text of a product, as they stand, as soon as they are there', async () => {
    const id = await makeProduct(shop, { name: 'Signs' });
    const texts = {
      description: 'a \\ b ?! ❤️ ׳',
      brand: '¿Q?',
      translations: JSON.stringify({ he: { name: 'ש~ש', description: '«ש»' } }),
    };
    await shop.sql('update products set description = $2, brand = $3, translations = $4 where id = $1', [
      id,
      ...Object.values(texts),
    ]);
    for (const q of ['\\', '?!', '❤️', '׳', '¿', '~', '«', '\\ ']) expect([q, await search(q)]).toEqual([q, ['Signs']]);
    for (const q of ['!?', '\\\\', '~~', '«»', '? !', '~ «']) expect([q, await search(q)]).toEqual([q, []]);
    await shop.sql('update products set description = null where id = $1', [id]);
    expect(await search('❤️')).toEqual([]);
  });

  it.each(["milk' or 1=1", 'milk & salsa', 'milk | !salsa', '(milk', 'milk:*', '<-> milk'])(
    'takes operators for text in %s',
    async (q) => {
      const answer = await shop.request('GET', '/catalog/products', { query: { q } });
      expect(answer.status).toBe(200);
    },
  );

  it('takes words longer than any index', async () => {
    // Each of these signs unfolds into six letters of three bytes.
    for (const path of ['/catalog/products', '/catalog/products/search', '/catalog/products/autocomplete']) {
      const answer = await shop.request('GET', path, { query: { q: '\u3316'.repeat(200) } });
      expect([path, answer.status]).toEqual([path, 200]);
    }
    const word = 'א'.repeat(2000);
    const id = await makeProduct(shop, { name: 'Scroll' });
    await shop.sql('update products set description = $2 where id = $1', [id, word]);
    expect(await search(word.slice(0, 200))).toEqual(['Scroll']);
    expect(await search(word.slice(0, 199))).toEqual(['Scroll']);
  });

  it('leaves a trade mark out of the word before it, and knows signs for units by their letters', async () => {
    await makeProduct(shop, { name: 'Pringles™ Original' });
    await makeProduct(shop, { name: 'Keep at 4℃' });
    expect(await search('pringels')).toEqual(['Pringles™ Original']);
    expect((await search('pringles™'))[0]).toBe('Pringles™ Original');
    expect(await search('4 c')).toContain('Keep at 4℃');
  });

  it('pages through what it found with one total', async () => {
    const all = await search('milk');
    const answer = await shop.request('GET', '/catalog/products', { query: { q: 'milk', limit: 2, offset: 2 } });
    expect(answer.body.meta).toEqual({ total: 6, limit: 2, offset: 2, has_next: true });
    expect(answer.body.data.map((product: { name: string }) => product.name)).toEqual(all.slice(2, 4));
  });

  it('follows changes of the products', async () => {
    const id = await makeProduct(shop, { name: 'Kohlrabi' });
    expect(await search('kohlrbai')).toEqual(['Kohlrabi']);
    await shop.sql(`update products set name = 'Parsnip' where id = $1`, [id]);
    expect(await search('kohlrabi')).toEqual([]);
    expect(await search('parsnip')).toEqual(['Parsnip']);
    await shop.sql(`update products set is_active = false where id = $1`, [id]);
    expect(await search('parsnip')).toEqual([]);
    await shop.sql(`update products set is_active = true where id = $1`, [id]);
    expect(await search('parsinp')).toEqual(['Parsnip']);
  });
});

describe('autocomplete', () => {
  const suggest = async (q: string, query = {}) => {
    const answer = await shop.request('GET', '/catalog/products/autocomplete', { query: { q, ...query } });
    expect(answer).toMatchObject({ status: 200, trips: 1 });
    return answer.body.data as { items: { id: number; name: string }[]; total: number };
  };
  const names = ({ items }: { items: { name: string }[] }) => items.map((item) => item.name);

  it('suggests names that begin with what is typed, then those with such a word, then likely errors', async () => {
    expect(names(await suggest('mil'))).toEqual([
      'Mild Salsa',
      'Milk 1%',
      'Milk 3%',
      'Milkshake Vanilla',
      'Fresh Milk 3%',
    ]);
    expect(names(await suggest('mlik'))).toContain('Milk 3%');
    expect(names(await suggest('חל'))).toEqual(['חלב טרי 3%']);
  });

  it('answers its window and counts all', async () => {
    expect(await suggest('mil', { limit: 2 })).toEqual({
      items: [
        { id: expect.any(Number), name: 'Mild Salsa' },
        { id: expect.any(Number), name: 'Milk 1%' },
      ],
      total: 5,
      limit: 2,
      offset: 0,
    });
    expect(await suggest('zzzz')).toEqual({ items: [], total: 0, limit: 10, offset: 0 });
  });

  it('refuses to run without words', async () => {
    expect((await shop.request('GET', '/catalog/products/autocomplete')).status).toBe(400);
    expect((await shop.request('GET', '/catalog/products/autocomplete', { query: { q: '  ' } })).status).toBe(400);
    expect((await suggest('%')).items).toEqual([]);
  });

  it('counts a thousand at most', async () => {
    await shop.sql(
      `insert into products (name, sku, price, category_id)
        select 'Zucchini ' || n, 'ZUC-' || n, 5, (select min(id) from categories where is_active) from generate_series(1, 1001) n
        union all select 'Green Zucchini', 'ZUC-G', 5, (select min(id) from categories where is_active)`,
    );
    const { items, total } = await suggest('zucch', { limit: 3 });
    expect([total, ...items.map(({ name }) => name)]).toEqual([1000, 'Zucchini 1', 'Zucchini 10', 'Zucchini 100']);
    expect(names(await suggest('green z'))).toEqual(['Green Zucchini']);
  });
});

describe('a word that others begin with', () => {
  it('is found by its beginning also among hidden products that are shown later, and among codes', async () => {
    const categoryId = await makeCategory(shop);
    const id = await makeProduct(shop, { name: 'Quinoa Quinoaburger', categoryId });
    await makeProduct(shop, { name: 'Quinoa', categoryId });
    await makeProduct(shop, { name: 'Box Quinoab1c2d3e', categoryId });
    await shop.sql('update products set is_active = false where id = $1', [id]);
    expect(await search('quinoa')).toEqual(['Quinoa', 'Box Quinoab1c2d3e']);
    await shop.sql('update products set is_active = true where id = $1', [id]);
    expect(await search('quinoab')).toEqual(['Box Quinoab1c2d3e', 'Quinoa Quinoaburger', 'Quinoa']);
    expect(await search('quinoaburgre')).toEqual(['Quinoa Quinoaburger']);
  });

  it('is found where the product was made while hidden', async () => {
    await shop.sql(
      `insert into products (name, sku, price, category_id, is_active)
       select 'Rutabagapuree', 'RUTA-1', 5, (select min(id) from categories where is_active), false`,
    );
    expect(await search('rutabaga')).toEqual([]);
    await shop.sql(`update products set is_active = true where sku = 'RUTA-1'`);
    expect(await search('rutabaga')).toEqual(['Rutabagapuree']);
    expect(await search('rutabagapuere')).toEqual(['Rutabagapuree']);
  });
});

describe('listing all products anew', () => {
  it('writes nothing for those that are listed as before', async () => {
    const rows = () => shop.sql('select product_id, xmin, document from product_search order by product_id');
    const before = await rows();
    await shop.sql(`update product_search set document = '' where title = 'milk 1%'`);
    await shop.sql('delete from search_state');
    await shop.sql('select refresh_search(0)');
    const after = await rows();
    expect(after.map(({ document }) => document)).toEqual(before.map(({ document }) => document));
    const rewritten = after.filter(({ xmin }, index) => xmin !== before[index]?.xmin);
    expect(rewritten).toHaveLength(1);
    expect(await search('milk')).toContain('Milk 1%');
  });
});
