import { beforeAll, describe, expect, it } from 'vitest';
import { makeCategory, makeProduct } from '../support/factories.ts';
import { openShop, type Shop } from '../support/shop.ts';

const SORTS = ['price_asc', 'price_desc', 'name_asc', 'name_desc', 'updated_at_desc', 'rating_desc'];
const NAMES = [`O'Brien's "best" \\ butter`, 'Null', '{a,b}', '$1 $$ bargain', 'Plain butter'];
let shop: Shop;
let category: number;

beforeAll(async () => {
  shop = await openShop();
  category = await makeCategory(shop, { name: 'Dairy' });
  for (const name of NAMES) await makeProduct(shop, { name, categoryId: category });
});

const read = async (path: string, query: Record<string, string | number | boolean>) =>
  (await shop.request('GET', `/catalog/products${path}`, { query })).body;

describe('reads whose plans are kept', () => {
  it.each(NAMES)('take any text as a text: %s', async (name) => {
    const named = (found: { name: string }[]) => found.map((product) => product.name);
    expect(named((await read('/search', { q: name })).data)[0]).toBe(name);
    expect(named((await read('/autocomplete', { q: name })).data.items)).toContain(name);
  });

  it('answer the same however many kinds of lists a connection has seen', async () => {
    const total = async (query: Record<string, string | number | boolean>) => (await read('', query)).meta.total;
    for (let round = 0; round < 2; round++) {
      for (const sort of SORTS) {
        for (const limit of [1, 80]) {
          for (const filters of [{}, { on_sale: true }, { organic_only: true }]) {
            const isAll = Object.keys(filters).length === 0;
            expect(await total({ sort, limit, ...filters })).toBe(isAll ? NAMES.length : 0);
            expect(await total({ sort, limit, ...filters, category_id: category })).toBe(isAll ? NAMES.length : 0);
          }
        }
      }
    }
  });

  it('are kept for the last 64 queries of a connection', async () => {
    const [{ ran, kept }] = (await shop.sql<{ ran: number; kept: number }>(
      `with run as materialized (
         select count(read_planned(format('select to_json(%s)', n), '{}')::text)::int as ran from generate_series(1, 80) n
       )
       select ran, (select count(*) from pg_prepared_statements where name like 'read\\_%' and ran > 0)::int as kept from run`,
    )) as [{ ran: number; kept: number }];
    expect({ ran, kept }).toEqual({ ran: 80, kept: 64 });
  });

  it('are kept for fewer queries when these are long', async () => {
    const long = `select to_json(%s) /* ${'x'.repeat(9_950)} */`;
    const [{ kept }] = (await shop.sql<{ kept: number }>(
      `with run as materialized (
         select count(read_planned(format('${long}', n), '{}')::text)::int as ran from generate_series(1, 30) n
       )
       select (select count(*) from pg_prepared_statements where name like 'read\\_%' and ran > 0)::int as kept from run`,
    )) as [{ kept: number }];
    expect(kept).toBeLessThanOrEqual(13);
    expect(kept).toBeGreaterThan(8);
  });

  it('see a change of the tables that they read', async () => {
    await read(`/${1}`, {});
    await shop.sql(`update products set name = 'Renamed butter' where name = 'Plain butter'`);
    expect((await read('/search', { q: 'renamed' })).meta.total).toBe(1);
    expect((await read('/search', { q: 'plain' })).meta.total).toBe(0);
  });
});
