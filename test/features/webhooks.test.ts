import { createHmac } from 'node:crypto';
import { beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { amending } from '../support/amendments.ts';
import { authorizingShop } from '../support/authorized.ts';
import { settle } from '../support/events.ts';
import { makeProduct, signInAs } from '../support/factories.ts';
import type { ReceivedDelivery, ReceiverScript } from '../support/fake-receiver.ts';
import { openShop, type Shop, type ShopResponse } from '../support/shop.ts';

let shop: Shop;
let admin: { id: number; token: string };
let manager: { token: string };
beforeAll(async () => {
  shop = await openShop({ env: { WEBHOOK_ALLOW_PRIVATE: 'true' } });
  [admin, manager] = await Promise.all([signInAs(shop, 'ADMIN'), signInAs(shop, 'MANAGER')]);
});

const asAdmin = (method: string, path: string, body?: unknown, env?: Record<string, string>) =>
  shop.request(method, `/admin/webhooks${path}`, {
    token: admin.token,
    ...(body === undefined ? {} : { body }),
    ...(env && { env }),
  });

/** A receiver of its own at the test's server. */
function receiver() {
  const name = crypto.randomUUID();
  const base = inject('receiverUrl');
  return {
    url: `${base}/hooks/${name}`,
    script: (script: ReceiverScript) =>
      fetch(`${base}/scripts/${name}`, { method: 'POST', body: JSON.stringify(script) }),
    seen: async (): Promise<ReceivedDelivery[]> => (await fetch(`${base}/seen/${name}`)).json(),
  };
}

async function webhookOf(url: string, events = ['product.*']) {
  const { status, body, text } = await asAdmin('POST', '', { url, events });
  expect(status, text).toBe(201);
  return body.data as { id: number; secret: string };
}

/** A change that there is an event for; other tests' transactions may keep it out of sight for a moment. */
async function changeProduct(price = '3.00'): Promise<number> {
  const productId = await makeProduct(shop);
  await settle(shop);
  await shop.request('PATCH', `/admin/products/${productId}`, { token: manager.token, body: { price } });
  return productId;
}

const until = <T>(check: () => Promise<T>) => vi.waitFor(check, { timeout: 20_000, interval: 50 });
const deliveriesOf = async (id: number) => (await asAdmin('GET', `/${id}/deliveries`)).body.data;
const sign = (secret: string, text: string) =>
  `v1,${createHmac('sha256', Buffer.from(secret.slice(6), 'base64'))
    .update(text)
    .digest('base64')}`;
const makeDue = (id: number) =>
  shop.sql(`update webhook_deliveries set next_attempt_at = now() where webhook_id = $1 and status = 'PENDING'`, [id]);

describe('a delivery', () => {
  it('is sent after the response of the change, signed, to those who want it', async () => {
    const [wants, other] = [receiver(), receiver()];
    const webhook = await webhookOf(wants.url);
    await webhookOf(other.url, ['order.*', 'stock.out']);
    const productId = await changeProduct('4.20');
    const received = await until(async () => {
      const found = (await wants.seen()).filter(({ body }) => JSON.parse(body).type === 'product.updated');
      expect(found).toHaveLength(1);
      return found[0]!;
    });
    const { headers, body } = received;
    expect(JSON.parse(body)).toMatchObject({
      entity_type: 'product',
      entity_id: productId,
      data: { price: '4.20' },
      position: expect.stringMatching(/^\d+-\d+$/),
    });
    expect(headers['webhook-id']).toBe(`evt_${JSON.parse(body).id}`);
    const timestamp = headers['webhook-timestamp']!;
    expect(Math.abs(Number(timestamp) * 1000 - Date.now())).toBeLessThan(60_000);
    expect(headers['webhook-signature']!.split(' ')).toEqual([
      sign(webhook.secret, `${headers['webhook-id']}.${timestamp}.${body}`),
      sign(webhook.secret, `${timestamp}.${body}`),
    ]);
    await until(async () => expect(await deliveriesOf(webhook.id)).toMatchObject([{ status: 'SUCCEEDED' }, {}]));
    expect(await other.seen()).toEqual([]);
  });

  it.each<[name: string, type: string, change: () => Promise<ShopResponse>]>([
    [
      'a change of an order',
      'order.amended',
      async () => {
        const { id, customer, products } = await (await authorizingShop(shop)).ordered();
        return amending(shop).amend(customer, id, [[products[0], 1]]);
      },
    ],
    [
      'a scheduled price that begins at once',
      'product.updated',
      async () => {
        const product_id = await makeProduct(shop, { price: '9.00' });
        const starts_at = new Date(Date.now() - 60_000).toISOString();
        const body = { product_id, price: '8.00', starts_at };
        return shop.request('POST', '/admin/prices', { token: manager.token, body });
      },
    ],
  ])('of %s needs no job: %s', async (_, type, change) => {
    const target = receiver();
    await webhookOf(target.url, [type]);
    const done = await change();
    expect(done.status, done.text).toBeLessThan(300);
    await until(async () => {
      const types = (await target.seen()).map(({ body }) => JSON.parse(body).type);
      expect(types).toContain(type);
    });
  });

  it('is signed with both secrets for a day after a rotation', async () => {
    const target = receiver();
    const { id, secret: previous } = await webhookOf(target.url);
    const { body } = await asAdmin('POST', `/${id}/rotate`);
    const { secret, previous_secret_until } = body.data;
    expect(secret).not.toBe(previous);
    expect(Date.parse(previous_secret_until) - Date.now()).toBeGreaterThan(23.9 * 3_600_000);
    await changeProduct();
    const last = await until(async () => {
      const found = await target.seen();
      expect(found.length).toBeGreaterThan(0);
      return found.at(-1)!;
    });
    const signed = `${last.headers['webhook-id']}.${last.headers['webhook-timestamp']}.${last.body}`;
    const signatures = last.headers['webhook-signature']!.split(' ');
    expect(signatures).toEqual(expect.arrayContaining([sign(secret, signed), sign(previous, signed)]));
    await shop.sql(`update webhooks set previous_secret_until = now() where id = $1`, [id]);
    const before = (await target.seen()).length;
    await changeProduct();
    await until(async () => expect((await target.seen()).length).toBeGreaterThan(before));
    expect((await target.seen()).at(-1)!.headers['webhook-signature']!.split(' ')).toHaveLength(2);
  });

  it('is tried again under the same id, and sent once more when asked to', async () => {
    const target = receiver();
    await target.script({ status: 500 });
    const { id } = await webhookOf(target.url);
    await changeProduct();
    await until(async () =>
      expect((await deliveriesOf(id))[0]).toMatchObject({ status: 'PENDING', response_status: 500 }),
    );
    await target.script({ status: 204 });
    await makeDue(id);
    await shop.scheduled('*/5 * * * *');
    await until(async () => expect((await deliveriesOf(id))[0]).toMatchObject({ status: 'SUCCEEDED', attempts: 2 }));
    const [delivery] = await deliveriesOf(id);
    expect((await asAdmin('POST', `/${id}/deliveries/${delivery.id}/replay`)).status).toBe(200);
    await until(async () => {
      const ids = (await target.seen()).map(({ headers }) => headers['webhook-id']);
      expect(ids.filter((one) => one === delivery.message_id)).toHaveLength(3);
    });
  });

  it('to a receiver that never answers delays nobody else', async () => {
    const [slow, quick] = [receiver(), receiver()];
    await slow.script({ hang: true });
    const stuck = await webhookOf(slow.url);
    await webhookOf(quick.url);
    const productId = await makeProduct(shop);
    await settle(shop);
    const answer = await shop.request('PATCH', `/admin/products/${productId}`, {
      token: manager.token,
      body: { price: '9.00' },
      background: 'leave',
    });
    await until(async () => expect((await quick.seen()).length).toBeGreaterThan(0));
    expect((await deliveriesOf(stuck.id)).every((one: { status: string }) => one.status === 'PENDING')).toBe(true);
    await answer.settled();
    expect((await deliveriesOf(stuck.id))[0]).toMatchObject({ last_error: 'No answer within 10 seconds' });
    await asAdmin('DELETE', `/${stuck.id}`);
  });

  it('does not follow a redirect', async () => {
    const [target, elsewhere] = [receiver(), receiver()];
    await target.script({ status: 307, headers: { location: elsewhere.url } });
    const { id } = await webhookOf(target.url);
    await changeProduct();
    await until(async () =>
      expect((await deliveriesOf(id))[0]).toMatchObject({ last_error: 'Redirects are not followed' }),
    );
    expect(await elsewhere.seen()).toEqual([]);
  });

  it.each([
    ['three days of failures', 500, 9],
    ['410 Gone', 410, 0],
  ])(
    'switches its receiver off after %s, with an alert, until an administrator switches it on',
    async (_, status, attempts) => {
      const target = receiver();
      await target.script({ status });
      const { id } = await webhookOf(target.url);
      await shop.sql('update webhooks set is_active = true where id = $1', [id]);
      await changeProduct();
      await until(async () => expect((await deliveriesOf(id))[0].response_status).toBe(status));
      await shop.sql('update webhook_deliveries set attempts = greatest(attempts, $2) where webhook_id = $1', [
        id,
        attempts,
      ]);
      await makeDue(id);
      await shop.scheduled('*/5 * * * *');
      const [found] = (await asAdmin('GET', '')).body.data.filter((one: { id: number }) => one.id === id);
      expect(found).toMatchObject({
        is_active: false,
        disabled_at: expect.any(String),
        disabled_reason: expect.any(String),
      });
      const alerts = await shop.request('GET', '/ops/alerts', { token: manager.token });
      expect(alerts.body.data).toContainEqual(expect.objectContaining({ type: 'WEBHOOK_DISABLED', entity_id: id }));
      const [delivery] = await deliveriesOf(id);
      expect((await asAdmin('POST', `/${id}/deliveries/${delivery.id}/replay`)).body.error.code).toBe('INVALID_STATUS');
      const on = await asAdmin('PATCH', `/${id}`, { is_active: true });
      expect(on.body.data).toMatchObject({ is_active: true, disabled_at: null, disabled_reason: null });
    },
  );

  it('is sent by the job when the Worker died after its commit', async () => {
    const target = receiver();
    const { id } = await webhookOf(target.url);
    const productId = await makeProduct(shop);
    // Behind the API's back, as a Worker that died after its commit leaves it.
    await shop.sql('update products set price = 77 where id = $1', [productId]);
    await settle(shop);
    await Promise.all([shop.scheduled('*/5 * * * *'), shop.scheduled('*/5 * * * *')]);
    await until(async () => {
      const bodies = (await target.seen()).map(({ body }) => JSON.parse(body));
      expect(
        bodies.filter(({ entity_id, type }) => entity_id === productId && type === 'product.updated'),
      ).toHaveLength(1);
    });
    await until(async () => expect((await deliveriesOf(id))[0].status).toBe('SUCCEEDED'));
  });
});

describe('the address of a webhook', () => {
  const strict = { WEBHOOK_ALLOW_PRIVATE: 'false' };
  const resolvingTo = (...addresses: string[]) => ({
    ...strict,
    WEBHOOK_DNS_URL: `${inject('receiverUrl')}/dns/${addresses.join('/')}`,
  });
  const add = (url: string, env: Record<string, string> = strict) => asAdmin('POST', '', { url, events: ['*'] }, env);

  it.each([
    'http://example.com/hook',
    'https://localhost/hook',
    'https://receiver',
    'https://db.internal/',
    'https://user:word@example.com/',
    'https://127.0.0.1/',
    'https://0x7f.1/',
    'https://2130706433/',
    'https://10.1.2.3/',
    'https://169.254.169.254/latest/meta-data',
    'https://[::1]/',
    'https://[::]/',
    'https://[::ffff:10.0.0.1]/',
    'https://[::ffff:7f00:1]/',
    'https://[fd00::1]/',
    'https://[fe80::1]/',
    'https://[64:ff9b::a00:1]/',
    'https://[2002:7f00:1::]/',
    'https://[2001:db8::1]/',
    'not a web address',
  ])('is refused: %s', async (url) => {
    const { status, body } = await add(url);
    expect([status, body.error.code]).toEqual([400, 'WEBHOOK_URL_REFUSED']);
  });

  it.each([['10.0.0.1'], ['93.184.216.34', '192.168.1.1'], ['::ffff:10.0.0.1'], ['2606:2800:220:1::1', 'fd12::1'], []])(
    'is refused when its name resolves to %s %s',
    async (...addresses) => {
      const { status, body } = await add('https://hooks.example.com/', resolvingTo(...addresses));
      expect([status, body.error.code]).toEqual([400, 'WEBHOOK_URL_REFUSED']);
    },
  );

  it('is taken when every address of its name is public', async () => {
    const taken = await add('https://hooks.example.com/', resolvingTo('93.184.216.34', '2606:2800:220:1::1'));
    expect(taken.status, taken.text).toBe(201);
    await asAdmin('DELETE', `/${taken.body.data.id}`);
  });

  it('is not taken while names cannot be resolved', async () => {
    const down = { ...strict, WEBHOOK_DNS_URL: `${inject('receiverUrl')}/dns-down` };
    expect((await add('https://hooks.example.com/', down)).status).toBe(503);
  });

  it('is checked again at every delivery: a name may point elsewhere by then', async () => {
    const { body } = await add('https://hooks.example.com/', resolvingTo('93.184.216.34'));
    const productId = await makeProduct(shop);
    await settle(shop);
    await shop.request('PATCH', `/admin/products/${productId}`, {
      token: manager.token,
      body: { price: '5.00' },
      env: resolvingTo('127.0.0.1'),
    });
    await until(async () =>
      expect((await deliveriesOf(body.data.id))[0]).toMatchObject({
        last_error: 'The address must not resolve to a private or local address',
      }),
    );
    await asAdmin('DELETE', `/${body.data.id}`);
  });
});

describe('the administration of webhooks', () => {
  it('shows a secret once, and leaves none in the audit', async () => {
    const { id, secret } = await webhookOf(receiver().url);
    await asAdmin('POST', `/${id}/rotate`);
    const list = await asAdmin('GET', '');
    expect(list.text).not.toContain('whsec_');
    const audit = await shop.sql<{ row: string; action: string }>(
      `select a::text as row, action from audit_log a where entity_type = 'webhook' and entity_id = $1 order by id`,
      [id],
    );
    expect(audit.map(({ action }) => action)).toEqual(['CREATE', 'ROTATE_SECRET']);
    expect(audit.map(({ row }) => row).join()).not.toContain(secret.slice(6));
    expect((await asAdmin('DELETE', `/${id}`)).body.data).toEqual({ success: true });
    expect((await asAdmin('DELETE', `/${id}`)).status).toBe(404);
  });

  it('refuses types of events that there are not', async () => {
    const { status, body } = await asAdmin('POST', '', { url: receiver().url, events: ['order.*', 'invoice.*'] });
    expect([status, body.error.details.errors[0].path]).toEqual([400, 'events.1']);
  });
});
