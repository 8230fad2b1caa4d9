import { beforeAll, describe, expect, it } from 'vitest';
import { makeBranch, makeCategory, makeProduct, makeStock, makeUser, signInAs } from '../support/factories.ts';
import { openShop, type Shop } from '../support/shop.ts';

let shop: Shop;
let token: string;
beforeAll(async () => {
  shop = await openShop();
  token = (await signInAs(shop, 'ADMIN')).token;
});

const send = (method: string, path: string, body: object) => shop.request(method, `/admin${path}`, { token, body });
const codeOf = ({ status, body }: { status: number; body: any }) => [status, body.error?.code];

/** One name in many ways of writing it. */
const SAME: [written: string, again: string][] = [
  ['Café Noir', 'Cafe\u0301 Noir'],
  ['Café Rouge', 'CAFÉ  ROUGE'],
  ['Fresh bread', 'Fresh \u00a0 bread'],
  ['Fresh fish', 'Fresh\u3000fish'],
  ['Soft drinks', 'Soft\u200b dri\u00adnks'],
  ['Straße', 'STRASSE'],
  ['ΟΔΟΣ', 'οδος'],
  ['שלום', 'שלום\u200f'],
  ['می\u200cخواهم', 'میخواهم'],
  ['Ǆemal', 'ǆemal'],
];
/** Names that only look alike. */
const OTHERS: [one: string, other: string][] = [
  ['Cafe', 'Café'],
  ['Ice cream', 'Icecream'],
  ['10%', '100'],
];

describe('a unique name', () => {
  it.each(SAME)('%j is taken when %j is wanted, for categories and branches alike', async (written, again) => {
    const parent_id = await makeCategory(shop);
    const address = '1 Herzl Street';
    const [category, branch] = [
      await send('POST', '/categories', { name: written, parent_id }),
      await send('POST', '/branches', { name: written, address }),
    ];
    expect([category.body.data.name, branch.body.data.name]).toEqual([written, written]);
    expect(codeOf(await send('POST', '/categories', { name: again, parent_id }))).toEqual([409, 'CATEGORY_EXISTS']);
    expect(codeOf(await send('POST', '/branches', { name: again, address }))).toEqual([409, 'BRANCH_EXISTS']);
    const [otherCategory, otherBranch] = [await makeCategory(shop, { parentId: parent_id }), await makeBranch(shop)];
    expect(codeOf(await send('PATCH', `/categories/${otherCategory}`, { name: again }))).toEqual([
      409,
      'CATEGORY_EXISTS',
    ]);
    expect(codeOf(await send('PATCH', `/branches/${otherBranch}`, { name: again }))).toEqual([409, 'BRANCH_EXISTS']);
    const rewritten = await send('PATCH', `/branches/${branch.body.data.id}`, { name: again });
    expect([rewritten.status, rewritten.body.data.name]).toEqual([200, again]);
  });

  it.each(OTHERS)('%j leaves room for %j', async (one, other) => {
    const parent_id = await makeCategory(shop);
    for (const name of [one, other]) expect((await send('POST', '/categories', { name, parent_id })).status).toBe(201);
  });

  it('goes to one of many who ask at once, each writing it differently', async () => {
    const parent_id = await makeCategory(shop);
    const names = ['Crème', 'Cre\u0300me', 'CRÈME', 'Crème\u200b', 'cr\u00adème'];
    const answers = await Promise.all(names.map((name) => send('POST', '/categories', { name, parent_id })));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409, 409, 409, 409]);
  });
});

describe('a search of the console', () => {
  const found = async (path: string, q: string) => {
    const answer = await shop.request('GET', `/admin${path}`, { token, query: { q, limit: 100 } });
    expect([answer.status, answer.trips]).toEqual([200, 1]);
    return answer.body.data as { id: number; name?: string; product_name?: string; full_name?: string }[];
  };

  it.each(SAME)('finds %j by %j among products, shelves and people', async (written, again) => {
    const productId = await makeProduct(shop, { name: `The ${written} 3%` });
    const shelf = await makeStock(shop, { productId, branchId: await makeBranch(shop), onHand: 1 });
    const { id: userId } = await makeUser(shop, { fullName: `Dr ${written}` });
    expect((await found('/products', again)).map(({ id }) => id)).toContain(productId);
    expect((await found('/inventory', again)).map(({ id }) => id)).toContain(shelf);
    expect((await found('/users', again)).map(({ id }) => id)).toContain(userId);
  });

  it('finds descriptions so, SKUs, emails and phones in any case', async () => {
    const id = await makeProduct(shop, { sku: 'SKU-Brie' });
    await shop.sql(`update products set description = 'From Brie\nin Frankre\u0301ich' where id = $1`, [id]);
    expect((await found('/products', 'brie in  FRANKRÉICH')).map((row) => row.id)).toEqual([id]);
    expect((await found('/products', 'sku-BRIE')).map((row) => row.id)).toEqual([id]);
    const { id: userId } = await makeUser(shop, { email: 'odd.one@example.com' });
    await shop.sql(`update users set phone = '+972501119999' where id = $1`, [userId]);
    expect((await found('/users', 'ODD.one@')).map((row) => row.id)).toEqual([userId]);
    expect((await found('/users', '1119999')).map((row) => row.id)).toEqual([userId]);
  });

  it('takes wildcards for text, and nothing visible for no filter', async () => {
    await makeProduct(shop, { name: 'Milk 3%_x' });
    expect((await found('/products', '3%_x')).map(({ name }) => name)).toEqual(['Milk 3%_x']);
    expect(await found('/products', '%zz%')).toEqual([]);
    expect((await found('/products', '\u200b')).length).toBeGreaterThan(1);
  });

  it('keeps its keys out of the record and of answers', async () => {
    const id = await makeProduct(shop, { name: 'Recorded' });
    await send('PATCH', `/products/${id}`, { name: 'Recorded twice', description: 'New' });
    const [written] = await shop.sql(
      `select count(*)::int as rows, count(*) filter (where concat(old_value, new_value) ~ '(name|description)_key')::int as with_keys
       from audit_log where entity_type in ('product', 'user')`,
    );
    expect(written).toEqual({ rows: expect.any(Number), with_keys: 0 });
    expect((await found('/products', 'recorded'))[0]).not.toHaveProperty('name_key');
  });
});
