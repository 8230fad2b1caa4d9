import { PgDialect } from 'drizzle-orm/pg-core';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Statement } from '../../src/db/statement.ts';
import { exportOf } from '../../src/features/privacy/export.ts';
import type { SignedInCall } from '../../src/http/context.ts';
import { captureLog } from '../support/captured-log.ts';
import { makeProduct, makeStock, makeUser, signIn, signInAs, type TestUser } from '../support/factories.ts';
import { deliveredOrder, placeOrder } from '../support/orders.ts';
import { openShop, type Shop, type ShopResponse } from '../support/shop.ts';
import { type StandardShop, standardShop } from '../support/standard-shop.ts';
import { memberWithTotp } from '../support/totp.ts';

let shop: Shop;
let goods: StandardShop;
let admin: TestUser & { token: string };
beforeAll(async () => {
  shop = await openShop();
  goods = await standardShop(shop);
  admin = await signInAs(shop, 'ADMIN');
});
afterEach(() => {
  vi.restoreAllMocks();
});

const NAME = 'Zelophehad Quixote';
const MARKS = [
  'Zelophehad',
  'zelophehad@quixote.example',
  '+972599887766',
  '77 Unicorn Alley',
  'Brigadoon',
  '8877665',
  'A unicorn ate it',
];

/** Somebody of whom every table holds something. */
async function knownPerson(): Promise<TestUser & { token: string; orderId: number }> {
  const email = 'zelophehad@quixote.example';
  // Before there was an account.
  await shop.request('POST', '/auth/login', { body: { email, password: 'Nothing-1' } });
  const { body } = await shop.request('POST', '/auth/register', {
    body: { email, password: 'Carmel-2026', full_name: NAME, phone: '+972599887766' },
  });
  const { user, access_token: token } = body.data;
  const as = (method: string, path: string, sent?: object) =>
    shop.request(method, path, { token, ...(sent && { body: sent }) }).then((answer) => {
      if (answer.status >= 300) throw new Error(`${path} ${answer.text}`);
      return answer.body.data;
    });
  const address = { address_line: '77 Unicorn Alley', city: 'Brigadoon', postal_code: '8877665', country: 'Israel' };
  const first = await as('POST', '/me/addresses', address);
  await as('PUT', `/me/addresses/${first.id}`, { address_line: '77 Unicorn Alley, floor 2' });
  await as('DELETE', `/me/addresses/${first.id}`);
  await as('POST', '/me/addresses', address);
  await as('PATCH', '/me', { full_name: `${NAME} Junior` });
  await as('POST', '/me/payment-tokens', { provider: 'mockpay', card_number: '4242424242424242' });
  await as('POST', '/store/lists', { name: 'Zelophehad at home' });
  await as('POST', '/store/wishlist', { product_id: goods.products[0]!.id });
  await as('POST', `/catalog/products/${goods.products[0]!.id}/reviews`, {
    rating: 2,
    title: 'Bad',
    body: 'A unicorn ate it',
  });
  await as('POST', '/cart/items', { product_id: goods.products[0]!.id, quantity: 1 });
  await shop.request('POST', '/auth/login', { body: { email, password: 'Wrong-2026' } });
  await shop.request('POST', '/auth/forgot-password', { body: { email } });
  const { id: orderId } = await deliveredOrder(shop, {
    userId: user.id,
    branchId: goods.storeId,
    lines: [{ productId: goods.products[1]!.id }],
  });
  await shop.sql(`update orders set delivery_address = '77 Unicorn Alley, Brigadoon' where id = $1`, [orderId]);
  await shop.sql(
    `insert into order_amendments (order_id, status, order_version, plan, before, after, total, difference, missing_items, expires_at, confirmed_at)
     select id, 'CONFIRMED', 1, jsonb_build_object('address', delivery_address), amended_order(id) || jsonb_build_object('delivery',
         jsonb_build_object('address', delivery_address, 'slot_id', 1, 'slot_start', window_start, 'slot_end', window_end)),
       amended_order(id), total_amount, 0, '[]', now(), now() from orders where id = $1`,
    [orderId],
  );
  const [{ id: itemId }] = (await shop.sql('select id from order_items where order_id = $1', [orderId])) as [any];
  await as('POST', `/orders/${orderId}/claims`, {
    items: [{ item_id: itemId, quantity: 1, problem: 'DAMAGED', note: 'A unicorn ate it' }],
    wanted: 'CREDIT',
  });
  const manager = await signInAs(shop, 'MANAGER');
  const credit = await shop.request('POST', `/admin/users/${user.id}/credit`, {
    token: manager.token,
    body: { amount: '5.00', reason: 'Zelophehad called' },
  });
  if (credit.status >= 300) throw new Error(credit.text);
  return { id: user.id, email, password: 'Carmel-2026', role: 'CUSTOMER', token, orderId };
}

