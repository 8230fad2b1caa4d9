import { beforeAll, describe, expect, inject, it } from 'vitest';
import { onDatabase, runSql } from '../support/database.ts';
import {
  makeBranch,
  makeCategory,
  makeProduct,
  makeSlot,
  makeUser,
  signInAs,
  type TestUser,
} from '../support/factories.ts';
import { openShop, type Shop } from '../support/shop.ts';
import { type StandardShop, standardShop } from '../support/standard-shop.ts';

let shop: Shop;
let stocked: StandardShop;
let admin: TestUser & { token: string };
beforeAll(async () => {
  shop = await openShop();
  stocked = await standardShop(shop);
  admin = await signInAs(shop, 'ADMIN');
});

const send = (method: string, path: string, body?: unknown, requestId = crypto.randomUUID()) =>
  shop.request(method, `/admin${path}`, {
    token: admin.token,
    headers: { 'x-request-id': requestId },
    ...(body === undefined ? {} : { body }),
  });

const rowsOf = (requestId: string) =>
  shop.sql(
    `select entity_type, entity_id, action, old_value, new_value, actor_user_id from audit_log
     where context ->> 'request_id' = $1 order by id`,
    [requestId],
  );

interface Change {
  route: string;
  /** Makes what the change needs; answers the path and the body. */
  prepare: () => Promise<[path: string, body?: unknown]> | [path: string, body?: unknown];
  entity: string;
  action?: string;
  old?: object | null;
  now: object;
}

const milkLike = () => ({ name: 'Goat milk', sku: `G-${crypto.randomUUID().slice(0, 8)}`, price: 5 });

const changes: Change[] = [
  {
    route: 'POST /categories',
    prepare: () => ['/categories', { name: `Audited ${crypto.randomUUID().slice(0, 8)}` }],
    entity: 'category',
    action: 'CREATE',
    old: null,
    now: { is_active: true },
  },
  {
    route: 'PATCH /categories/{id}',
    prepare: async () => [`/categories/${await makeCategory(shop)}`, { description: 'New' }],
    entity: 'category',
    old: { description: null },
    now: { description: 'New' },
  },
  {
    route: 'PATCH /categories/{id}/toggle',
    prepare: async () => [`/categories/${await makeCategory(shop)}/toggle`],
    entity: 'category',
    action: 'DEACTIVATE',
    old: { is_active: true },
    now: { is_active: false },
  },
  {
    route: 'POST /products',
    prepare: () => ['/products', { ...milkLike(), category_id: stocked.categories.Milk }],
    entity: 'product',
    action: 'CREATE',
    old: null,
    now: { name: 'Goat milk', price: 5 },
  },
  {
    route: 'PATCH /products/{id}',
    prepare: async () => [`/products/${await makeProduct(shop)}`, { price: '11.50' }],
    entity: 'product',
    old: { price: 10 },
    now: { price: 11.5 },
  },
  {
    route: 'PATCH /products/{id}/toggle',
    prepare: async () => [`/products/${await makeProduct(shop, { isActive: false })}/toggle`],
    entity: 'product',
    action: 'ACTIVATE',
    old: { is_active: false },
    now: { is_active: true },
  },
  {
    route: 'POST /delivery-slots',
    prepare: async () => [
      '/delivery-slots',
      { branch_id: await makeBranch(shop), day_of_week: 0, start_time: '08:00', end_time: '10:00' },
    ],
    entity: 'delivery_slot',
    action: 'CREATE',
    old: null,
    now: { day_of_week: 0 },
  },
  {
    route: 'PATCH /delivery-slots/{id}',
    prepare: async () => {
      const slot = await makeSlot(shop, { branchId: await makeBranch(shop), dayOfWeek: 1 });
      return [`/delivery-slots/${slot}`, { capacity: 3 }];
    },
    entity: 'delivery_slot',
    old: { capacity: 50 },
    now: { capacity: 3 },
  },
  {
    route: 'PATCH /delivery-slots/{id}/toggle',
    prepare: async () => {
      const slot = await makeSlot(shop, { branchId: await makeBranch(shop), dayOfWeek: 1 });
      return [`/delivery-slots/${slot}/toggle`, { active: false }];
    },
    entity: 'delivery_slot',
    action: 'DEACTIVATE',
    old: { is_active: true },
    now: { is_active: false },
  },
  {
    route: 'POST /branches',
    prepare: () => ['/branches', { name: `Audited ${crypto.randomUUID().slice(0, 8)}`, address: '1 Herzl Street' }],
    entity: 'branch',
    action: 'CREATE',
    old: null,
    now: { address: '1 Herzl Street' },
  },
  {
    route: 'PATCH /branches/{id}',
    prepare: async () => [`/branches/${await makeBranch(shop)}`, { address: '2 Herzl Street' }],
    entity: 'branch',
    old: { address: '1 Herzl Street, Haifa' },
    now: { address: '2 Herzl Street' },
  },
  {
    route: 'PATCH /branches/{id}/toggle',
    prepare: async () => [`/branches/${await makeBranch(shop)}/toggle`],
    entity: 'branch',
    action: 'DEACTIVATE',
    old: { is_active: true },
    now: { is_active: false },
  },
  {
    route: 'POST /users',
    prepare: () => [
      '/users',
      {
        email: `${crypto.randomUUID()}@example.com`,
        password: 'Carmel-2026',
        full_name: 'New Employee',
        role: 'EMPLOYEE',
      },
    ],
    entity: 'user',
    action: 'CREATE',
    old: null,
    now: { role: 'EMPLOYEE' },
  },
  {
    route: 'PATCH /users/{id}',
    prepare: async () => [`/users/${(await makeUser(shop, { role: 'EMPLOYEE' })).id}`, { role: 'MANAGER' }],
    entity: 'user',
    old: { role: 'EMPLOYEE' },
    now: { role: 'MANAGER' },
  },
  {
    route: 'PATCH /users/{id}/toggle',
    prepare: async () => [`/users/${(await makeUser(shop)).id}/toggle`],
    entity: 'user',
    action: 'DEACTIVATE',
    old: { is_active: true },
    now: { is_active: false },
  },
  {
    route: 'PUT /settings',
    prepare: () => ['/settings', { minimum_order_total: '12.00' }],
    entity: 'settings',
    old: { minimum_order_total: 0 },
    now: { minimum_order_total: 12 },
  },
];

