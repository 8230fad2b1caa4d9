import { beforeAll, describe, expect, it } from 'vitest';
import { makePaymentToken, signInAs } from '../support/factories.ts';
import { openShop, type Shop } from '../support/shop.ts';
import { standardShop } from '../support/standard-shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});

const CARD = '4242424242424242';
const token = { provider: 'mockpay', provider_token: 'tok_approve_1' };

async function customer() {
  const user = await signInAs(shop);
  const call = (method: string, path: string, body?: unknown) =>
    shop.request(method, `/me/payment-tokens${path}`, { token: user.token, ...(body === undefined ? {} : { body }) });
  const listed = async () => (await call('GET', '')).body.data as any[];
  const save = async (more = {}) => (await call('POST', '', { ...token, ...more })).body.data;
  return { ...user, call, listed, save };
}

describe('saving a payment method', () => {
  it('keeps brand and last four digits of a card, and nothing else of its number', async () => {
    const { id, call } = await customer();
    const body = { provider: 'mockpay', card_number: '4242 4242-4242 4242', exp_month: 12, exp_year: 2040 };
    const saved = await call('POST', '', body);
    expect(saved).toMatchObject({ status: 201, trips: 1 });
    const { payment_token_id, ...rest } = saved.body.data;
    expect(rest).toEqual({
      id: payment_token_id,
      provider: 'mockpay',
      brand: 'visa',
      last4: '4242',
      exp_month: 12,
      exp_year: 2040,
      is_default: true,
    });
    const [row] = await shop.sql('select provider_token from payment_tokens where user_id = $1', [id]);
    expect(row!.provider_token).toMatch(/^tok_approve_/);
    const [kept] = await shop.sql(
      `select (select json_agg(t) from payment_tokens t)::text || (select json_agg(a) from audit_log a)::text as everything`,
    );
    expect(kept!.everything.replaceAll(/[ -]/g, '')).not.toContain(CARD);
    const [audit] = await shop.sql(
      `select action, new_value from audit_log where entity_type = 'payment_token' and entity_id = $1`,
      [payment_token_id],
    );
    expect(audit).toMatchObject({ action: 'CREATE', new_value: { last4: '4242' } });
    expect(audit!.new_value).not.toHaveProperty('provider_token');
  });

  it('keeps the token of a provider, and never shows it', async () => {
    const { id, call } = await customer();
    const body = {
      ...token,
      provider_token: 'tok_decline_7',
      brand: 'Visa',
      last4: '0002',
      exp_month: 1,
      exp_year: 2040,
    };
    const saved = await call('POST', '', body);
    expect(saved).toMatchObject({ status: 201, trips: 1 });
    expect(saved.body.data).toMatchObject({ brand: 'Visa', last4: '0002', exp_month: 1, exp_year: 2040 });
    const listed = await call('GET', '');
    expect(listed.trips).toBe(1);
    expect(Object.keys(listed.body.data[0]).sort()).toEqual(
      ['brand', 'exp_month', 'exp_year', 'id', 'is_default', 'last4', 'provider'].sort(),
    );
    expect(saved.text + listed.text).not.toContain('tok_decline');
    const rows = await shop.sql('select provider_token from payment_tokens where user_id = $1', [id]);
    expect(rows).toEqual([{ provider_token: 'tok_decline_7' }]);
  });

  it('takes a token of which nothing more is known', async () => {
    const { call } = await customer();
    const saved = await call('POST', '', { ...token, brand: null, last4: null, exp_month: null, exp_year: null });
    expect(saved.status).toBe(201);
    expect(saved.body.data).toMatchObject({ brand: null, last4: null, exp_month: null, exp_year: null });
  });

  it.each([
    ['nothing at all', {}, 'provider'],
    ['neither token nor card', { provider: 'mockpay' }, 'provider_token'],
    ['both', { ...token, card_number: CARD }, 'card_number'],
    ['another provider', { ...token, provider: 'nopay' }, 'provider'],
    ['a wrong check digit', { provider: 'mockpay', card_number: '4242424242424241' }, 'card_number'],
    ['too few digits', { provider: 'mockpay', card_number: '42424242' }, 'card_number'],
    ['letters', { provider: 'mockpay', card_number: '4242x42424242424' }, 'card_number'],
    ['a number that is no text', { provider: 'mockpay', card_number: 4242424242424242 }, 'card_number'],
    ['an expired card', { provider: 'mockpay', card_number: CARD, exp_month: 1, exp_year: 2020 }, 'exp_month'],
    ['a token of an expired card', { ...token, exp_year: 2020 }, 'exp_year'],
    ['month 13', { ...token, exp_month: 13, exp_year: 2040 }, 'exp_month'],
    ['a year of two digits', { ...token, exp_month: 1, exp_year: 40 }, 'exp_year'],
    ['brand of a card number', { provider: 'mockpay', card_number: CARD, brand: 'Visa' }, 'brand'],
    ['a card number as brand', { ...token, brand: CARD }, 'brand'],
    ['last4 of five digits', { ...token, last4: '42424' }, 'last4'],
    ['a card number as token', { ...token, provider_token: CARD }, 'provider_token'],
    ['a spaced card number as token', { ...token, provider_token: '4242 4242 4242 4242' }, 'provider_token'],
    ['a card number within a token', { ...token, provider_token: `tok_${CARD}` }, 'provider_token'],
    ['an empty token', { ...token, provider_token: '  ' }, 'provider_token'],
    ['a long token', { ...token, provider_token: 'x'.repeat(256) }, 'provider_token'],
    ['an unknown field', { ...token, is_active: true }, 'body'],
  ])('refuses %s without repeating it', async (_, body, path) => {
    const { call, listed } = await customer();
    const answer = await call('POST', '', body);
    expect(answer.status).toBe(400);
    expect(answer.body.error.details.errors.map((error: any) => error.path)).toContain(path);
    expect(answer.text).not.toContain('4242');
    expect(await listed()).toEqual([]);
  });

  it('takes 50 at most, those removed not counted', async () => {
    const { id, call } = await customer();
    await shop.sql(
      `insert into payment_tokens (user_id, provider, provider_token, is_active, is_default)
       select $1, 'mockpay', 'tok_approve_' || n, n <= 49, n = 1 from generate_series(1, 60) n`,
      [id],
    );
    const answers = await Promise.all([1, 2, 3].map(() => call('POST', '', token)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 422, 422]);
  });
});