const remove = (token: string, password = 'Password1') => shop.request('DELETE', '/me', { token, body: { password } });
const outcome = ({ status, body }: ShopResponse) => [status, body?.error?.code];
const timePasses = (id: number) =>
  shop.sql(`update users set erase_after = now() - interval '1 second' where id = $1`, [id]);
const erase = () => shop.scheduled('0 * * * *');

/** Every table with a row that holds the text. */
async function tablesWith(text: string): Promise<string[]> {
  const tables = await shop.sql<{ name: string }>(
    `select c.relname as name from pg_class c where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace`,
  );
  const found = await Promise.all(
    tables.map(async ({ name }) => {
      const rows = await shop.sql(`select from ${name} t where strpos(lower(t::text), lower($1)) > 0 limit 1`, [text]);
      return rows.length > 0 ? [name] : [];
    }),
  );
  return found.flat();
}

describe('the deletion of an account', () => {
  it('ends all access at once', async () => {
    const member = await signInAs(shop);
    const elsewhere = await signIn(shop, member);
    const answer = await remove(member.token);
    expect(answer).toMatchObject({ status: 200, trips: 2 });
    const days = (Date.parse(answer.body.data.erase_after) - Date.now()) / 86_400_000;
    expect(days).toBeCloseTo(14, 1);
    for (const token of [member.token, elsewhere]) {
      expect(outcome(await shop.request('GET', '/me', { token }))).toEqual([401, 'AUTH_REQUIRED']);
    }
    const login = await shop.request('POST', '/auth/login', {
      body: { email: member.email, password: member.password },
    });
    expect(outcome(login)).toEqual([401, 'INVALID_CREDENTIALS']);
  });

  it('needs the password, and counts wrong ones', async () => {
    const member = await signInAs(shop);
    for (let i = 0; i < 10; i++)
      expect(outcome(await remove(member.token, 'Wrong-2026'))).toEqual([400, 'INVALID_CREDENTIALS']);
    expect((await remove(member.token)).status).toBe(429);
    const [row] = await shop.sql('select is_active, erase_after from users where id = $1', [member.id]);
    expect(row).toEqual({ is_active: true, erase_after: null });
  });

  it('is refused to the last administrator', async () => {
    const alone = await openShop();
    const last = await signInAs(alone, 'ADMIN');
    const answer = await alone.request('DELETE', '/me', { token: last.token, body: { password: last.password } });
    expect(outcome(answer)).toEqual([409, 'LAST_ADMIN']);
  });

  it('is called off when an administrator activates the account again in time', async () => {
    const member = await signInAs(shop);
    await remove(member.token);
    await shop.request('PATCH', `/admin/users/${member.id}`, { token: admin.token, body: { is_active: true } });
    expect(await shop.sql('select erase_after from users where id = $1', [member.id])).toEqual([{ erase_after: null }]);
    await shop.request('PATCH', `/admin/users/${member.id}`, { token: admin.token, body: { is_active: false } });
    await erase();
    expect(await shop.sql('select email from users where id = $1', [member.id])).toEqual([{ email: member.email }]);
  });
});