describe('a change', () => {
  it.each(changes)('by $route leaves one row with old, new, actor and request id', async (change) => {
    const { route, prepare, entity, action = 'UPDATE', old, now } = change;
    const requestId = crypto.randomUUID();
    const [path, body] = await prepare();
    const answer = await send(route.split(' ')[0]!, path, body, requestId);
    expect([answer.status, answer.trips]).toEqual([action === 'CREATE' ? 201 : 200, 1]);
    const rows = await rowsOf(requestId);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({
      entity_type: entity,
      entity_id: answer.body.data.id ?? 1,
      action,
      actor_user_id: admin.id,
      new_value: now,
    });
    if (old === null) expect(rows[0]!.old_value).toBeNull();
    else expect(rows[0]!.old_value).toEqual(old);
  });

  it.each([
    ['a name that is taken', 'POST', '/categories', () => ({ name: 'Dairy' })],
    ['a category that is absent', 'POST', '/products', () => ({ ...milkLike(), category_id: 99_999 })],
    [
      'an SKU that is taken',
      'PATCH',
      () => `/products/${stocked.products[0]!.id}`,
      () => ({ name: 'New', sku: 'MILK-1' }),
    ],
    [
      'a cycle',
      'PATCH',
      () => `/categories/${stocked.categories.Dairy}`,
      () => ({ parent_id: stocked.categories.Milk }),
    ],
    [
      'an overlap',
      'PATCH',
      () => `/delivery-slots/${stocked.slots[0]!.id}`,
      () => ({ start_time: '09:00', end_time: '11:00' }),
    ],
    ['the source of deliveries', 'PATCH', () => `/branches/${stocked.warehouseId}/toggle`, () => ({ active: false })],
    [
      'an email that is taken',
      'POST',
      '/users',
      () => ({ email: admin.email, password: 'Carmel-2026', full_name: 'A B', role: 'ADMIN' }),
    ],
    ['the own account', 'PATCH', () => `/users/${admin.id}/toggle`, () => ({ active: false })],
    ['hours that are too short', 'PUT', '/settings', () => ({ slots: '10:00-11:00', delivery_fee: 1 })],
    ['what is not valid', 'PUT', '/settings', () => ({ delivery_fee: -1 })],
    ['a state it has', 'PATCH', () => `/products/${stocked.products[0]!.id}/toggle`, () => ({ active: true })],
  ] as const)('that meets %s leaves none', async (_, method, path, body) => {
    const requestId = crypto.randomUUID();
    await send(method, typeof path === 'string' ? path : path(), body(), requestId);
    expect(await rowsOf(requestId)).toEqual([]);
  });
});

