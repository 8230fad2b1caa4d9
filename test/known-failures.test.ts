import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { captureLog } from './support/captured-log.ts';
import { addToCart, type Customer, confirm, delivery, fillCart, newCustomer } from './support/customer.ts';
import { makeProduct, makeStock, signIn, signInAs, type TestUser } from './support/factories.ts';
import { openShop, type Shop } from './support/shop.ts';
import { type StandardShop, standardShop } from './support/standard-shop.ts';

/** What went wrong in the system before this one and has no place in the tests of one feature. */

let shop: Shop;
let goods: StandardShop;
let slotId: number;
let admin: TestUser & { token: string };
beforeAll(async () => {
  shop = await openShop();
  goods = await standardShop(shop);
  slotId = goods.slots.find((slot) => slot.branch_id === goods.warehouseId)!.id;
  admin = await signInAs(shop, 'ADMIN');
});
afterAll(() => vi.restoreAllMocks());

async function stocked(onHand: number): Promise<{ product: number; inventory: number }> {
  const product = await makeProduct(shop);
  return { product, inventory: await makeStock(shop, { productId: product, branchId: goods.warehouseId, onHand }) };
}

describe('a retry with the same key', () => {
  it('gets its stored answer although nothing of it would be valid any more', async () => {
    const customer = await newCustomer(shop);
    const { product } = await stocked(2);
    const terms = delivery(await fillCart(shop, customer, [[product, 2]]), slotId);
    const key = crypto.randomUUID();
    const bought = await confirm(shop, customer, terms, { key });
    expect(bought.status).toBe(201);
    await shop.sql('update products set is_active = false, price = 99 where id = $1', [product]);
    await shop.sql('update payment_tokens set is_active = false where user_id = $1', [customer.id]);
    await shop.sql('update delivery_slots set is_active = false where id = $1', [slotId]);
    await shop.sql('delete from addresses where user_id = $1', [customer.id]);
    const again = await confirm(shop, customer, terms, { key });
    await shop.sql('update delivery_slots set is_active = true where id = $1', [slotId]);
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([200, 'true']);
    expect(again.body.data).toEqual(bought.body.data);
  });

  it('buys at once after a request that was refused before its work began: body, limit or card', async () => {
    const customer = await newCustomer(shop);
    const { product } = await stocked(1);
    const terms = delivery(await fillCart(shop, customer, [[product, 1]]), slotId);
    const key = crypto.randomUUID();
    const malformed = await confirm(shop, customer, { ...terms, cart_id: 'mine' }, { key });
    const env = { RATE_LIMIT_SHOP: '1 per minute' };
    const unknownCard = await confirm(shop, customer, { ...terms, payment_token_id: 999_999_999 }, { key, env });
    const limited = await confirm(shop, customer, terms, { key, env });
    expect([malformed.status, unknownCard.status, limited.status]).toEqual([400, 404, 429]);
    expect((await confirm(shop, customer, terms, { key })).status).toBe(201);
  });

  it('of a declined payment is declined in the same words, and charges nobody', async () => {
    const customer = await newCustomer(shop, { providerToken: 'tok_decline_1' });
    const terms = delivery(await fillCart(shop, customer, [[goods.products[0]!.id, 1]]), slotId);
    const key = crypto.randomUUID();
    const declined = await confirm(shop, customer, terms, { key });
    const again = await confirm(shop, customer, terms, { key });
    expect([declined.status, again.status]).toEqual([402, 402]);
    expect(again.body.error).toEqual(declined.body.error);
    const orders = await shop.sql('select status, placed_at from orders where user_id = $1', [customer.id]);
    expect(orders).toEqual([{ status: 'CANCELED', placed_at: null }]);
  });
});

it('a delivery names its slot, and its total holds the fee', async () => {
  const customer = await newCustomer(shop);
  const cartId = await fillCart(shop, customer, [[goods.products[0]!.id, 1]]);
  const without = await confirm(shop, customer, { cart_id: cartId, fulfillment_type: 'DELIVERY' });
  expect([without.status, without.body.error.code]).toEqual([400, 'SLOT_REQUIRED']);
  const bought = await confirm(shop, customer, delivery(cartId, slotId));
  const { body } = await shop.request('GET', `/orders/${bought.body.data.order_id}`, { token: customer.token });
  expect(Number(body.data.delivery_fee)).toBeGreaterThan(0);
  expect(Number(body.data.total_amount)).toBe(Number(goods.products[0]!.price) + Number(body.data.delivery_fee));
  expect(body.data.delivery).toMatchObject({ slot_id: slotId, address: expect.stringContaining('Tel Aviv') });
});

describe('a user who was switched off', () => {
  it('neither signs in, nor refreshes, nor shops, from that moment on', async () => {
    const customer = await newCustomer(shop);
    const { body } = await shop.request('POST', '/auth/login', {
      body: { email: customer.email, password: customer.password },
    });
    const cartId = await fillCart(shop, customer, [[goods.products[0]!.id, 1]]);
    const off = await shop.request('PATCH', `/admin/users/${customer.id}/toggle`, { token: admin.token });
    expect(off.body.data.is_active).toBe(false);
    const attempts = [
      shop.request('POST', '/auth/login', { body: { email: customer.email, password: customer.password } }),
      shop.request('POST', '/auth/refresh', { body: { refresh_token: body.data.refresh_token } }),
      addToCart(shop, customer, goods.products[1]!.id),
      confirm(shop, customer, delivery(cartId, slotId)),
    ];
    expect((await Promise.all(attempts)).map((answer) => answer.status)).toEqual([401, 401, 401, 401]);
    expect(await shop.sql('select id from orders where user_id = $1', [customer.id])).toEqual([]);
  });
});

