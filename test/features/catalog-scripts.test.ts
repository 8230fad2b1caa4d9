import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeCategory, makeProduct } from '../support/factories.ts';
import { openShop, type Shop } from '../support/shop.ts';

const NAMES = [
  'Sparkling Cola 1.5L',
  'Basmati Rice 500g',
  'Tuna 160 g',
  'Coca-Cola Zero',
  'Seven 7-Up Lemon',
  'Häagen-Dazs Vanilla',
  'אורז ועדשים מג׳דרה',
  "ביסקוויט ג'ינג'ר",
  "גבינת צ'דר",
  '有机低脂牛奶',
  '北海道十勝牛乳',
  'น้ำปลาแท้',
  'Œufs frais',
  'Weißbrot',
  'Smørrebrød',
  'Đurđevac Ćevapi',
  'Pączki z Łodzi',
  'Soft\u00adhyphen Bread',
  'Zero\u200bwidth Juice',
  'Crème Brûlée',
];

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
  const categoryId = await makeCategory(shop);
  for (const name of NAMES) await makeProduct(shop, { name, categoryId });
});

const search = async (q: string): Promise<string[]> => {
  const { status, body, text } = await shop.request('GET', '/catalog/products/search', { query: { q, limit: 100 } });
  expect(status, text).toBe(200);
  return body.data.map((product: { name: string }) => product.name);
};

describe('a product', () => {
  it.each([
    ['Sparkling Cola 1.5L', ['cola 1.5', '1.5 l', '1.5l', '1,5 L', 'cola 1.5l', '1.5']],
    ['Basmati Rice 500g', ['500 g', '500g', '500', 'rice 500 g']],
    ['Tuna 160 g', ['160g', '160 g', 'tuna 160g']],
    ['Coca-Cola Zero', ['cocacola', 'coca cola', 'coca-cola', 'COCA\u2011COLA', 'cola']],
    ['Seven 7-Up Lemon', ['7up', '7 up', '7-up']],
    ['Häagen-Dazs Vanilla', ['haagen dazs', 'haagendazs', 'häagen-dazs', 'dazs']],
    ['אורז ועדשים מג׳דרה', ['מגדרה', "מג'דרה", 'מג׳דרה', 'מג’דרה']],
    ["ביסקוויט ג'ינג'ר", ['גינגר', "ג'ינג'ר", 'ג׳ינג׳ר', "ג'ינגר"]],
    ["גבינת צ'דר", ['צדר', 'צ׳דר', 'צ’דר']],
    ['有机低脂牛奶', ['牛奶', '低脂', '有机', '牛', '低脂牛奶']],
    ['北海道十勝牛乳', ['牛乳', '十勝', '北海道']],
    ['น้ำปลาแท้', ['น้ำปลา', 'แท้']],
    ['Œufs frais', ['oeufs', 'œufs', 'OEUFS']],
    ['Weißbrot', ['weissbrot', 'weißbrot', 'WEISSBROT']],
    ['Smørrebrød', ['smorrebrod', 'smørrebrød']],
    ['Đurđevac Ćevapi', ['durdevac', 'cevapi']],
    ['Pączki z Łodzi', ['paczki', 'lodzi']],
    ['Soft\u00adhyphen Bread', ['softhyphen', 'soft\u00adhyphen', 'soft\u200bhyphen']],
    ['Zero\u200bwidth Juice', ['zerowidth', 'ze\u00adrowidth', 'juice']],
    ['Crème Brûlée', ['creme brulee', 'CRÈME', 'cre\u0300me']],
  ])('%s is found by each of %j', async (name, queries) => {
    for (const q of queries) expect(await search(q), q).toContain(name);
  });

  it.each(['有奶', '牛低', '道北'])('is not found by characters that do not stand together: %s', async (q) => {
    expect(await search(q)).toEqual([]);
  });

  it('is found by a mistyped word also where it is joined', async () => {
    expect(await search('cocacloa')).toContain('Coca-Cola Zero');
    expect(await search('weisbrot')).toContain('Weißbrot');
  });

  it('is suggested as well', async () => {
    for (const [q, name] of [
      ['haagend', 'Häagen-Dazs Vanilla'],
      ['牛奶', '有机低脂牛奶'],
      ['מגדר', 'אורז ועדשים מג׳דרה'],
    ] as const) {
      const { body } = await shop.request('GET', '/catalog/products/autocomplete', { query: { q } });
      expect(
        body.data.items.map((item: { name: string }) => item.name),
        q,
      ).toContain(name);
    }
  });

  it('is always found by each of its own words', async () => {
    for (const name of NAMES) for (const q of [name, ...name.split(' ')]) expect(await search(q), q).toContain(name);
  });

  it('is looked for by whatever is typed, without an error', async () => {
    const typed = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 30 })
      .filter((q) => q.trim() !== '' && !/\p{Cc}|\p{Cs}/u.test(q));
    await fc.assert(
      fc.asyncProperty(typed, async (q) => void (await search(q))),
      { numRuns: 60 },
    );
  });
});

describe('a list by name', () => {
  it('is in the order of a dictionary, forwards and backwards', async () => {
    const category_id = await makeCategory(shop);
    const order = ['Ananas', 'apple', 'Äpfel', 'Apricot', 'Éclair', 'eggplant', 'Œufs', 'Zebra', 'אבטיח'];
    for (const name of order.toReversed()) await makeProduct(shop, { name, categoryId: category_id });
    const names = async (sort: string) =>
      (await shop.request('GET', '/catalog/products', { query: { category_id, sort } })).body.data.map(
        (p: any) => p.name,
      );
    const expected = [...order].sort(new Intl.Collator('und').compare);
    expect(await names('name_asc')).toEqual(expected);
    expect(await names('name_desc')).toEqual(expected.toReversed());
  });
});
