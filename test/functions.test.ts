import { beforeAll, describe, expect, it } from 'vitest';
import { ownerSql } from './support/database.ts';
import { openShop, type Shop } from './support/shop.ts';

const files = import.meta.glob<string>('../src/**/sql/**/*.sql', { query: '?raw', import: 'default', eager: true });
const sources = Object.entries(files).map(([path, text]) => ({
  name: /([^/]+)\.sql$/.exec(path)?.[1] ?? '',
  text,
}));
const functionFiles = sources.filter(({ text }) => /create or replace function/.test(text));

/** As PostgreSQL writes a function down: header, attributes and body in its own order and spelling. */
const DEFINITIONS = `
  select p.proname as name, pg_get_functiondef(p.oid) as definition, obj_description(p.oid, 'pg_proc') as comment
  from pg_proc p
  where p.pronamespace = 'public'::regnamespace and p.prokind = 'f' and p.proname !~ '^audit_update_of_'
    and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')
  order by 1`;
const TRIGGERS = `
  select tgname || ' on ' || tgrelid::regclass as name, pg_get_triggerdef(oid) as definition from pg_trigger
  where not tgisinternal and tgname !~ '^audit_(insert|update|delete)$' order by 1`;

describe('the functions of the database', () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await openShop();
  });

  it('stand each in one file of its name, and each file holds one', async () => {
    const live = (await shop.sql<{ name: string }>(DEFINITIONS)).map(({ name }) => name);
    expect(functionFiles.map(({ name }) => name).sort()).toEqual(live.sort());
    for (const { name, text } of functionFiles) {
      const made = [...text.matchAll(/^create or replace function (\w+)/gm)].map(([, made]) => made);
      expect(made).toEqual([name]);
    }
  });

  // A database is made from the files, so their text is applied once more, over what stands there: nothing may change.
  it('are what their files say, attributes and triggers included', async () => {
    const before = { functions: await shop.sql(DEFINITIONS), triggers: await shop.sql(TRIGGERS) };
    for (const { text } of functionFiles) {
      for (const statement of statementsOf(text)) await ownerSql(shop.database, statement);
    }
    expect({ functions: await shop.sql(DEFINITIONS), triggers: await shop.sql(TRIGGERS) }).toEqual(before);
  });

  it('keep the attributes that were measured', async () => {
    const settings = await shop.sql(
      `select proname as name, array_to_string(proconfig, '; ') as settings from pg_proc
       where pronamespace = 'public'::regnamespace and proconfig is not null order by 1`,
    );
    const byIndex = 'enable_seqscan=off; enable_mergejoin=off; enable_hashjoin=off';
    const generic = 'plan_cache_mode=force_generic_plan';
    const owner = 'search_path=pg_catalog, public, pg_temp';
    expect(Object.fromEntries(settings.map(({ name, settings }: any) => [name, settings]))).toEqual({
      accept_payment: `${generic}; ${byIndex}`,
      add_charge: owner,
      add_tax_rate: owner,
      add_weight_charge: owner,
      amendment_noted: owner,
      apply_amendment: owner,
      change_discounts: owner,
      change_lines: owner,
      keep_receipt: owner,
      reserve_amended: owner,
      apply_movements: owner,
      audit_update_of_inventory: 'enable_nestloop=off; enable_hashjoin=on',
      audit_update_of_scheduled_prices: 'enable_nestloop=off; enable_hashjoin=on',
      change_cart: `${generic}; ${byIndex}`,
      credit_entered: owner,
      delivered_refunded: owner,
      erase_people: owner,
      hidden_category_ids: 'enable_seqscan=off',
      import_inventory: 'plan_cache_mode=force_custom_plan',
      issue_credit_note: owner,
      issue_receipt: `${owner}; ${byIndex}`,
      keep_months: owner,
      list_products: generic,
      lines_ordered: owner,
      lock_import_shelves: 'plan_cache_mode=force_custom_plan',
      make_months: owner,
      next_serial: owner,
      notifications_of: generic,
      open_cart: `${generic}; ${byIndex}`,
      order_delivered: owner,
      place_order: `${generic}; ${byIndex}`,
      preview_checkout: `${generic}; ${byIndex}`,
      refill_cart: `${generic}; ${byIndex}`,
      promotion_used: owner,
      replace_authorization: owner,
      refund_noted: owner,
      read_planned: generic,
      shown_products: generic,
      spend_credit: owner,
      timeline_of: generic,
      unread_of: generic,
    });
  });

  it('have a trigger for every trigger function', async () => {
    const unused = await shop.sql(
      `select proname from pg_proc p where pronamespace = 'public'::regnamespace and prorettype = 'trigger'::regtype
       and not exists (select from pg_trigger t where t.tgfoid = p.oid)`,
    );
    expect(unused).toEqual([]);
  });

  it('run with the rights of the owner only with a search path that no one else can add to', async () => {
    const loose = await shop.sql(
      `select proname from pg_proc where pronamespace = 'public'::regnamespace and prosecdef
       and not ('search_path=pg_catalog, public, pg_temp' = any (coalesce(proconfig, '{}')))`,
    );
    expect(loose).toEqual([]);
  });

  it('are each called somewhere', () => {
    const code = import.meta.glob<string>('../src/**/*.ts', { query: '?raw', import: 'default', eager: true });
    const callers = [
      ...Object.entries(code).filter(([path]) => !path.endsWith('/functions.ts')),
      ...Object.entries(files),
    ];
    const dead = functionFiles.filter(({ name, text }) => {
      if (/returns trigger/.test(text) || name === 'rebuild_audit_triggers' || name === 'refresh_search') return false;
      return !callers.some(
        ([path, other]) => !path.endsWith(`/${name}.sql`) && new RegExp(`\\b${name}\\b`).test(other),
      );
    });
    expect(dead.map(({ name }) => name)).toEqual([]);
  });
});