describe('the list', () => {
  const list = async (query: Record<string, string | number>) => {
    const answer = await shop.request('GET', '/admin/audit', { token: admin.token, query });
    expect([answer.status, answer.trips]).toEqual([200, 1]);
    return answer.body as { data: any[]; meta: { total: number; has_next: boolean } };
  };

  it('shows who changed what, newest first, page by page', async () => {
    const product = await makeProduct(shop);
    for (const price of [11, 12, 13]) await send('PATCH', `/products/${product}`, { price });
    const first = await list({ entity_type: 'product', entity_id: product, limit: 2 });
    expect(first.data.map(({ new_value }) => new_value.price)).toEqual([13, 12]);
    expect(first.meta).toMatchObject({ total: 4, has_next: true });
    expect(first.data[0]).toEqual({
      id: expect.any(Number),
      entity_type: 'product',
      entity_id: product,
      action: 'UPDATE',
      old_value: { price: 12 },
      new_value: { price: 13 },
      context: { request_id: expect.any(String) },
      actor_user_id: admin.id,
      actor_email: admin.email,
      created_at: expect.stringMatching(/Z$/),
    });
    const rest = await list({ entity_type: 'product', entity_id: product, limit: 2, offset: 2 });
    expect(rest.data.map(({ action }) => action)).toEqual(['UPDATE', 'CREATE']);
    expect(rest.data[1]).toMatchObject({ actor_user_id: null, actor_email: null, old_value: null });
  });

  it('filters by action, actor and the dates of the shop, both included', async () => {
    const other = await signInAs(shop, 'ADMIN');
    const product = await makeProduct(shop);
    await shop.request('PATCH', `/admin/products/${product}/toggle`, { token: other.token });
    expect((await list({ actor_id: other.id })).data.map(({ action }) => action)).toEqual([
      'DEACTIVATE',
      'LOGIN_SUCCESS',
    ]);
    expect((await list({ actor_id: other.id, action: 'DEACTIVATE' })).meta.total).toBe(1);
    await shop.sql(
      `insert into audit_log (entity_type, entity_id, action, created_at)
       values ('test', 1, 'EARLY', '2026-01-31 22:00Z'), ('test', 2, 'LATE', '2026-02-28 21:59:59Z'),
              ('test', 3, 'BEFORE', '2026-01-31 21:59:59Z'), ('test', 4, 'AFTER', '2026-02-28 22:00Z')`,
    );
    const february = await list({ entityType: 'test', dateFrom: '2026-02-01', date_to: '2026-02-28' });
    expect(february.data.map(({ action }) => action)).toEqual(['LATE', 'EARLY']);
    expect(february.meta.total).toBe(2);
    expect((await list({ entity_type: 'nothing' })).data).toEqual([]);
  });

  it('refuses filters that are none, and everybody but administrators', async () => {
    for (const query of [
      { entity_id: 'x' },
      { actor_id: '0' },
      { date_from: '2026-02-30' },
      { date_to: 'now' },
      { limit: 0 },
    ]) {
      const answer = await shop.request('GET', '/admin/audit', { token: admin.token, query });
      expect([query, answer.status]).toEqual([query, 400]);
    }
    const manager = await signInAs(shop, 'MANAGER');
    expect((await shop.request('GET', '/admin/audit', { token: manager.token })).status).toBe(403);
  });
});

describe('the role of the Worker', () => {
  const asWorker = (text: string) => runSql(onDatabase(inject('appUrl'), shop.database), text, []);

  it.each([
    `update audit_log set action = 'NOTHING'`,
    'delete from audit_log',
    'truncate audit_log',
    'drop table audit_log',
    'alter table audit_log disable trigger all',
    'alter table products disable trigger audit_update',
    'drop trigger audit_update on products',
    `create or replace function audit_change() returns trigger language plpgsql as 'begin return null; end'`,
    'set session_replication_role = replica',
    'set role postgres',
    'update daily_sales set units = 0',
    'delete from revenue_quarters',
  ])('cannot %s', async (text) => {
    const before = await shop.sql('select count(*)::int as rows from audit_log');
    await expect(asWorker(text)).rejects.toThrow();
    expect(await shop.sql('select count(*)::int as rows from audit_log')).toEqual(before);
  });

  it('may add and read', async () => {
    await asWorker(`insert into audit_log (entity_type, action) values ('test', 'ADDED')`);
    expect(await asWorker(`select action from audit_log where action = 'ADDED'`)).toHaveLength(1);
  });

  it('is not the only one: nobody changes what is written', async () => {
    for (const text of [`update audit_log set action = 'NOTHING'`, 'delete from audit_log', 'truncate audit_log']) {
      await expect(shop.sql(text)).rejects.toThrow('append-only');
    }
  });
});
