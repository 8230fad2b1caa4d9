import { beforeAll, describe, expect, inject, it } from 'vitest';
import { NewBranch, NewSlot } from '../src/features/admin-branches/schemas.ts';
import { NewCategory, NewProduct } from '../src/features/admin-catalog/schemas.ts';
import { NewStaff, UserChange } from '../src/features/admin-users/schemas.ts';
import { NewScheduledPrice } from '../src/features/prices/schemas.ts';
import { NewAddress } from '../src/features/profile/schemas.ts';
import { NewPromotion, PromotionChange } from '../src/features/promotions/schemas.ts';
import { SettingsChange } from '../src/features/settings/schemas.ts';
import { onDatabase, runTransaction } from './support/database.ts';
import { openShop, type Shop } from './support/shop.ts';

const typescript = import.meta.glob<string>('../src/**/*.ts', { query: '?raw', import: 'default', eager: true });
const functions = import.meta.glob<string>('../src/**/sql/**/*.sql', { query: '?raw', import: 'default', eager: true });
const sources = Object.entries({ ...typescript, ...functions })
  .filter(([path]) => !/db\/schema\/|grants\.sql/.test(path))
  .map(([, text]) => text);

/** The columns of `net_content`. */
const CONTENT = { net_content_amount: 0, net_content_unit: 0 };

/** Columns that the Worker writes by the names of a request's fields (`insertRow` and `assignments` of src/db/change.ts). */
const FIELDS: Record<string, { insert?: object; update?: object; also?: string[] }> = {
  addresses: { update: NewAddress.shape },
  branches: { insert: NewBranch.shape, update: NewBranch.shape },
  categories: { insert: NewCategory.shape, update: NewCategory.shape },
  delivery_slots: { insert: NewSlot.shape, update: NewSlot.shape },
  products: { insert: { ...NewProduct.shape, ...CONTENT }, update: { ...NewProduct.shape, ...CONTENT } },
  scheduled_prices: { insert: NewScheduledPrice.shape, update: NewScheduledPrice.omit({ product_id: true }).shape },
  promotions: {
    insert: { ...NewPromotion.shape, stacking_group: 0 },
    update: PromotionChange.shape,
    also: ['stacking_group'],
  },
  settings: { update: SettingsChange.shape, also: ['opens_at', 'closes_at', 'updated_by'] },
  users: { insert: { ...NewStaff.shape, password_hash: 0 }, update: UserChange.shape },
};
const SWITCHED = ['branches', 'categories', 'delivery_slots', 'products', 'promotions'];
/** Deleted by `deleteInBatches`, which locks them first. */
const SWEPT = [
  'hold_lines',
  'slot_holds',
  'idempotency_keys',
  'sessions',
  'registration_codes',
  'password_resets',
  'login_throttles',
  'outbox',
  'payment_events',
  'webhook_deliveries',
];

/** `table verb column` of every change that a statement in the sources makes. */
function usedPrivileges(): Set<string> {
  const used = new Set<string>();
  const add = (table: string, verb: string, columns: Iterable<string>) => {
    for (const column of columns) used.add(`${table} ${verb} ${column}`);
  };
  const assigned = (list: string) => [...list.matchAll(/(?:^|,)\s*(\w+)\s*=(?!=)/g)].map(([, column = '']) => column);
  for (const text of sources) {
    if (/security definer/.test(text)) continue;
    const statements = text.replaceAll(/--[^\n]*/g, '');
    for (const [, table = '', columns = ''] of statements.matchAll(
      /insert into (?:public\.)?(\w+)(?: as \w+)?\s*\(([^)]*)\)/g,
    )) {
      add(
        table,
        'insert',
        columns.split(',').map((column) => column.trim()),
      );
    }
    for (const { index, 1: list = '' } of statements.matchAll(/do update\s+set\s+(?=([^;`]*))/g)) {
      const [, table = ''] = [...statements.slice(0, index).matchAll(/insert into (\w+)/g)].at(-1) ?? [];
      add(table, 'update', [...assigned(list), ...tuple(list)]);
    }
    for (const [, table = '', list = ''] of statements.matchAll(
      /\bupdate (\w+)(?: (?!set\b)\w+)?\s+set\s+([\s\S]*?)(?=\bwhere\b|\bfrom \w|returning|`)/g,
    ))
      add(table, 'update', [...assigned(list), ...tuple(list)]);
    for (const [, table = ''] of statements.matchAll(/delete from (\w+)/g)) add(table, 'delete', ['']);
  }
  for (const [table, { insert = {}, update = {}, also = [] }] of Object.entries(FIELDS)) {
    add(table, 'insert', Object.keys(insert));
    add(table, 'update', [...Object.keys(update), ...also, 'updated_at']);
  }
  for (const table of SWITCHED) add(table, 'update', ['is_active']);
  for (const table of SWEPT) add(table, 'delete', ['']);
  add('hold_lines', 'update', ['expires_at']);
  add('slot_holds', 'update', ['expires_at']);
  add('payment_events', 'update', ['received_at']);
  return used;
}

/** `(a, b) = (…)` */
const tuple = (list: string): string[] =>
  (/^\s*\(([^)=]*)\)\s*=/.exec(list)?.[1] ?? '')
    .split(',')
    .map((column) => column.trim())
    .filter(Boolean);

