import { beforeAll, describe, expect, it } from 'vitest';
import { CONSTRAINT_ERRORS } from '../src/db/constraints.ts';
import { isErrorCode } from '../src/errors.ts';
import { openShop, type Shop } from './support/shop.ts';

const sources = named(import.meta.glob<string>('../src/**/*.ts', { query: '?raw', import: 'default', eager: true }));
const scripts = named(
  import.meta.glob<string>('../scripts/**/*.ts', { query: '?raw', import: 'default', eager: true }),
);
const rules = named(import.meta.glob<string>('./rules/*.ts', { query: '?raw', import: 'default', eager: true }));
const functions = named(
  import.meta.glob<string>('../src/**/sql/**/*.sql', { query: '?raw', import: 'default', eager: true }),
);

interface Source {
  path: string;
  text: string;
}

function named(files: Record<string, string>): Source[] {
  return Object.entries(files).map(([path, text]) => ({ path: path.replace(/^\.\.?\//, ''), text }));
}

/** What a file takes values from; types cost nothing and bind to nothing. */
function importsOf({ path, text }: Source): string[] {
  const statements = text.matchAll(/^(?:import|export) (?!type )[^;]*?from '(.+?)';/gms);
  return [...statements].map(([, from = '']) => (from.startsWith('.') ? resolve(path, from) : from));
}

const resolve = (from: string, to: string): string => new URL(to, `file:///${from}`).pathname.slice(1);

const within = (folder: string) => sources.filter(({ path }) => path.startsWith(folder));

/** Files of these that import any of those. */
const importing = (files: Source[], ...those: string[]): string[] =>
  files.flatMap((file) =>
    importsOf(file)
      .filter((from) => those.some((one) => from === one || from.startsWith(one.endsWith('/') ? one : `${one}/`)))
      .map((from) => `${file.path} imports ${from}`),
  );

const withoutComments = (text: string): string => text.replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');

const matching = (files: Source[], pattern: RegExp): string[] =>
  files.filter(({ text }) => pattern.test(withoutComments(text))).map(({ path }) => path);

/** The second argument of each call of `guard` in SQL. */
function guardCodes({ path, text }: Source): { path: string; code: string }[] {
  return [...text.matchAll(/perform guard\(([\s\S]*?)\);/g)].map(([, list = '']) => {
    let depth = 0;
    const marked = [...list].map((letter) => {
      depth += letter === '(' ? 1 : letter === ')' ? -1 : 0;
      return letter === ',' && depth === 0 ? '\n;' : letter;
    });
    return { path, code: marked.join('').split('\n;')[1]?.trim().replaceAll("'", '') ?? '' };
  });
}

describe('where code lives', () => {
  it('finds the sources', () => {
    expect(sources.length).toBeGreaterThan(100);
    expect(importsOf(sources.find(({ path }) => path === 'src/app.ts')!)).toContain('src/http/mount.ts');
  });

  it('routes only declare: no SQL, no database', () => {
    const routes = sources.filter(({ path }) => /features\/(?!health).*\/routes\.ts$/.test(path));
    expect(importing(routes, 'drizzle-orm', '@neondatabase/serverless', 'src/db/')).toEqual([]);
  });

  it('rules know only values', () => {
    const tested = new Set(rules.flatMap((file) => importsOf({ ...file, path: `test/${file.path}` })));
    const pure = within('src/features/').filter(({ path }) => tested.has(path));
    expect(pure.length).toBeGreaterThan(4);
    expect(importing(pure, 'hono', 'drizzle-orm', 'src/http/')).toEqual([]);
    expect(importing(pure, 'src/db/').filter((found) => !found.includes('src/db/schema/'))).toEqual([]);
  });

  it('HTTP knows no groceries, the database neither groceries nor HTTP', () => {
    expect(importing(within('src/http/'), 'src/features/')).toEqual([]);
    expect(importing(within('src/db/'), 'src/http/', 'hono')).toEqual([]);
    // The CHECKs of an order's status derive from the one table of statuses.
    expect(importing(within('src/db/'), 'src/features/')).toEqual([
      'src/db/schema/orders.ts imports src/features/orders/statuses.ts',
    ]);
  });

  it('configuration and Durable Objects take nothing from HTTP, not even a type', () => {
    const files = [...within('src/config.ts'), ...within('src/durable-objects/'), ...within('src/rate-limits/')];
    expect(files.length).toBeGreaterThan(4);
    expect(matching(files, /from '[^']*\/http\/[^']*'/)).toEqual([]);
    expect(importing(files, 'src/features/', 'hono')).toEqual([]);
  });

  it('features do not reach into the routes of others', () => {
    const routes = sources.filter(({ path }) => path.endsWith('/routes.ts')).map(({ path }) => path);
    expect(importing(within('src/features/'), ...routes)).toEqual([]);
  });

  it('the door is mounted in one place, and declared in routes', () => {
    const calls = /\b(app|router)\s*\.\s*(on|get|post|put|patch|delete|all)\(/;
    expect(matching(sources, calls)).toEqual(['src/http/mount.ts']);
    expect(matching(sources, /new Hono\b/)).toEqual(['src/app.ts', 'src/features/health/routes.ts']);
    expect(matching(sources, /\b(public|protected)Route\(/).filter((path) => !path.endsWith('/routes.ts'))).toEqual([]);
  });

  it('the entry does nothing but pass on', () => {
    const [entry] = sources.filter(({ path }) => path === 'src/index.ts');
    expect(entry!.text.split('\n').length).toBeLessThan(40);
  });

  it('what is only for documentation stays out of the Worker', () => {
    expect(importing(sources, '@hono/zod-openapi', '@asteasolutions/zod-to-openapi', 'scripts/', 'test/')).toEqual([]);
  });

  it('only the log and the jobs write to the console', () => {
    const writers = matching(sources, /\bconsole\./).filter(
      (path) => !/^src\/(log|http\/log|jobs\/.+)\.ts$/.test(path),
    );
    expect(writers).toEqual([]);
  });

  it('files stay short', () => {
    const lines = ({ text }: Source) => text.split('\n').length;
    const written = [...sources, ...scripts].filter(({ text }) => !text.startsWith('// Generated by'));
    const long = written.filter((file) => lines(file) > 300).map(({ path }) => path);
    expect(long).toEqual([]);
  });

  it('names say what is in a file', () => {
    const vague = [...sources, ...scripts].filter(({ path }) =>
      /\b(utils?|helpers?|misc|common|manager)\b/i.test(path),
    );
    expect(vague).toEqual([]);
  });
});

describe('names are answers', () => {
  const inCode = new Map(sources.map(({ path, text }) => [path, new Set(text.match(/(?<=')[A-Z][A-Z_]+(?=')/g))]));
  const table = sources.find(({ path }) => path === 'src/errors.ts')!;
  const codes = [...table.text.matchAll(/^ {2}([A-Z_]+): \[\d{3},/gm)].map(([, code = '']) => code);
  const guarded = functions.flatMap(guardCodes);

  it('every code is thrown somewhere', () => {
    const used = new Set(guarded.map(({ code }) => code));
    for (const [path, found] of inCode) if (path !== 'src/errors.ts') for (const code of found) used.add(code);
    const nearby = new Set(table.text.match(/(?<=AppError\(')[A-Z_]+/g));
    expect(codes.filter((code) => !used.has(code) && !nearby.has(code))).toEqual([]);
  });

  it('every code that the database raises is in the table', () => {
    expect(guarded).not.toEqual([]);
    expect(guarded.filter(({ code }) => !isErrorCode(code))).toEqual([]);
  });

  it('every code that is thrown is declared by a route, or common', () => {
    // The last one no caller can bring about.
    const common =
      /AUTH_REQUIRED|TOKEN_EXPIRED|AUTHORIZATION_ERROR|TOTP_SETUP_REQUIRED|METHOD_NOT_ALLOWED|VALIDATION_ERROR|PAYLOAD_TOO_LARGE|UNSUPPORTED_MEDIA_TYPE|RATE_LIMITED|INTERNAL_ERROR|SERVICE_UNAVAILABLE|CONFLICT/;
    const declared = new Set(
      [...inCode].filter(([path]) => path.endsWith('/routes.ts')).flatMap(([, found]) => [...found]),
    );
    expect(codes.filter((code) => !common.test(code) && !declared.has(code))).toEqual([]);
  });
});

/** Whatever passes (carts, holds, sessions, keys, mail), what is itself a record, and what is worked out from other tables. */
const UNSIGNED = [
  'amended_receipts',
  'audit_log',
  'batch_orders',
  'brand_counts',
  'brand_price_counts',
  'brands',
  'cart_items',
  'carts',
  'category_counts',
  'credit_accounts',
  'credit_notes',
  'daily_sales',
  'event_cursors',
  'events',
  'hold_lines',
  'idempotency_keys',
  'job_runs',
  'login_throttles',
  'monthly_sales',
  'notifications',
  'order_events',
  'outbox',
  'password_resets',
  'payment_events',
  'pick_operations',
  'product_counts',
  'product_facets',
  'product_search',
  'provider_customers',
  'receipt_counters',
  'receipts',
  'registration_codes',
  'revenue_quarters',
  'search_lexemes',
  'search_state',
  'search_variants',
  'sessions',
  'shopping_list_items',
  'shopping_lists',
  'slot_holds',
  'stock_movements',
  'totp_recovery_codes',
  'totp_secrets',
  'webhook_deliveries',
  'wishlist_items',
];

describe('the database', () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await openShop();
  });

  it('has every constraint that the table of refusals names', async () => {
    const known = await shop.sql<{ name: string }>(
      `select conname as name from pg_constraint union select indexrelid::regclass::text from pg_index where indisunique`,
    );
    const names = new Set(known.map(({ name }) => name));
    const raised = functions.map(({ text }) => text).join('\n');
    const absent = Object.keys(CONSTRAINT_ERRORS).filter(
      (name) => !names.has(name) && !raised.includes(`constraint = '${name}'`),
    );
    expect(absent).toEqual([]);
  });

  it('finds by index what points to a row that can be deleted', async () => {
    const unindexed = await shop.sql(
      `select c.conrelid::regclass::text as table, c.conname as name from pg_constraint c
       where c.contype = 'f' and c.connamespace = 'public'::regnamespace
       and has_table_privilege('mami_app', c.confrelid, 'delete') and not exists (
         select from pg_index i where i.indrelid = c.conrelid
         and (i.indkey::int2[])[0:cardinality(c.conkey) - 1] @> c.conkey
         and (i.indkey::int2[])[0:cardinality(c.conkey) - 1] <@ c.conkey)
       order by 1, 2`,
    );
    expect(unindexed).toEqual([]);
  });

  it('signs every change of what is of business', async () => {
    const unsigned = await shop.sql<{ name: string }>(
      `select c.relname as name from pg_class c
       where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace and not exists (
         select from pg_trigger t where t.tgrelid = c.oid and t.tgname like 'audit%')
       order by 1`,
    );
    expect(unsigned.map(({ name }) => name)).toEqual(UNSIGNED);
  });

  it('compares every column of what is of business, noise and secrets aside', async () => {
    const uncompared = await shop.sql(
      `select c.relname as table, a.attname as column
       from pg_trigger t join pg_class c on c.oid = t.tgrelid
       join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
       where t.tgname = 'audit_insert'
         and a.attname <> all (regexp_split_to_array(encode(t.tgargs, 'escape'), ',|\\\\000'))
         and not exists (
           select from pg_trigger u join pg_proc f on f.oid = u.tgfoid
           where u.tgrelid = c.oid and u.tgname = 'audit_update'
             and (position(format('new.%1$I is distinct from old.%1$I', a.attname) in f.prosrc) > 0
               or position(format('n.%1$I is distinct from o.%1$I', a.attname) in f.prosrc) > 0))`,
    );
    expect(uncompared).toEqual([]);
  });

  it('keeps money exact and instants absolute', async () => {
    const loose = await shop.sql(
      `select table_name, column_name, data_type from information_schema.columns
       where table_schema = 'public' and (data_type in ('timestamp without time zone', 'money')
         or (column_name ~ '(price|amount|total|fee)$' and data_type in ('real', 'double precision')))`,
    );
    expect(loose).toEqual([]);
  });
});