describe('the erasure of a person', () => {
  it('comes after the time, not before it, and waits for an order on its way', async () => {
    const member = await signInAs(shop);
    const productId = await makeProduct(shop);
    await makeStock(shop, { productId, branchId: goods.storeId, onHand: 5 });
    const order = await placeOrder(shop, { userId: member.id, branchId: goods.storeId, lines: [{ productId }] });
    await remove(member.token);
    const emailOf = async () => (await shop.sql('select email from users where id = $1', [member.id]))[0]!.email;
    await erase();
    expect(await emailOf()).toBe(member.email);
    await timePasses(member.id);
    await erase();
    expect(await emailOf()).toBe(member.email);
    await shop.request('PATCH', `/ops/orders/${order.id}/status`, { token: admin.token, body: { status: 'CANCELED' } });
    await erase();
    expect(await emailOf()).toBe(`erased-${member.id}@erased.invalid`);
  });

  it('leaves name, email, phone, address and words in no table, no log and no audit row, and the books add up', async () => {
    const log = captureLog();
    const person = await knownPerson();
    const before = await Promise.all(MARKS.map(tablesWith));
    for (const [i, tables] of before.entries()) expect(tables, MARKS[i]).not.toEqual([]);
    expect(new Set(before.flat()).size).toBeGreaterThan(8);
    const audited = await shop.sql('select count(*)::int as count from audit_log');
    expect((await remove(person.token, person.password)).status).toBe(200);
    await timePasses(person.id);
    await erase();
    for (const mark of MARKS) expect(await tablesWith(mark), mark).toEqual([]);
    for (const mark of MARKS) expect(log.text()).not.toContain(mark);
    const [row] = await shop.sql('select * from users where id = $1', [person.id]);
    expect(row).toMatchObject({ full_name: 'Deleted', phone: null, is_active: false, erased_at: expect.any(String) });
    const after = await shop.sql('select count(*)::int as count from audit_log');
    expect(after[0]!.count).toBeGreaterThan(audited[0]!.count);
    const order = await shop.request('GET', `/ops/orders/${person.orderId}`, { token: admin.token });
    expect(order.body.data.customer).toMatchObject({ id: person.id, full_name: 'Deleted', phone: null });
    const reviews = await shop.request('GET', `/catalog/products/${goods.products[0]!.id}/reviews`);
    expect(reviews.body.data.items).toMatchObject([{ rating: 2, title: null, body: null, author: 'Deleted' }]);
    const again = await shop.request('POST', '/auth/register', {
      body: { email: person.email, password: 'Carmel-2026', full_name: 'Somebody Else' },
    });
    expect(again.status).toBe(201);
  });

  it('happens once, however many runs of the job there are at once, and cannot be undone', async () => {
    const members = await Promise.all(Array.from({ length: 12 }, () => signInAs(shop)));
    for (const { id, token } of members) {
      await remove(token);
      await timePasses(id);
    }
    await Promise.all([erase(), erase(), erase()]);
    await erase();
    const ids = members.map(({ id }) => id);
    const rows = await shop.sql(
      `select entity_id from audit_log where entity_type = 'user' and action = 'ERASE' and entity_id = any ($1)`,
      [ids],
    );
    expect(rows.map(({ entity_id }) => entity_id).toSorted((a, b) => a - b)).toEqual(ids.toSorted((a, b) => a - b));
    const revive = { token: admin.token, body: { is_active: true } };
    expect(outcome(await shop.request('PATCH', `/admin/users/${ids[0]}`, revive))).toEqual([409, 'USER_ERASED']);
  });

  it('takes the second factor of staff with it, and their keys end', async () => {
    const member = await memberWithTotp(shop, 'ADMIN');
    const made = await shop.request('POST', '/admin/api-keys', {
      token: member.token,
      body: { name: 'Scanner', scopes: ['orders:read'] },
    });
    await remove(member.token);
    expect((await shop.request('GET', '/ops/orders', { token: made.body.data.key })).status).toBe(401);
    await timePasses(member.id);
    await erase();
    expect(await shop.sql('select from totp_secrets where user_id = $1', [member.id])).toEqual([]);
  });

  it('is nothing the role of the Worker could do by itself to the audit', async () => {
    const { runTransaction, onDatabase } = await import('../support/database.ts');
    const { inject } = await import('vitest');
    const asWorker = onDatabase(inject('appUrl'), shop.database);
    const attempts = [
      [`select set_config('app.erasing', 'on', true)`, `update audit_log set action = 'FORGED'`],
      [`select erase_person(${admin.id})`],
      [`select forget_in_audit(${admin.id}, '', '{}', '{}')`],
    ];
    for (const statements of attempts) {
      await expect(runTransaction(asWorker, statements)).rejects.toMatchObject({ code: '42501' });
    }
    await expect(shop.sql(`update audit_log set action = 'FORGED'`)).rejects.toMatchObject({ code: '42501' });
    await expect(shop.sql(`delete from audit_log`)).rejects.toMatchObject({ code: '42501' });
  });
});