it('a refresh token of before a change of the password refreshes nothing', async () => {
  const user = await signInAs(shop);
  const signed = await shop.request('POST', '/auth/login', { body: { email: user.email, password: user.password } });
  const changed = await shop.request('POST', '/auth/change-password', {
    token: user.token,
    body: { current_password: user.password, new_password: 'Another-Password1' },
  });
  expect(changed.status).toBe(200);
  const refreshed = await shop.request('POST', '/auth/refresh', {
    body: { refresh_token: signed.body.data.refresh_token },
  });
  expect(refreshed.status).toBe(401);
  expect(await signIn(shop, { email: user.email, password: 'Another-Password1' })).toBeTruthy();
});

it.each(['short1A', 'nodigits', '12345678', 'ü'.repeat(40), ''])(
  'the weak password %j is a 400 wherever one is chosen',
  async (password) => {
    const user = await signInAs(shop);
    const { email } = user;
    const answers = await Promise.all([
      shop.request('POST', '/auth/register', { body: { email: `new-${email}`, password, full_name: 'Dana Levi' } }),
      shop.request('POST', '/auth/change-password', {
        token: user.token,
        body: { current_password: user.password, new_password: password },
      }),
      shop.request('POST', '/auth/reset-password', { body: { email, token: 'x'.repeat(43), new_password: password } }),
      shop.request('POST', '/admin/users', {
        token: admin.token,
        body: { email: `staff-${email}`, password, full_name: 'Dana Levi', role: 'EMPLOYEE' },
      }),
    ]);
    expect(answers.map((answer) => [answer.status, answer.body.error.code])).toEqual(
      answers.map(() => [400, 'VALIDATION_ERROR']),
    );
  },
);

it('a count that is sent after a sale does not undo the sale', async () => {
  const customer: Customer = await newCustomer(shop);
  const { product, inventory } = await stocked(10);
  const terms = delivery(await fillCart(shop, customer, [[product, 3]]), slotId);
  expect((await confirm(shop, customer, terms)).status).toBe(201);
  const count = await shop.request('PATCH', `/admin/inventory/${inventory}`, {
    token: admin.token,
    body: { available_quantity: 10, expected_available_quantity: 10 },
  });
  expect([count.status, count.body.error.code]).toEqual([409, 'STALE_QUANTITY']);
  expect(await shop.sql('select on_hand from inventory where id = $1', [inventory])).toEqual([{ on_hand: 7 }]);
});

describe('an error of the database', () => {
  it('tells the client no SQL, no names and no values, and the log no values', async () => {
    const log = captureLog();
    await shop.sql('alter table addresses rename to addresses_away');
    const { token } = await signInAs(shop);
    const address = { address_line: '42 Secret Street', city: 'Haifa', postal_code: '424242', country: 'Israel' };
    const answers = [
      await shop.request('GET', '/me/addresses', { token }),
      await shop.request('POST', '/me/addresses', { token, body: address }),
    ];
    await shop.sql('alter table addresses_away rename to addresses');
    for (const { status, body, text } of answers) {
      expect([status, body.error]).toMatchObject([500, { code: 'INTERNAL_ERROR', details: {} }]);
      expect(text).not.toMatch(/select|insert|addresses|relation|42P01|NeonDb|Secret|\.ts:/i);
    }
    expect(log.text()).toContain('42P01');
    expect(log.text()).not.toMatch(/424242|Secret Street/);
    vi.restoreAllMocks();
  });

  it('leaves neither the change nor its audit, or both', async () => {
    const { product } = await stocked(0);
    const renamed = (name: string) =>
      shop.request('PATCH', `/admin/products/${product}`, { token: admin.token, body: { name } });
    const rows = () =>
      shop.sql(
        `select p.name, (select count(*) from audit_log where entity_type = 'product' and entity_id = p.id
                         and new_value ->> 'name' = p.name) as audited from products p where id = $1`,
        [product],
      );
    await shop.fault({ mode: 'drop', when: 'before', times: 1 });
    expect((await renamed('Never')).status).toBe(503);
    expect(await shop.sql(`select id from audit_log where new_value ->> 'name' = 'Never'`)).toEqual([]);
    await shop.fault({ mode: 'drop', when: 'after', times: 1 });
    expect((await renamed('Unheard')).status).toBe(503);
    expect(await rows()).toEqual([{ name: 'Unheard', audited: 1 }]);
  });
});

it('a product named "Milk 3%" is made, found and bought', async () => {
  const made = await shop.request('POST', '/admin/products', {
    token: admin.token,
    body: { name: 'Milk 3%', sku: 'FAT-3', price: '6.90', category_id: goods.categories.Milk },
  });
  expect([made.status, made.body.data?.name]).toEqual([201, 'Milk 3%']);
  const id: number = made.body.data.id;
  await makeStock(shop, { productId: id, branchId: goods.warehouseId, onHand: 1 });
  const found = await shop.request('GET', '/catalog/products/search', { query: { q: 'milk 3%' } });
  expect(found.body.data.map((product: { id: number }) => product.id)).toContain(id);
  const customer = await newCustomer(shop);
  const bought = await confirm(shop, customer, delivery(await fillCart(shop, customer, [[id, 1]]), slotId));
  expect(bought.status).toBe(201);
});
