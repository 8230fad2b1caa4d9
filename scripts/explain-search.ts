import { PgDialect } from 'drizzle-orm/pg-core';
import pg from 'pg';
import type { Statement } from '../src/db/statement.ts';
import { autocomplete } from '../src/features/catalog/autocomplete.ts';
import { categoryTree } from '../src/features/catalog/categories.ts';
import { featured } from '../src/features/catalog/featured.ts';
import { listProducts } from '../src/features/catalog/listing.ts';
import { productById } from '../src/features/catalog/product.ts';
import type { Sort } from '../src/features/catalog/schemas.ts';
import type { Call } from '../src/http/context.ts';
import { makeMigrated } from './migrate.ts';
import { startPostgres } from './postgres.ts';
import { seedProducts } from './seed/bulk.ts';

/** Measures the database time of each catalogue read, with few and with many products; `--plans` prints the plans. */
const SIZES = [1_000, 100_000];
const RUNS = 5;

const WORDS = 'milk,bread,cheese,chocolate,olive oil,tomato,chicken breast,organic,milk 3%,coffee,חלב,יוגורט'.split(
  ',',
);
const MISTYPED = 'mlik,chesee,choclate,tomatto,chikcen,cofee,organc,yogurd,buter,bannana,olvie oil,mlik 3%'.split(',');
const BEGUN = 'm,mi,mil,milk,c,ch,cho,choc,b,br,bre,ח,חל,or,org'.split(',');

const list = (filters: object) => (call: Call) =>
  listProducts(call, { limit: 20, offset: 0, ...filters } as Parameters<typeof listProducts>[1]);

const facets = (filters: object) => list({ facets: true, ...filters });

const sorted = (filters: object) =>
  (['updated_at_desc', 'price_asc', 'price_desc', 'name_asc', 'name_desc', 'rating_desc'] satisfies Sort[]).map(
    (sort) => list({ ...filters, sort }),
  );

const READS: Record<string, readonly ((call: Call) => Promise<unknown>)[]> = {
  'page of all products': sorted({}),
  'page of all products, at a branch': sorted({ branch_id: 2 }),
  'page 40': [list({ offset: 780 })],
  'last page': [list({ offset: 980 }), list({ offset: 99_980 })],
  'category (leaf)': sorted({ category_id: 2 }),
  'category (department)': sorted({ category_id: 1 }),
  'on sale': sorted({ on_sale: true }),
  organic: sorted({ organic_only: true }),
  'price range': sorted({ min_price: '10', max_price: '25' }),
  'in stock': sorted({ in_stock: true }),
  'in stock at a branch': sorted({ in_stock: true, branch_id: 3 }),
  'every filter': sorted({
    category_id: 1,
    branch_id: 2,
    in_stock: true,
    on_sale: true,
    min_price: '5',
    max_price: '50.50',
  }),
  'nothing found by filters': sorted({ min_price: '9000' }),
  'word search': WORDS.map((q) => list({ q })),
  'word search, by price': WORDS.map((q) => list({ q, sort: 'price_asc' })),
  'word search, filtered': WORDS.map((q) => list({ q, in_stock: true, branch_id: 2, max_price: '30' })),
  'word search with a typing error': MISTYPED.map((q) => list({ q })),
  'facets of all products': [{}, { in_stock: true }, { in_stock: true, branch_id: 3 }].map(facets),
  'facets, filtered': [
    { category_id: 1 },
    { category_id: 2, in_stock: true },
    { max_price: '25' },
    { min_price: '10', max_price: '50', in_stock: true },
    { dietary: ['vegan'] },
    { without_allergens: ['nuts', 'peanuts'] },
    { without_allergens: ['gluten'], dietary: ['vegetarian'], in_stock: true, branch_id: 2 },
    { brand: 'Kaka' },
    { brand: 'Kaka', category_id: 1, max_price: '30' },
    { category_id: 1, dietary: ['kosher-dairy'], max_price: '30', in_stock: true },
  ].map(facets),
  'facets of a price range, label, in stock': [
    facets({ dietary: ['vegan'], min_price: '5', max_price: '60', in_stock: true }),
  ],
  'facets of half the prices, label': [
    facets({ dietary: ['vegan'], min_price: '9', max_price: '20', in_stock: true }),
    facets({ without_allergens: ['milk'], min_price: '12', max_price: '100', in_stock: true, branch_id: 2 }),
  ],
  'facets, filtered, in Hebrew': [
    (call) =>
      listProducts({ ...call, language: 'he' }, {
        limit: 20,
        offset: 0,
        facets: true,
        category_id: 1,
        dietary: ['vegetarian'],
      } as Parameters<typeof listProducts>[1]),
  ],
  'facets of a word search': WORDS.map((q) => facets({ q })),
  'search for a sign': ['%', "'; --"].map((q) => list({ q })),
  'search for a sign, facets': ['%', "'; --"].map((q) => facets({ q })),
  autocomplete: BEGUN.map((q) => (call: Call) => autocomplete(call, { q, limit: 10 })),
  'autocomplete with a typing error': MISTYPED.map((q) => (call: Call) => autocomplete(call, { q, limit: 10 })),
  featured: [undefined, 2].map((branch_id) => (call: Call) => featured(call, { limit: 10, branch_id })),
  'one product': [(call) => productById(call, 7, 2)],
  'category tree': [categoryTree],
};

