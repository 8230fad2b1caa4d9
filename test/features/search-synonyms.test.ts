import { beforeAll, describe, expect, it } from 'vitest';
import { makeProduct, signInAs } from '../support/factories.ts';
import { openShop, type Shop } from '../support/shop.ts';

let shop: Shop;
let token: string;
const ids: Record<string, number> = {};

const make = (words: string[]) => shop.request('POST', '/admin/search-synonyms', { token, body: { words } });
const found = async (q: string) => {
  const { status, body, trips, text } = await shop.request('GET', '/catalog/products', { query: { q } });
  expect([status, trips], text).toEqual([200, 1]);
  return body.data.map(({ name }: { name: string }) => name);
};

beforeAll(async () => {
  shop = await openShop();
  token = (await signInAs(shop, 'MANAGER')).token;
  for (const name of ['Coca-Cola Zero', 'Eggplant', 'Sparkling water 1.5L', 'Tomato', 'חציל קלוי']) {
    ids[name] = await makeProduct(shop, { name });
  }
});

describe('synonyms', () => {
  it('find each other, in any language, beside what is typed', async () => {
    expect(await found('aubergine')).toEqual([]);
    const { status, body } = await make(['aubergine', 'Eggplant', 'חציל']);
    expect(status).toBe(201);
    expect(body.data.words).toEqual(['aubergine', 'Eggplant', 'חציל']);
    expect((await found('AUBERGINE')).sort()).toEqual(['Eggplant', 'חציל קלוי']);
    expect(await found('eggplant')).toEqual(['Eggplant', 'חציל קלוי']);
    expect(await found('aubergine קלוי')).toEqual(['חציל קלוי']);
  });

  it('are found with a typing error, though no product has the word', async () => {
    expect((await found('aubergnie')).sort()).toEqual(['Eggplant', 'חציל קלוי']);
  });

  it('may be phrases on either side, with other words around', async () => {
    await make(['coke', 'coca cola', 'קוקה קולה']);
    await make(['soda water', 'sparkling water']);
    expect(await found('coke')).toEqual(['Coca-Cola Zero']);
    expect(await found('zero coke')).toEqual(['Coca-Cola Zero']);
    expect(await found('קוקה-קולה zero')).toEqual([]);
    expect(await found('קוקה קולה zero')).toEqual(['Coca-Cola Zero']);
    expect(await found('soda water 1.5l')).toEqual(['Sparkling water 1.5L']);
    expect(await found('soda')).toEqual([]);
  });

  it('end when they are deleted, and are audited', async () => {
    const { body } = await make(['pomodoro', 'tomato']);
    expect(await found('pomodoro')).toEqual(['Tomato']);
    const path = `/admin/search-synonyms/${body.data.id}`;
    expect((await shop.request('DELETE', path, { token })).body.data).toEqual({ success: true });
    expect(await found('pomodoro')).toEqual([]);
    expect((await shop.request('DELETE', path, { token })).status).toBe(404);
    const audit = await shop.sql(
      `select action from audit_log where entity_type = 'search_synonym' and entity_id = $1 order by id`,
      [body.data.id],
    );
    expect(audit).toEqual([{ action: 'CREATE' }, { action: 'DELETE' }]);
    const { body: list } = await shop.request('GET', '/admin/search-synonyms', { token });
    expect(list.meta.total).toBe(3);
  });

  it.each([
    [['one'], 400],
    [['one', ' '], 400],
    [Array.from({ length: 21 }, (_, n) => `word ${n}`), 400],
    [['Café', 'cafe'], 422],
    [['%', 'percent'], 422],
    [['a b c d e f g', 'h'], 422],
  ])('%o are refused with %i', async (words, status) => {
    const answer = await make(words);
    expect(answer.status).toBe(status);
    if (status === 422) expect(answer.body.error.code).toBe('SYNONYMS_ALIKE');
  });
});