describe('the words of a status', () => {
  it('are known where SQL compares them', async () => {
    const shop = await openShop();
    const checks = await shop.sql<{ definition: string }>(
      `select pg_get_constraintdef(oid) as definition from pg_constraint where contype = 'c' and conname ~ '_known$'`,
    );
    const known = new Set(checks.flatMap(({ definition }) => definition.match(/[A-Z_]{3,}/g) ?? []));
    const code = import.meta.glob<string>('../src/**/*.ts', { query: '?raw', import: 'default', eager: true });
    const compared = [...Object.entries(code), ...Object.entries(files)].flatMap(([path, text]) =>
      [
        ...text.matchAll(/\b\w*status(?:_before_delay)?\s*(?:(?:=|<>)\s*('[A-Z_]+')|(?:in|not in)\s*\(([^()]*)\))/g),
      ].flatMap(([, one = '', several = '']) =>
        (`${one} ${several}`.match(/(?<=')[A-Z_]+(?=')/g) ?? []).map((word) => ({ path, word })),
      ),
    );
    expect(compared.length).toBeGreaterThan(30);
    expect(compared.filter(({ word }) => !known.has(word))).toEqual([]);
  });

  it('are refused by PostgreSQL when misspelt', async () => {
    const shop = await openShop();
    const checks = await shop.sql<{ name: string; table: string; definition: string }>(
      `select conname as name, conrelid::regclass::text as table, pg_get_constraintdef(oid) as definition
       from pg_constraint where conname ~ '_status_known$' and connamespace = 'public'::regnamespace`,
    );
    expect(checks.length).toBeGreaterThanOrEqual(9);
    for (const { name, table, definition } of checks) {
      // The same CHECK on a table of its own: the real one has too many other things to refuse a row for.
      await shop.sql(`create table misspelt_${table} (status text, picked_status text, ${definition})`);
      const column = definition.includes('picked_status') ? 'picked_status' : 'status';
      await expect(
        shop.sql(`insert into misspelt_${table} (${column}) values ('CANCELLED')`),
        name,
      ).rejects.toMatchObject({ code: '23514' });
    }
  });
});

/** Statements end at a semicolon at the end of a line, outside of a function's body. */
function statementsOf(text: string): string[] {
  const bodies: string[] = [];
  const marked = text.replaceAll(/\$(\w*)\$[\s\S]*?\$\1\$/g, (body) => `§${bodies.push(body) - 1}§`);
  return marked
    .split(/;\s*$/m)
    .map((part) => part.replaceAll(/§(\d+)§/g, (_, n) => bodies[Number(n)] ?? ''))
    .filter((part) => /\S/.test(part.replaceAll(/^--.*$/gm, '')));
}