describe('the default payment method', () => {
  it('is the first, until another one is chosen', async () => {
    const { call, save, listed } = await customer();
    const first = await save();
    const second = await save({ is_default: false });
    expect([first.is_default, second.is_default]).toEqual([true, false]);
    const third = await save({ is_default: true });
    expect((await listed()).map(({ id, is_default }) => [id, is_default])).toEqual([
      [third.id, true],
      [second.id, false],
      [first.id, false],
    ]);
    const chosen = await call('PATCH', `/${first.id}/default`);
    expect(chosen).toMatchObject({ status: 200, trips: 1 });
    expect(chosen.body.data).toMatchObject({ id: first.id, is_default: true });
    expect((await listed()).filter(({ is_default }) => is_default)).toHaveLength(1);
  });

  it('goes to the newest other one when it is removed; the removed one is kept, switched off', async () => {
    const { call, save, listed } = await customer();
    const [first, second, third] = [await save(), await save(), await save()];
    const removed = await call('DELETE', `/${first.id}`);
    expect(removed).toMatchObject({ status: 200, trips: 1 });
    expect(removed.body.data).toEqual({ success: true });
    expect((await listed()).map(({ id, is_default }) => [id, is_default])).toEqual([
      [third.id, true],
      [second.id, false],
    ]);
    const rows = await shop.sql('select is_active, is_default from payment_tokens where id = $1', [first.id]);
    expect(rows).toEqual([{ is_active: false, is_default: false }]);
    for (const answer of [await call('DELETE', `/${first.id}`), await call('PATCH', `/${first.id}/default`)]) {
      expect(answer.body.error).toMatchObject({ code: 'PAYMENT_TOKEN_NOT_FOUND', status_code: 404 });
    }
  });

  it('is always exactly one, however many requests come at once', async () => {
    const { call, listed } = await customer();
    await Promise.all(Array.from({ length: 20 }, () => call('POST', '', { ...token, is_default: true })));
    const all = await listed();
    expect(all).toHaveLength(20);
    expect(all.filter(({ is_default }) => is_default)).toHaveLength(1);
    const answers = await Promise.all(
      all.map(({ id }, index) => (index % 2 ? call('DELETE', `/${id}`) : call('PATCH', `/${id}/default`))),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
    const left = await listed();
    expect(left).toHaveLength(10);
    expect(left.filter(({ is_default }) => is_default)).toHaveLength(1);
  });
});

it("another customer's payment methods do not exist", async () => {
  const { call, save, listed } = await customer();
  const own = await save();
  const other = await signInAs(shop);
  const foreign = await makePaymentToken(shop, { userId: other.id });
  for (const id of [foreign, foreign + 1000]) {
    for (const answer of [await call('PATCH', `/${id}/default`), await call('DELETE', `/${id}`)]) {
      expect(answer.body.error).toMatchObject({ code: 'PAYMENT_TOKEN_NOT_FOUND', status_code: 404 });
    }
  }
  const rows = await shop.sql('select is_active, is_default from payment_tokens where id = $1', [foreign]);
  expect(rows).toEqual([{ is_active: true, is_default: true }]);
  expect((await listed()).map(({ id }) => id)).toEqual([own.id]);
});

it('paying with a card to be saved as the default leaves one default, whatever else is chosen meanwhile', async () => {
  const { storeId, products } = await standardShop(shop);
  const { token, call, save, listed } = await customer();
  const [first, second, third] = [await save(), await save(), await save()];
  const buyWith = async ({ id }: { id: number }) => {
    const line = { product_id: products[0]!.id, quantity: 1 };
    const cart = await shop.request('POST', '/cart/items', { token, body: line });
    const order = { cart_id: cart.body.data.id, fulfillment_type: 'PICKUP', branch_id: storeId };
    await shop.request('POST', '/checkout/preview', { token, body: order });
    const body = { ...order, payment_token_id: id, save_as_default: true };
    return shop.request('POST', '/checkout/confirm', {
      token,
      body,
      headers: { 'idempotency-key': crypto.randomUUID() },
    });
  };
  expect((await buyWith(second)).status).toBe(201);
  expect((await listed()).map(({ id, is_default }) => [id, is_default])).toEqual([
    [second.id, true],
    [third.id, false],
    [first.id, false],
  ]);
  const [bought, ...chosen] = await Promise.all([
    buyWith(third),
    ...Array.from({ length: 12 }, (_, turn) => call('PATCH', `/${turn % 2 ? first.id : second.id}/default`)),
  ]);
  expect([bought, ...chosen].map((answer) => answer!.status)).toEqual([201, ...Array(12).fill(200)]);
  expect((await listed()).filter(({ is_default }) => is_default)).toHaveLength(1);
});
