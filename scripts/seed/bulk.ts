import { hash } from '@node-rs/bcrypt';
import pg from 'pg';
import { switchAuditTriggers } from './audit.ts';
import { departments } from './catalogue/index.ts';
import { labelsOf } from './catalogue/labels.ts';
import { advanceSequences, insertRows, type Row, refuseUsedDatabase } from './insert.ts';
import { insertCategories } from './products.ts';

export interface BulkOptions {
  products: number;
  branches?: number;
  /** `bench-1@mami.local` … with an address, a card and a filled cart each. */
  customers?: number;
  linesPerCart?: number;
}

const STAFF = ['ADMIN', 'MANAGER', 'EMPLOYEE'];
const VARIANTS = ['', 'Classic', 'Family Pack', 'Select', 'Light', 'Extra', 'Home Style', 'Gold', 'Mini', 'Twin Pack'];
const SYLLABLES = [
  'ka',
  'lu',
  'mi',
  'ro',
  'ze',
  'tan',
  'ver',
  'dol',
  'shi',
  'gal',
  'nor',
  'be',
  'pri',
  'sa',
  'tev',
  'ol',
];

/**
 * Fills an empty, migrated database with generated products, stock in every branch, and customers with filled carts:
 * what a benchmark needs. The names combine the words of the real catalogue with invented brands, so that a search
 * finds about as large a part of the products as it would in a shop. No audit is written of it.
 */
export async function seedProducts(connectionString: string, options: BulkOptions): Promise<void> {
  if (process.env.APP_ENV === 'production') throw new Error('The bulk seed does not run with APP_ENV=production.');
  const { products, branches = 5, customers = 16, linesPerCart = 10 } = options;
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await client.query('begin');
    await refuseUsedDatabase(client);
    await switchAuditTriggers(client, 'disable');
    await insertBranches(client, branches);
    await switchListing(client, 'disable');
    await insertProducts(client, products);
    await insertStock(client);
    await switchListing(client, 'enable');
    await client.query('select list_products(array(select id from products), true)');
    await insertAccounts(client, customers);
    await insertCarts(client, linesPerCart);
    await switchAuditTriggers(client, 'enable');
    await advanceSequences(client);
    await client.query('commit');
    await client.query('vacuum analyze');
  } catch (error) {
    await client.query('rollback').catch(() => {});
    throw error;
  } finally {
    await client.end();
  }
}

/** What lists and searches look at is made once at the end, not once for the products and again for their stock. */
async function switchListing(client: pg.Client, state: 'enable' | 'disable'): Promise<void> {
  await client.query(`alter table products ${state} trigger products_inserted`);
  await client.query(`alter table inventory ${state} trigger shelves_inserted`);
}

async function insertBranches(client: pg.Client, count: number): Promise<void> {
  await client.query(
    `insert into branches (id, name, address)
     select n, case n when 1 then 'Warehouse' else 'Branch ' || n end, 'Road ' || n || ', Tel Aviv'
     from generate_series(1, $1::integer) n`,
    [count],
  );
  await client.query(
    `insert into delivery_slots (branch_id, day_of_week, start_time, end_time, capacity)
     select b.id, day, make_time(hour, 0, 0), make_time(hour + 2, 0, 0), 100000
     from branches b, generate_series(0, 6) day, generate_series(6, 20, 2) hour`,
  );
}