describe('the export of what is stored', () => {
  it('has everything of the caller, no secrets, and nothing of anybody else', async () => {
    const [mine, theirs] = [await signInAs(shop), await makeUser(shop, { fullName: 'Somebody Hidden' })];
    const as = (method: string, path: string, body: object) => shop.request(method, path, { token: mine.token, body });
    const address = { address_line: '5 Allenby Street', city: 'Tel Aviv', postal_code: '6332101', country: 'Israel' };
    await as('POST', '/me/addresses', address);
    await as('POST', '/me/payment-tokens', { provider: 'mockpay', card_number: '4242424242424242' });
    await as('POST', '/cart/items', { product_id: goods.products[2]!.id, quantity: 3 });
    await as('POST', '/store/wishlist', { product_id: goods.products[2]!.id });
    await as('POST', `/catalog/products/${goods.products[2]!.id}/reviews`, { rating: 5, body: 'Good' });
    const lines = [{ productId: goods.products[1]!.id }];
    const order = await deliveredOrder(shop, { userId: mine.id, branchId: goods.storeId, lines });
    await deliveredOrder(shop, { userId: theirs.id, branchId: goods.storeId, lines });
    const answer = await shop.request('GET', '/me/export', { token: mine.token });
    expect(answer).toMatchObject({ status: 200, trips: 1 });
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const { data } = answer.body;
    expect(data).toMatchObject({
      profile: { id: mine.id, email: mine.email, full_name: 'Dana Levi' },
      addresses: [{ address_line: '5 Allenby Street', city: 'Tel Aviv' }],
      payment_methods: [{ brand: 'visa', last4: '4242' }],
      sessions: [{ revoked_at: null }],
      orders: [{ id: order.id, items: [{ product_id: goods.products[1]!.id }], payments: [{ provider: 'mockpay' }] }],
      carts: [{ items: [{ product_id: goods.products[2]!.id, quantity: 3 }] }],
      wishlist: [{ product_id: goods.products[2]!.id }],
      reviews: [{ rating: 5, body: 'Good' }],
    });
    expect(data.account_history.map((event: any) => event.action)).toContain('LOGIN_SUCCESS');
    expect(answer.text).not.toMatch(/password_hash|token_hash|provider_token|key_hash|"secret"|\$2[aby]\$/);
    expect(answer.text).not.toContain('Hidden');
  });

  it('has every column that it selects, with what is wanted instead of a line and the coupon of the cart', async () => {
    const mine = await signInAs(shop);
    const as = (method: string, path: string, body: object, token = mine.token) =>
      shop.request(method, path, { token, body }).then((answer) => {
        if (answer.status >= 300) throw new Error(`${path} ${answer.text}`);
        return answer.body.data;
      });
    const [wanted, instead, bought] = goods.products.map(({ id }) => id) as [number, number, number];
    await as(
      'POST',
      '/admin/promotions',
      { name: 'Unicorns', kind: 'COUPON_PERCENT', value: '5', code: 'UNICORN' },
      admin.token,
    );
    const cart = await as('POST', '/cart/items', { product_id: wanted, quantity: 2 });
    const substitution = { policy: 'SPECIFIC', product_ids: [instead] };
    await as('PUT', `/cart/items/${cart.items[0].id}`, { quantity: 2, substitution });
    await as('PUT', '/cart/coupon', { code: 'UNICORN' });
    await as('PATCH', '/me', { language: 'he' });
    const address = { address_line: '5 Allenby Street', city: 'Tel Aviv', postal_code: '6332101', country: 'Israel' };
    await as('POST', '/me/addresses', address);
    await as('POST', '/me/payment-tokens', { provider: 'mockpay', card_number: '4242424242424242' });
    const list = await as('POST', '/store/lists', { name: 'Weekly' });
    await as('PUT', `/store/lists/${list.id}/items`, { items: [{ product_id: wanted, quantity: 1 }] });
    await as('POST', '/store/wishlist', { product_id: wanted });
    await as('POST', `/catalog/products/${wanted}/reviews`, { rating: 5 });
    await as('POST', `/admin/users/${mine.id}/credit`, { amount: '5.00', reason: 'Late' }, admin.token);
    const lines = [{ productId: bought }];
    const order = await deliveredOrder(shop, { userId: mine.id, branchId: goods.storeId, lines });
    await shop.sql(
      `update order_items set substitution_policy = 'SPECIFIC', substitution_ids = $2 where order_id = $1`,
      [order.id, [instead]],
    );
    const items = [{ item_id: order.itemIds[0], quantity: 1, problem: 'DAMAGED' }];
    await as('POST', `/orders/${order.id}/claims`, { items, wanted: 'CREDIT' });

    const { body } = await shop.request('GET', '/me/export', { token: mine.token });
    const chosen = { substitution_policy: 'SPECIFIC', substitution_ids: [instead] };
    expect(body.data).toMatchObject({
      profile: { language: 'he' },
      carts: [{ coupon: 'UNICORN', items: [{ product_id: wanted, ...chosen }] }],
      orders: [{ items: [{ product_id: bought, ...chosen }] }],
    });
    let selected: unknown;
    const batch = async ([query]: Statement[]) => {
      const { sql: text, params } = new PgDialect().sqlToQuery(query!.sql);
      [selected] = await shop.sql(text, params);
      return [[selected]];
    };
    await exportOf({ user: { userId: mine.id }, batch } as unknown as SignedInCall);
    expect(namesIn(selected)).toEqual(namesIn(body.data));
  });

  it('of staff has their work', async () => {
    const member = await signInAs(shop, 'EMPLOYEE');
    await shop.request('POST', '/stock-requests', {
      token: member.token,
      body: { branch_id: goods.storeId, product_id: goods.products[0]!.id, quantity: 3, request_type: 'ADD_QUANTITY' },
    });
    const { body } = await shop.request('GET', '/me/export', { token: member.token });
    expect(body.data.work.stock_requests).toMatchObject([{ quantity: 3, status: 'PENDING' }]);
  });
});

