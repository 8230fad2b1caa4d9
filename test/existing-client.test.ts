import { beforeAll, describe, expect, it } from 'vitest';
import { routes } from './support/calls/index.ts';
import { administration } from './support/existing-client/administration.ts';
import { type ClientCall, type Kept, replay, unread } from './support/existing-client/call.ts';
import { floor, supervision } from './support/existing-client/floor.ts';
import { management } from './support/existing-client/management.ts';
import { leaving, purchase } from './support/existing-client/purchase.ts';
import { account, window } from './support/existing-client/storefront.ts';
import { makeUser } from './support/factories.ts';
import { openShop, type Shop } from './support/shop.ts';
import { standardShop } from './support/standard-shop.ts';

let shop: Shop;
/** What the client remembers from one call to the next. */
const kept: Kept = {};
beforeAll(async () => {
  shop = await openShop();
  const { warehouseId, storeId, categories, products } = await standardShop(shop);
  const admin = await makeUser(shop, { role: 'ADMIN', fullName: 'Maya Admin' });
  Object.assign(kept, { warehouse: warehouseId, store: storeId, dairy: categories.Dairy });
  Object.assign(kept, { admin: admin.id, adminEmail: admin.email });
  // Something for the alerts to tell.
  await shop.sql('update inventory set reorder_point = 200 where product_id = $1', [products[9]!.id]);
});

const chapters: Record<string, ClientCall[]> = {
  'the console of an administrator': administration,
  'the storefront of anybody': window,
  'the account of a customer': account,
  'the purchase of a customer': purchase,
  'the console of an employee': floor,
  'the console of a manager': supervision,
  'the goods of a manager': management,
  'the end of a visit': leaving,
};

/** Each call builds on those before it, as in a browser. */
describe.each(Object.entries(chapters))('%s', (_, calls) => {
  it.each(calls)('$screen: $send', async (call) => {
    const { status, body, text } = await replay(shop, call, kept);
    expect(status, text).toBe(call.status ?? 200);
    expect(unread(body, call.reads), text).toEqual([]);
  });
});

describe('what the screens make of it', () => {
  const asking = async (call: Omit<ClientCall, 'screen'>) => (await replay(shop, { screen: '', ...call }, kept)).body;

  it('offers the slots of the branch that delivers by default', async () => {
    expect(kept.preselected).toBe(kept.warehouse);
  });

  it('starts an order by its first picked line', () => {
    expect(kept.startedAs).toBe('IN_PROGRESS');
  });

  it('reads stock and slots whole', async () => {
    const stock = await asking({ as: 'manager', send: 'GET /admin/inventory', params: { limit: 10000 } });
    expect(stock.meta).toMatchObject({ limit: 10_000, has_next: false, total: stock.data.length });
    const slots = await asking({ as: 'manager', send: 'GET /admin/delivery-slots' });
    expect(slots.data.length).toBeGreaterThan(80);
    expect(slots.meta).toMatchObject({ limit: 1000, has_next: false, total: slots.data.length });
  });

  it('switches with the empty form that a call without a content type becomes', async () => {
    const answer = await shop.request('PATCH', `/admin/products/${kept.newProduct}/toggle`, {
      token: String(kept.managerToken),
      query: { active: false },
      rawBody: '',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect([answer.status, answer.body.data.is_active]).toEqual([200, false]);
  });

  it('shows the first problem of a form, and any other refusal, by its message alone', async () => {
    const data = { name: '', address: 'x' };
    const { error } = await asking({ as: 'admin', send: 'POST /admin/branches', data });
    expect(error.message).toMatch(/^name: .+/);
    expect(error.details.errors.length).toBeGreaterThan(1);
    const taken = await asking({
      as: 'admin',
      send: 'POST /admin/branches',
      data: { ...data, name: 'Warehouse', address: 'Haifa 1' },
    });
    expect(taken.error).toMatchObject({ code: 'BRANCH_EXISTS', message: expect.stringMatching(/\w+/) });
  });

  it('colours alerts by their kind, and knows what they are about by their type', async () => {
    const { data } = await asking({ as: 'employee', send: 'GET /ops/alerts' });
    expect(new Set(data.map((alert: { kind: string }) => alert.kind))).toEqual(new Set(['alert']));
    expect(data.map((alert: { type: string }) => alert.type)).toContain('LOW_STOCK');
  });

  it('took a hundred calls and more, of routes that there are', () => {
    const called = Object.values(chapters)
      .flat()
      .map(({ send }) => send.replaceAll(/:\w+/g, '{}'));
    const declared = new Set(routes.map(({ name }) => name.replaceAll(/\{\w+\}/g, '{}')));
    expect(called.length).toBeGreaterThanOrEqual(120);
    expect(new Set(called).size).toBeGreaterThanOrEqual(95);
    expect(called.filter((name) => !declared.has(name))).toEqual([]);
  });
});