async function insertProducts(client: pg.Client, count: number): Promise<void> {
  const leafIds = await insertCategories(client, {});
  const leaves = departments.flatMap((department) => department.leaves);
  const bases = leaves.flatMap((leaf) =>
    leaf.products.map(
      (product): Row => ({ ...product, ...labelsOf(leaf, product), categoryId: leafIds.get(leaf.name) }),
    ),
  );
  const brands = SYLLABLES.flatMap((first) =>
    SYLLABLES.map((second) => first[0]?.toUpperCase() + first.slice(1) + second),
  );
  await client.query(
    `insert into products (id, name, sku, price, old_price, unit, nutritional_info, is_organic, bin_location, image_url,
                           description, category_id, brand, allergens, may_contain, dietary, barcode, translations, updated_at)
     select n, concat_ws(' ', brand, base ->> 'name', nullif(variant, '')), 'BULK-' || lpad(n::text, 7, '0'), price,
       case when n % 9 = 0 then round(price * 1.2, 2) end, base ->> 'unit', base -> 'nutrition',
       (base ->> 'isOrganic')::boolean, base ->> 'binLocation', base ->> 'imageUrl', base ->> 'description',
       (base ->> 'categoryId')::integer, brand, array(select jsonb_array_elements_text(base -> 'allergens')),
       array(select jsonb_array_elements_text(base -> 'mayContain')), array(select jsonb_array_elements_text(base -> 'dietary')),
       body || (10 - (
         select sum(digit::integer * case when place % 2 = 0 then 3 else 1 end) from string_to_table(body, null) with ordinality d (digit, place)
       ) % 10) % 10,
       jsonb_build_object('he', jsonb_build_object('name', base #> '{translations,he,name}')), now() - make_interval(secs => (n::bigint * 7919 % 5000000)::integer)
     from generate_series(1, $4::integer) n
     cross join lateral (
       select $1::jsonb -> (n % jsonb_array_length($1::jsonb)) as base,
         ($2::text[])[1 + (n::bigint * 7919 / 613) % array_length($2::text[], 1)] as brand,
         ($3::text[])[1 + (n::bigint * 104729 / 97) % array_length($3::text[], 1)] as variant,
         '729' || lpad(n::text, 9, '0') as body
     ) words
     cross join lateral (
       select round((base ->> 'price')::numeric * (0.7 + (n::bigint * 37 % 90) / 100.0), 2) as price
     ) prices`,
    [JSON.stringify(bases), brands, VARIANTS, count],
  );
}

/** About one shelf in 25 is empty, some are low. */
async function insertStock(client: pg.Client): Promise<void> {
  await client.query(`
    insert into inventory (product_id, branch_id, on_hand, reorder_point)
    select p.id, b.id, case when mix % 25 = 0 then 0 else mix % 900 end, 20
    from products p cross join branches b
    cross join lateral (select (p.id::bigint * 7919 + b.id * 104729) % 9973 as mix) mixed
    order by p.id, b.id`);
}

async function insertAccounts(client: pg.Client, customers: number): Promise<void> {
  const passwordHash = await hash('Password1', 10);
  const account = (email: string, fullName: string, role: string) => ({ email, full_name: fullName, role });
  const rows = [
    ...STAFF.map((role) => account(`${role.toLowerCase()}@mami.local`, `Bench ${role.toLowerCase()}`, role)),
    ...Array.from({ length: customers }, (_, n) => account(`bench-${n + 1}@mami.local`, 'Bench Customer', 'CUSTOMER')),
  ];
  const since = new Date().toISOString();
  const stamps = { password_changed_at: since, created_at: since, updated_at: since };
  await insertRows(
    client,
    'users',
    rows.map((row, index) => ({
      id: index + 1,
      ...row,
      password_hash: passwordHash,
      is_active: true,
      membership_tier: 'STANDARD',
      ...stamps,
    })),
  );
  await client.query(`
    insert into addresses (user_id, address_line, city, postal_code, country, is_default)
    select id, 'Dizengoff ' || id, 'Tel Aviv', '6433222', 'Israel', true from users where role = 'CUSTOMER'`);
  await client.query(`
    insert into payment_tokens (user_id, provider, provider_token, brand, last4, exp_month, exp_year, is_default)
    select id, 'mockpay', 'tok_approve_bench_' || id, 'visa', '4242', 12, 2031, true from users where role = 'CUSTOMER'`);
}

/** Every cart has lines of its own, of which the warehouse has plenty. */
async function insertCarts(client: pg.Client, lines: number): Promise<void> {
  await client.query(`insert into carts (user_id) select id from users where role = 'CUSTOMER' order by id`);
  await client.query(
    `insert into cart_items (cart_id, product_id, quantity)
     select c.id, stocked.product_id, 1 + stocked.place % 3
     from carts c
     join (select product_id, (row_number() over (order by product_id))::integer as place
           from inventory where branch_id = 1 and on_hand > 100 order by product_id limit 100000) stocked
       on (stocked.place - 1) / $1::integer = c.id - 1`,
    [lines],
  );
}
