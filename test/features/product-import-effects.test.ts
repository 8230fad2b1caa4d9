import { beforeAll, describe, expect, inject, it } from 'vitest';
import { addToCart, confirm, delivery, newCustomer } from '../support/customer.ts';
import { onDatabase, runTransaction } from '../support/database.ts';
import { makeProduct, makeStock, signInAs } from '../support/factories.ts';
import { expectInvariants } from '../support/invariants.ts';
import { csv, importProducts, outcomes } from '../support/product-files.ts';
import { openShop, type Shop } from '../support/shop.ts';
import { type StandardShop, standardShop } from '../support/standard-shop.ts';

let shop: Shop;
let goods: StandardShop;
let manager: string;
beforeAll(async () => {
  shop = await openShop({ env: { PUBLIC_CACHE: 'on' } });
  goods = await standardShop(shop);
  manager = (await signInAs(shop, 'MANAGER')).token;
});

const HEADER = ['sku', 'name', 'price', 'category_id'];
const milk = () => goods.categories.Milk;
const upload = async (file: string, query = '') => outcomes(await importProducts(shop, manager, file, query));

describe('a dry run', () => {
  const file = () =>
    csv(
      [...HEADER, 'brand', 'barcode'],
      ['DRY-1', 'Dry bread', '4.50', milk(), 'Driest', '7290004131074'],
      ['DRY-2', 'x', '4.50', milk(), '', ''],
      ['MILK-1', 'Milk one', '1', milk(), 'Drier', ''],
      ['DRY-3', 'Dry toast', '1', milk(), '', '7290004131074'],
    );
  const everything = async () => {
    const tables = await shop.sql<{ name: string }>(
      `select relname as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace
         and relname not in ('users', 'sessions') order by 1`,
    );
    const sums = tables.map(
      ({ name }) =>
        `select '${name}' as part, md5(coalesce(string_agg(t::text, '' order by t::text), '')) as sum from ${name} t`,
    );
    return [
      await shop.sql(`${sums.join(' union all ')} order by 1`),
      await shop.sql('select sequencename, last_value from pg_sequences order by 1'),
    ];
  };

  it('leaves nothing behind: no row, no number taken from a sequence', async () => {
    const before = await everything();
    const dry = await upload(file(), '?dry_run=true');
    expect(dry).toMatchObject({ 2: 'created', 4: 'updated' });
    expect(await everything()).toEqual(before);
    expect(await upload(file())).toEqual(dry);
  });

  it('empties no cache', async () => {
    const trips = async () => (await shop.request('GET', '/catalog/products')).trips;
    await trips();
    expect(await trips()).toBe(0);
    const change = csv(HEADER, ['MILK-3', 'Milk', '7', milk()]);
    await upload(change, '?dry_run=true');
    expect(await trips()).toBe(0);
    await upload(change);
    expect(await trips()).toBe(1);
  });

  it('waits for nobody', async () => {
    const owner = onDatabase(inject('ownerUrl'), shop.database);
    const locked = runTransaction(owner, [
      `select from products where sku = 'MILK-OAT' for update`,
      `select pg_advisory_xact_lock(31)`,
      `select pg_sleep(0.5)`,
    ]);
    const held = `select exists (select from pg_locks where locktype = 'advisory' and objid = 31
      and database = (select oid from pg_database where datname = current_database())) as held`;
    while (!(await shop.sql<{ held: boolean }>(held))[0]?.held);
    await upload(csv(HEADER, ['MILK-OAT', 'Oats', '7', milk()]), '?dry_run=true');
    expect((await shop.sql<{ held: boolean }>(held))[0]?.held).toBe(true);
    await locked;
  });
});

describe('a file and a scheduled price', () => {
  const HOUR = 3_600_000;
  const inHours = (hours: number) => new Date(Date.now() + hours * HOUR).toISOString();
  async function scheduled(productId: number) {
    const body = { product_id: productId, price: '8.00', starts_at: inHours(1), ends_at: inHours(2) };
    const { status, text, body: made } = await shop.request('POST', '/admin/prices', { token: manager, body });
    if (status !== 201) throw new Error(text);
    return made.data.id as number;
  }
  const begins = (id: number) => shop.sql('update scheduled_prices set starts_at = now() where id = $1', [id]);
  const ends = (id: number) =>
    shop.sql(`update scheduled_prices set starts_at = now() - interval '1 hour', ends_at = now() where id = $1`, [id]);
  const shown = async (id: number) =>
    (await shop.request('GET', `/admin/products?q=PRICED-${id}`, { token: manager })).body.data[0].price;
  async function priced(): Promise<[id: number, file: (price: string) => string]> {
    const id = await makeProduct(shop, { price: '10.00', categoryId: milk() });
    await shop.sql('update products set sku = $1 where id = $2', [`PRICED-${id}`, id]);
    return [id, (price) => csv(HEADER, [`PRICED-${id}`, 'Priced', price, milk()])];
  }

  it('that runs: the price of the file holds at once, and after its end', async () => {
    const [id, file] = await priced();
    const price = await scheduled(id);
    await begins(price);
    expect(await shown(id)).toBe('8.00');
    await upload(file('9'));
    expect(await shown(id)).toBe('9.00');
    await ends(price);
    expect(await shown(id)).toBe('9.00');
  });

  it('that is due: it comes first, whoever asks first', async () => {
    const [id, file] = await priced();
    const price = await scheduled(id);
    await begins(price);
    await upload(file('8'));
    expect(await shown(id)).toBe('8.00');
    await ends(price);
    expect(await shown(id)).toBe('10.00');
  });

  it('whose end is due: the price of the file holds, though it is the one that ended', async () => {
    const [id, file] = await priced();
    const price = await scheduled(id);
    await begins(price);
    expect(await shown(id)).toBe('8.00');
    await ends(price);
    expect(await upload(file('8'))).toEqual({ 2: 'updated' });
    expect(await shown(id)).toBe('8.00');
  });
});