/** The names of all fields, at any depth. */
function namesIn(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return [...new Set(value.flatMap((one) => namesIn(one, `${path}[]`)))];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value)
    .flatMap(([name, field]) => [`${path}.${name}`, ...namesIn(field, `${path}.${name}`)])
    .toSorted();
}

/** What becomes of each column that points at a person: in the export (as which section, or why not), and at the erasure. */
const DECISIONS: Record<string, [exported: string, erased: string]> = {
  'addresses.user_id': ['addresses', 'deleted'],
  'api_keys.created_by': ['work', 'kept: the audit names the key'],
  'audit_log.actor_user_id': ['a reference only', 'kept: who acted, without values'],
  'audit_log.entity_id': ['account_history', 'kept without values'],
  'batches.created_by': ['work', 'kept: work of the shop'],
  'carts.user_id': ['carts', 'kept for its order, emptied'],
  'claims.decided_by': ['a reference only', 'kept: work of the shop'],
  'claims.user_id': ['claims', 'kept without words'],
  'credit_accounts.user_id': ['credit', 'kept: a ledger'],
  'credit_entries.actor_user_id': ['a reference only', 'kept: a ledger'],
  'credit_entries.user_id': ['credit', 'kept without words: a ledger'],
  'damage_reports.reported_by': ['work', 'kept: work of the shop'],
  'idempotency_keys.user_id': ['no: answers that are told elsewhere, for 24 hours', 'deleted'],
  'login_throttles.email': ['no: failed tries, mostly of others', 'deleted'],
  'notifications.user_id': ['notifications', 'deleted'],
  'order_discounts.user_id': ['orders', 'kept: what a promotion was used for'],
  'order_events.actor_user_id': ['a reference only', 'kept: work of the shop'],
  'order_items.picked_by': ['a reference only', 'kept: work of the shop'],
  'orders.user_id': ['orders', 'kept without address'],
  'pick_operations.actor_user_id': ['a reference only', 'kept: work of the shop'],
  'password_resets.user_id': ['no: secrets', 'deleted'],
  'payment_tokens.user_id': ['payment_methods', 'kept for its payments, emptied'],
  'provider_customers.user_id': ['provider_accounts', 'deleted'],
  'receipts.customer_name': ['orders', 'emptied'],
  'refund_requests.decided_by': ['a reference only', 'kept: work of the shop'],
  'refund_requests.requested_by': ['work', 'kept: work of the shop'],
  'registration_codes.email': ['no: secrets', 'deleted'],
  'reviews.user_id': ['reviews', 'kept: the rating alone'],
  'sessions.user_id': ['sessions', 'deleted'],
  'scheduled_prices.created_by': ['a reference only', 'kept: work of the shop'],
  'settings.updated_by': ['a reference only', 'kept: work of the shop'],
  'shopping_lists.user_id': ['lists', 'deleted'],
  'stock_movements.actor_user_id': ['a reference only', 'kept: a ledger'],
  'stock_requests.actor_user_id': ['work', 'kept: work of the shop'],
  'stock_requests.reviewed_by': ['a reference only', 'kept: work of the shop'],
  'substitution_proposals.created_by': ['a reference only', 'kept: work of the shop'],
  'totp_recovery_codes.user_id': ['no: secrets', 'deleted'],
  'totp_secrets.user_id': ['no: secrets', 'deleted'],
  'users.email': ['profile', 'replaced'],
  'users.full_name': ['profile', 'replaced'],
  'users.language': ['profile', 'emptied'],
  'users.phone': ['profile', 'emptied'],
  'webhooks.created_by': ['a reference only', 'kept: work of the shop'],
  'wishlist_items.user_id': ['wishlist', 'deleted'],
};

describe('every column that points at a person', () => {
  it('has a decision on export and erasure', async () => {
    const pointing = await shop.sql<{ name: string }>(
      `select c.conrelid::regclass || '.' || a.attname as name
         from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and a.attnum = any (c.conkey)
         where c.contype = 'f' and c.confrelid = 'users'::regclass and c.connamespace = 'public'::regnamespace
       union
       select table_name || '.' || column_name from information_schema.columns
         join information_schema.tables using (table_schema, table_name)
         where table_schema = 'public' and table_type = 'BASE TABLE'
           and (column_name ~ 'user_id$|_by$|email|phone|full_name|customer_name' and column_name !~ '^name_key' and column_name <> 'sold_by'
             or table_name = 'users' and column_name = 'language')
       order by 1`,
    );
    const decided = Object.keys(DECISIONS).filter((name) => name !== 'audit_log.entity_id');
    expect(pointing.map(({ name }) => name)).toEqual(decided.toSorted());
  });
});