describe("the Worker's role", () => {
  let shop: Shop;
  let asWorker: string;
  beforeAll(async () => {
    shop = await openShop();
    // Tests give it more time; here it has what production has.
    await shop.sql(`alter role mami_app in database "${shop.database}" reset all`);
    asWorker = onDatabase(inject('appUrl'), shop.database);
  });

  it('may do nothing that no statement does', async () => {
    const granted = await shop.sql<{ privilege: string }>(
      `select table_name || ' ' || lower(privilege_type) || ' ' || column_name as privilege
         from information_schema.column_privileges
         where grantee = 'mami_app' and table_schema = 'public' and privilege_type in ('INSERT', 'UPDATE')
       union
       select table_name || ' ' || lower(privilege_type) || ' ' from information_schema.table_privileges
         where grantee = 'mami_app' and table_schema = 'public' and privilege_type not in ('SELECT', 'INSERT', 'UPDATE')`,
    );
    const used = usedPrivileges();
    expect(granted.length).toBeGreaterThan(100);
    expect(granted.map(({ privilege }) => privilege).filter((privilege) => !used.has(privilege))).toEqual([]);
  });

  it('owns nothing, and is nobody special', async () => {
    const [role] = await shop.sql(
      `select rolsuper, rolcreaterole, rolcreatedb, rolbypassrls,
         (select count(*) from pg_class where relowner = r.oid)::int as owned from pg_roles r where rolname = 'mami_app'`,
    );
    expect(role).toEqual({ rolsuper: false, rolcreaterole: false, rolcreatedb: false, rolbypassrls: false, owned: 0 });
  });

  it.each([
    'delete from payments',
    'delete from refunds',
    'delete from order_items',
    'delete from settings',
    'delete from audit_log',
    'update payments set amount = 1',
    'update orders set total_amount = 1',
    'update inventory set on_hand = 1',
    `insert into audit_log (entity_type, action, created_at) values ('user', 'FORGED', '2001-01-01')`,
    'create temporary table inventory (id integer)',
    'create table public.mine (id integer)',
    `select rebuild_audit_triggers()`,
  ])('is refused: %s', async (statement) => {
    await expect(runTransaction(asWorker, [statement])).rejects.toMatchObject({ code: '42501' });
  });

  it('gives up before the Worker does', async () => {
    const [[statementLimit, lockLimit]] = (await runTransaction(asWorker, [
      `select current_setting('statement_timeout'), current_setting('lock_timeout')`,
    ])) as [[string, string]];
    expect([statementLimit, lockLimit]).toEqual(['9s', '8s']);
  });

  describe('even where it may make temporary tables', () => {
    beforeAll(() => shop.sql(`grant temporary on database "${shop.database}" to mami_app`));

    it('runs nothing of its own with the rights of the owner', async () => {
      const inventoryId = await anInventoryRow(shop);
      await runTransaction(asWorker, [
        'create temporary table inventory (id integer, on_hand integer, updated_at timestamptz)',
        'create temporary table ran_as (who text)',
        `create function pg_temp.note() returns trigger language plpgsql as $$
           begin insert into pg_temp.ran_as values (current_user); return new; end $$`,
        'create trigger note before update on pg_temp.inventory for each row execute function pg_temp.note()',
        `insert into pg_temp.inventory values (${inventoryId}, 100, now())`,
        `insert into public.stock_movements (inventory_id, delta, reason) values (${inventoryId}, 1, 'ADJUSTMENT')`,
        `do $$ begin if exists (select from pg_temp.ran_as) then raise exception 'ran'; end if; end $$`,
      ]);
      expect(await onHand(shop, inventoryId)).toBe(11);
    });

    it('cannot make audit rows vanish in a table of its own', async () => {
      const before = await auditRows(shop);
      await runTransaction(asWorker, [
        'create temporary table audit_log (like public.audit_log including defaults)',
        `update public.settings set delivery_fee = delivery_fee + 1`,
        `insert into public.branches (name, address) values ('Hidden', 'Nowhere 1')`,
      ]);
      expect(await auditRows(shop)).toBe(before + 2);
    });
  });
});

async function anInventoryRow(shop: Shop): Promise<number> {
  const [row] = await shop.sql<{ id: number }>(
    `with category as (insert into categories (name) values (gen_random_uuid()::text) returning id),
     product as (insert into products (name, sku, price, category_id)
       select 'Milk', 'PRIV-' || id, 5, id from category returning id),
     branch as (insert into branches (name, address) values (gen_random_uuid()::text, 'Somewhere 1') returning id)
     insert into inventory (product_id, branch_id) select product.id, branch.id from product, branch returning id`,
  );
  await shop.sql(`insert into stock_movements (inventory_id, delta, reason) values ($1, 10, 'INITIAL')`, [row!.id]);
  return row!.id;
}

const onHand = async (shop: Shop, id: number) =>
  (await shop.sql<{ on_hand: number }>('select on_hand from inventory where id = $1', [id]))[0]!.on_hand;

const auditRows = async (shop: Shop) =>
  (await shop.sql<{ count: number }>('select count(*)::int as count from audit_log'))[0]!.count;