const dialect = new PgDialect();

/** A call with only a database connection; sums up the time spent in it. */
function callOn(client: pg.Client, clock: { ms: number }): Call {
  const run = async (statement: Statement): Promise<unknown[]> => {
    const { sql, params } = dialect.sqlToQuery(statement.sql);
    const started = performance.now();
    const { rows } = await client.query(sql, params);
    clock.ms += performance.now() - started;
    if (plans) await explain(client, sql, params);
    return rows;
  };
  const batch = async (statements: readonly Statement[]) => {
    const results: unknown[][] = [];
    for (const statement of statements) results.push(await run(statement));
    return results;
  };
  return { batch, database: { single: run }, changesAfter: () => {} } as unknown as Call;
}

async function explain(client: pg.Client, sql: string, params: unknown[]): Promise<void> {
  const show = (of: unknown, { rows }: pg.QueryResult) =>
    console.log(`\n${JSON.stringify(of)}\n${rows.map((row) => `    ${row['QUERY PLAN']}`).join('\n')}`);
  show(params, await client.query(`explain (analyze, buffers) ${sql}`, params));
  // Inside of it there may be a query whose plan is kept.
  const kept = params.findIndex((param) => String(param).startsWith('select row_to_json(answer)'));
  if (kept < 0) return;
  const [{ name, values }] = (
    await client.query(
      `select 'read_' || to_hex(hashtextextended($1, 0)) as name,
        (select '(' || string_agg(quote_nullable(value), ', ') || ')' from unnest($2::text[]) value) as values`,
      params.slice(kept, kept + 2),
    )
  ).rows as [{ name: string; values: string | null }];
  await client.query('set plan_cache_mode = force_generic_plan');
  show(values, await client.query(`explain (analyze, buffers) execute ${name}${values ?? ''}`));
  await client.query('reset plan_cache_mode');
}

/** A fixed amount of work, so that figures of two machines can be compared. */
async function calibrate(client: pg.Client): Promise<string> {
  const times: number[] = [];
  for (let run = 0; run < 9; run++) {
    const started = performance.now();
    await client.query('select count(*) from generate_series(1, 100000)');
    times.push(performance.now() - started);
  }
  return `counting to 100,000 takes ${Math.min(...times).toFixed(1)} ms here, ${times.toSorted((a, b) => a - b)[4]?.toFixed(1)} at the median`;
}

async function measure(client: pg.Client, reads: readonly ((call: Call) => Promise<unknown>)[]) {
  const times: number[] = [];
  for (let run = plans ? RUNS : 0; run <= RUNS; run++) {
    for (const read of reads) {
      const clock = { ms: 0 };
      await read(callOn(client, clock));
      if (run > 0) times.push(clock.ms);
    }
  }
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  return { median: at(0.5), p95: at(0.95) };
}

const plans = process.argv.includes('--plans');
const only = process.argv.find((argument) => argument.startsWith('--only='))?.slice('--only='.length);
/** Prefilled databases, one per size, separated by commas; they are kept. */
const given = process.env.EXPLAIN_DATABASE_URLS?.split(',');
const postgres = given ? undefined : await startPostgres();

async function filled(products: number): Promise<string> {
  const url = await makeMigrated(postgres?.connectionString ?? '', `products_${products}`);
  console.log(`Filling a throw-away database with ${products} products …`);
  await seedProducts(url, { products, customers: 2 });
  return url;
}

const clients: pg.Client[] = [];
try {
  for (const [index, size] of SIZES.entries()) {
    const client = new pg.Client({ connectionString: given?.[index] ?? (await filled(size)) });
    await client.connect();
    clients.push(client);
  }
  for (const client of clients.slice(0, 1)) console.log(await calibrate(client));
  console.log(`${'milliseconds'.padEnd(36)}${SIZES.map((size) => `${size} products`.padStart(26)).join('')}`);
  console.log(`${''.padEnd(36)}${SIZES.map(() => `${'median'.padStart(16)}${'p95'.padStart(10)}`).join('')}`);
  for (const [name, reads] of Object.entries(READS)) {
    if (only && !name.includes(only)) continue;
    const cells: string[] = [];
    for (const client of plans ? clients.slice(-1) : clients) {
      const { median, p95 } = await measure(client, reads);
      cells.push(median.toFixed(1).padStart(16) + p95.toFixed(1).padStart(10));
    }
    console.log(name.padEnd(36) + cells.join(''));
  }
} finally {
  for (const client of clients) await client.end();
  await postgres?.stop();
}