describe('a long file', () => {
  const rows = (price: string) => Array.from({ length: 2_600 }, (_, n) => [`LONG-${n}`, `Long ${n}`, price, milk()]);

  it('is applied in portions; of rows for one product the first lands, wherever the others are', async () => {
    const file = csv(HEADER, ...rows('1'), ['long-0', 'Again', '3', milk()]);
    const answer = await importProducts(shop, manager, file);
    expect([answer.status, answer.trips, answer.body.data.success]).toEqual([202, 2, 2_600]);
    expect(answer.body.data.error_details).toMatchObject([
      { row_number: 2_602, error: 'sku: row 2 is for the same product already.' },
    ]);
    expect(new Set(Object.values(await upload(csv(HEADER, ...rows('1')))))).toEqual(new Set(['unchanged']));
  });

  it('whose caller loses access half way is finished by the next one, and what has landed is seen', async () => {
    const trips = async () => (await shop.request('GET', '/catalog/products')).trips;
    await trips();
    await shop.sql(`
      create function revoked() returns trigger language plpgsql as
        $$ begin raise exception using errcode = 'MS401', message = 'AUTH_REQUIRED'; end $$;`);
    await shop.sql(
      `create trigger revoked before update on products for each row when (new.sku = 'LONG-2599') execute function revoked()`,
    );
    const { status } = await importProducts(shop, manager, csv(HEADER, ...rows('2')));
    expect([status, await trips()]).toEqual([401, 1]);
    await shop.sql('drop function revoked cascade');
    const again = Object.values(await upload(csv(HEADER, ...rows('2'))));
    expect(again.filter((action) => action === 'updated').length).toBe(100);
    expect(again.filter((action) => action === 'unchanged').length).toBe(2_500);
  });
});

describe('imports at the same time', () => {
  it('as customers buy: no request fails, and no stock is lost', async () => {
    const customers = await Promise.all(Array.from({ length: 4 }, () => newCustomer(shop)));
    const products = await Promise.all(
      Array.from({ length: 12 }, async (_, n) => {
        const id = await makeProduct(shop, { categoryId: milk() });
        // One or two: each purchase sells something out, which moves the counts of the lists as the import does.
        await makeStock(shop, { productId: id, branchId: goods.warehouseId, onHand: 1 + (n % 2) });
        return { id, sku: (await shop.sql<{ sku: string }>('select sku from products where id = $1', [id]))[0]!.sku };
      }),
    );
    const slotId = goods.slots.find(({ branch_id }) => branch_id === goods.warehouseId)!.id;
    const buy = async (customer: (typeof customers)[number], n: number) => {
      const wanted = products.slice(n * 3, n * 3 + 3);
      const answers = [];
      for (const { id } of n % 2 ? wanted : wanted.reverse()) answers.push(await addToCart(shop, customer, id));
      answers.push(await confirm(shop, customer, delivery(answers.at(-1)!.body.data.id, slotId)));
      return answers.map(({ status }) => status);
    };
    const file = (round: number, reversed: boolean) => {
      const rows = [
        ...products.map(({ sku }) => [
          sku,
          `Renamed ${round}`,
          `${5 + round}.00`,
          goods.categories.Bakery,
          `Brand ${round}`,
        ]),
        ...Array.from({ length: 20 }, (_, n) => [
          `RACE-${round % 2}-${n}`,
          `Raced ${n}`,
          `${n + 1}`,
          milk(),
          `Brand ${n}`,
        ]),
      ];
      return csv([...HEADER, 'brand'], ...(reversed ? rows.reverse() : rows));
    };
    const imported = async (reversed: boolean) => {
      const statuses: number[] = [];
      for (let round = 0; round < 5; round++) {
        statuses.push((await importProducts(shop, manager, file(round, reversed))).status);
      }
      return statuses;
    };
    const [bought, ...files] = await Promise.all([Promise.all(customers.map(buy)), imported(false), imported(true)]);
    expect(bought).toEqual(customers.map(() => [201, 201, 201, 201]));
    expect(files).toEqual([Array(5).fill(202), Array(5).fill(202)]);
    await expectInvariants(shop);
    const [{ same }] = (await shop.sql(
      `select not exists (
         select scope, category_id, price_band, sum(products) from product_counts group by 1, 2, 3 having sum(products) <> 0
         except
         select scope, category_id, price_band, count(*) from product_search, unnest(scopes) scope group by 1, 2, 3) as same`,
    )) as [any];
    expect(same).toBe(true);
  });

  it('of new products in opposite orders: each product is made once', async () => {
    const rows = Array.from({ length: 300 }, (_, n) => [`BOTH-${n}`, `Both ${n}`, '1', milk()]);
    const [one, two] = await Promise.all([
      importProducts(shop, manager, csv(HEADER, ...rows)),
      importProducts(shop, manager, csv(HEADER, ...rows.toReversed())),
    ]);
    for (const { status } of [one, two]) expect(status).toBe(202);
    const [{ made }] = (await shop.sql(`select count(*)::int as made from products where sku like 'BOTH-%'`)) as [any];
    expect(made).toBe(300);
  });
});
