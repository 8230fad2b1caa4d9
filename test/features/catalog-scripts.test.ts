import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeCategory, makeProduct } from '../support/factories.ts';
import { openShop, type Shop } from '../support/shop.ts';

const NAMES = [
  'Sparkling Cola 1.5L',
  'Basmati Rice 500g',
  'Tuna 160 g',
  'Coca-Cola Zero',
  'Coca Cola Cherry',
  'Flour 1,000g',
  'Sugar 1,000 g',
  'Juice 0,330 L',
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
  'Rice, אורז 1 ק"ג',
  'Beer 24x330ml',
  'Water 6×1.5L',
  'Omega 3 Eggs',
  'Vitamin D3 Drops',
  'Kit\u2013Kat Bar',
  'אקסטרה־לייט',
  'コカ・コーラ',
  'Ελιές ΘΑΣΟΣ',
  'Plain Cola Light',
  '서울우유단 세트',
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

const UNSPACED = /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}]/u;
const MISTAKES = ['wrong', 'missing', 'extra', 'swapped'] as const;

/** The word with one of its letters wrong, missing or twice, or two neighbours swapped; signs between letters stay. */
const withMistake = (word: string, kind: (typeof MISTAKES)[number], anywhere: number): string => {
  const signs = [...word];
  const places = signs.flatMap((sign, place) => (/\p{L}/u.test(sign) ? [place] : []));
  const at = places[anywhere % places.length]!;
  if (kind === 'swapped') return signs.toSpliced(at, 2, ...signs.slice(at, at + 2).toReversed()).join('');
  const another = signs[places[(anywhere + 1) % places.length]!]!;
  return signs.toSpliced(at, kind === 'extra' ? 0 : 1, kind === 'missing' ? '' : another).join('');
};

describe('a product', () => {
  it.each([
    ['Sparkling Cola 1.5L', ['cola 1.5', '1.5 l', '1.5l', '1,5 L', 'cola 1.5l', '1.5']],
    ['Basmati Rice 500g', ['500 g', '500g', '500', 'rice 500 g']],
    ['Tuna 160 g', ['160g', '160 g', 'tuna 160g']],
    ['Coca-Cola Zero', ['cocacola', 'coca cola', 'coca-cola', 'COCA\u2011COLA', 'cola']],
    ['Coca Cola Cherry', ['cocacola', 'coca-cola', 'cocacola cherry', 'colacherry']],
    ['Flour 1,000g', ['1000g', '1000 g', '1,000 g', '1,000g', '1000']],
    ['Sugar 1,000 g', ['1000g', '1000 g', '1,000g']],
    ['Juice 0,330 L', ['0.330', '0,330l', '0.330 l']],
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
    ['Crème Brûlée', ['creme brulee', 'CRÈME', 'cre\u0300me', 'cre\u2066me', 'cr\u202aeme', 'cre\u{e0061}me']],
    ['Rice, אורז 1 ק"ג', ['קג', 'ק״ג', 'ק”ג', "ק''ג", '1 קג', '1קג', '1ק"ג']],
    ["גבינת צ'דר", ['צ´דר', 'צ`דר', 'צ‛דר', 'צ＇דר']],
    ['Beer 24x330ml', ['330ml', '330 ml', '24 x 330 ml', '24x330', '330']],
    ['Water 6×1.5L', ['1.5l', '6x1.5l', '6 x 1,5 l']],
    ['Omega 3 Eggs', ['omega3', 'omega-3', 'omgea3', 'omgea-3']],
    ['Vitamin D3 Drops', ['d3', 'd 3', 'd-3']],
    ['Kit\u2013Kat Bar', ['kitkat', 'kit-kat', 'kit kat', 'kit\u2212kat']],
    ['אקסטרה־לייט', ['אקסטרהלייט', 'אקסטרה-לייט', 'אקסטרה לייט']],
    ['コカ・コーラ', ['コカコーラ', 'ｺｶｺｰﾗ']],
    ['Ελιές ΘΑΣΟΣ', ['θασος', 'θάσος', 'θασοσ']],
    ['Plain Cola Light', ['c0la', 'plain-cloa']],
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

  it('is found by the end of a long description without spaces', async () => {
    const id = await makeProduct(shop, { name: 'นม' });
    const description = `${'นมสดพาสเจอร์ไรส์รสจืดจากฟาร์ม'.repeat(9)}ครอบครัว`;
    await shop.sql('update products set description = $2 where id = $1', [id, description]);
    expect(await search('ครอบครัว')).toEqual(['นม']);
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

  it('is found by each of its words of four letters or more with one mistake', async () => {
    const words = NAMES.flatMap((name) =>
      name.split(' ').map((word) => ({ name, word: word.replace(/^\p{P}+|\p{P}+$/gu, '') })),
    ).filter(({ word }) => /^[\p{L}\p{P}]+$/u.test(word) && /(\p{L}\p{P}*){4}/u.test(word) && !UNSPACED.test(word));
    const mistyped = fc.record({ of: fc.constantFrom(...words), kind: fc.constantFrom(...MISTAKES), at: fc.nat() });
    await fc.assert(
      fc.asyncProperty(mistyped, async ({ of: { name, word }, kind, at }) => {
        const q = withMistake(word, kind, at);
        expect(await search(q), q).toContain(name);
      }),
      { numRuns: 200 },
    );
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
