import { beforeAll, describe, expect, it } from 'vitest';
import { amending } from '../support/amendments.ts';
import { type AuthorizingShop, authorizingShop } from '../support/authorized.ts';
import { openShop, type Shop } from '../support/shop.ts';

let shop: Shop;
let floor: AuthorizingShop;
beforeAll(async () => {
  shop = await openShop();
  floor = await authorizingShop(shop);
});

/** What the browser does with `action.url`. */
const visit = (url: string, outcome: string) => {
  const { pathname } = new URL(url);
  return shop.raw('GET', pathname, { query: { outcome } });
};

const confirmations = async () => {
  const [row] = await shop.sql<{ count: number }>(
    `select count(*)::int as count from outbox where kind = 'ORDER_CONFIRMED'`,
  );
  return row!.count;
};

async function waiting() {
  const bought = await floor.basket('tok_action_required_1');
  const answer = await bought.buy();
  expect(answer.status, answer.text).toBe(202);
  const { order_id: id, order_number: number, action } = answer.body.data;
  return { ...bought, id: id as number, number: number as string, action: action as Record<string, string> };
}

describe.each(['CHARGE', 'AUTHORIZE'] as const)('3-D Secure with %s', (mode) => {
  beforeAll(async () => {
    await shop.request('PUT', '/admin/settings', { token: floor.admin, body: { payment_mode: mode } });
  });

  it('keeps stock and slot, and shows the order to nobody', async () => {
    const { id, customer, products, action, buy } = await waiting();
    expect(action).toMatchObject({ type: 'redirect_to_url', url: expect.stringMatching(/^https?:\/\/.+\/api\/v1\//) });
    const minutes = (Date.parse(action.expires_at!) - Date.now()) / 60_000;
    expect(minutes).toBeGreaterThan(14);
    expect(minutes).toBeLessThan(16);
    expect((await shop.request('GET', `/orders/${id}`, { token: customer.token })).status).toBe(404);
    const [stock] = await shop.sql('select on_hand from inventory where product_id = $1', [products[0]]);
    expect(stock).toEqual({ on_hand: 7 });
    const again = await buy();
    expect([again.status, again.body.data.action.expires_at]).toEqual([202, action.expires_at]);
    expect(again.body.data.action.url).toBe(action.url);
  });

  it('becomes the order once the customer has passed', async () => {
    const { id, number, customer, action, buy } = await waiting();
    expect((await visit(action.url!, 'success')).status).toBe(200);
    expect(await floor.orderOf(customer, id)).toMatchObject({
      payment_status: mode === 'CHARGE' ? 'CAPTURED' : 'AUTHORIZED',
    });
    const settled = await buy();
    expect([settled.status, settled.headers.get('idempotency-replayed')]).toEqual([201, null]);
    const repeated = await buy();
    expect(repeated.headers.get('idempotency-replayed')).toBe('true');
    expect([repeated.status, repeated.body.data]).toEqual([
      200,
      { order_id: id, order_number: number, total_paid: '32.50', payment_reference: `mockpay_${number}` },
    ]);
    expect((await visit(action.url!, 'failure')).status).toBe(404);
  });

  it('is a declined payment once the customer has failed', async () => {
    const { customer, products, action, buy } = await waiting();
    await visit(action.url!, 'failure');
    const answer = await buy();
    expect([answer.status, answer.body.error.details]).toEqual([402, { reason: 'authentication_failed' }]);
    const [stock] = await shop.sql('select on_hand from inventory where product_id = $1', [products[0]]);
    expect(stock).toEqual({ on_hand: 9 });
    expect((await shop.request('GET', '/cart', { token: customer.token })).body.data.items).toHaveLength(2);
  });

  it.each(['retry', 'job'] as const)('is voided and released after 15 minutes (%s)', async (rescue) => {
    const { id, products, buy, action } = await waiting();
    await shop.sql(
      `update payments set action_expires_at = now() - interval '1 second', checked_at = null where order_id = $1`,
      [id],
    );
    if (rescue === 'job') await floor.runJobs();
    const answer = await buy();
    expect([answer.status, answer.body.error.details]).toEqual([402, { reason: 'action_expired' }]);
    const [stock] = await shop.sql('select on_hand from inventory where product_id = $1', [products[0]]);
    expect(stock).toEqual({ on_hand: 9 });
    await floor.runJobs();
    expect(
      await shop.sql(
        'select status from payment_voids where payment_id = (select id from payments where order_id = $1)',
        [id],
      ),
    ).toEqual([{ status: 'SUCCEEDED' }]);
    expect((await visit(action.url!, 'success')).status).toBe(404);
  });

  it('is finished by one of many who come at once', async () => {
    const { id, number, buy } = await waiting();
    await shop.sql(
      `update payments set reference = 'mockpay_' || idempotency_key, checked_at = null where order_id = $1`,
      [id],
    );
    const before = await confirmations();
    const answers = await Promise.all([buy(), buy(), buy(), floor.runJobs().then(() => buy())]);
    for (const { status, body } of answers) {
      expect([200, 201]).toContain(status);
      expect(body.data.order_number).toBe(number);
    }
    const events = await shop.sql('select 1 from order_events where order_id = $1', [id]);
    expect(events).toHaveLength(1);
    expect(await confirmations()).toBe(before + 1);
  });
});

describe('another card that wants 3-D Secure', () => {
  it('answers 202, and pays once the customer has passed', async () => {
    const { id, customer } = await floor.ordered('tok_capture_fails_1');
    await floor.pick(id);
    await floor.move(id, 'READY');
    const card = await floor.anotherCard(customer, 'tok_action_required_2');
    const key = crypto.randomUUID();
    const answer = await floor.payWith(customer, id, card, key);
    expect(answer.status, answer.text).toBe(202);
    expect((await floor.payWith(customer, id, card, key)).status).toBe(202);
    const another = await floor.payWith(customer, id, await floor.anotherCard(customer));
    expect([another.status, another.body.error.code]).toEqual([409, 'PAYMENT_IN_PROGRESS']);
    expect((await visit(answer.body.data.action.url, 'success')).status).toBe(200);
    expect((await floor.payWith(customer, id, card, key)).status).toBe(200);
    await shop.sql('update payments set checked_at = null where order_id = $1', [id]);
    await floor.runJobs();
    expect(await floor.orderOf(customer, id)).toMatchObject({ payment_status: 'CAPTURED', captured_amount: '32.50' });
  });

  it('that nobody knows anything of raises an alert once its time has been over for a while', async () => {
    const { id, customer } = await floor.ordered('tok_capture_fails_1');
    await floor.pick(id);
    await floor.move(id, 'READY');
    expect((await floor.payWith(customer, id, await floor.anotherCard(customer, 'tok_action_required_2'))).status).toBe(
      202,
    );
    const expired = (minutes: number) =>
      shop.sql(
        `update payment_attempts a set action_expires_at = now() - make_interval(mins => $2) from payments p
         where p.id = a.payment_id and p.order_id = $1`,
        [id, minutes],
      );
    await expired(14);
    expect(await floor.alertsOf(id)).not.toContain('PAYMENT_STUCK');
    await expired(16);
    expect(await floor.alertsOf(id)).toContain('PAYMENT_STUCK');
  });
});

describe('an amendment that wants 3-D Secure', () => {
  it.each(['AUTHORIZE', 'CHARGE'])(
    'answers 202, and changes the order once the customer has passed (%s)',
    async (mode) => {
      await shop.sql('update settings set payment_mode = $1', [mode]);
      const { id, customer, products } = await floor.ordered();
      const change = amending(shop);
      const { amendment_id: aid } = (await change.preview(customer, id, [[products[0], 5]])).body.data;
      const [key, payment_token_id] = [crypto.randomUUID(), await floor.anotherCard(customer, 'tok_action_required_2')];
      const confirm = () => change.confirm(customer, id, aid, { key, payment_token_id });
      const answer = await confirm();
      expect(answer.status, answer.text).toBe(202);
      expect((await confirm()).status).toBe(202);
      const another = await change.preview(customer, id, [[products[0], 1]]);
      expect([another.status, another.body.error.code]).toEqual([409, 'AMENDMENT_OPEN']);
      expect((await floor.orderOf(customer, id)).amendments).toEqual([]);
      expect((await visit(answer.body.data.action.url, 'success')).status).toBe(200);
      const done = await confirm();
      expect([done.status, done.body.data.total_amount]).toEqual([200, '55.00']);
      await shop.sql(`update settings set payment_mode = 'AUTHORIZE'`);
    },
  );
});

describe("mockpay's page of the bank", () => {
  it('is there in development alone', async () => {
    const { action } = await waiting();
    const { pathname } = new URL(action.url!);
    const production = {
      APP_ENV: 'staging',
      ALLOW_MOCKPAY: 'true',
      PAYMENT_PROVIDERS: 'mockpay',
      BREVO_API_KEY: 'a-key',
      BREVO_SENDER_EMAIL: 'shop@mami.example',
      BCRYPT_COST: '10',
      PUBLIC_CACHE: 'on',
      CORS_ALLOWED_ORIGINS: 'https://www.mami.example',
      FRONTEND_BASE_URL: 'https://www.mami.example',
      DATABASE_GATEWAY_URL: undefined,
    };
    const { status } = await shop.raw('GET', pathname, { query: { outcome: 'success' }, env: production });
    expect(status).toBe(404);
    expect((await visit(action.url!, 'perhaps')).status).toBe(400);
  });
});

describe('money that the provider does not let go of', () => {
  it('raises an alert', async () => {
    await shop.request('PUT', '/admin/settings', { token: floor.admin, body: { payment_mode: 'AUTHORIZE' } });
    const { id, customer } = await floor.ordered('tok_refund_fails_1');
    await shop.request('POST', `/orders/${id}/cancel`, { token: customer.token });
    expect(await floor.alertsOf(id)).toEqual(['VOID_FAILED']);
  });
});
