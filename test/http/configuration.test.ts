import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Customer, fillCart } from '../support/customer.ts';
import { signInAs } from '../support/factories.ts';
import { type EnvOverrides, openShop, type Shop } from '../support/shop.ts';
import { standardShop } from '../support/standard-shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** What production needs, but for the database: that one is reached through the gateway, which production refuses. */
const production = {
  APP_ENV: 'production',
  DATABASE_GATEWAY_URL: undefined,
  PUBLIC_CACHE: undefined,
  BREVO_API_KEY: 'a-key',
  BREVO_SENDER_EMAIL: 'shop@mami.example',
  BCRYPT_COST: '10',
  PAYMENT_PROVIDERS: 'mockpay',
  ALLOW_MOCKPAY: 'true',
  CORS_ALLOWED_ORIGINS: 'https://www.mami.example,https://staff.mami.example:8443',
  FRONTEND_BASE_URL: 'https://www.mami.example',
};
const EXAMPLE = 'development-secret-of-more-than-32-characters';
const GOOD_KEY = 'kV2rN8qLx0ZtYw5sBj7cHe3mUa9fDg1P';

const logOf = () => {
  const lines: string[] = [];
  vi.spyOn(console, 'error').mockImplementation((line: string) => {
    lines.push(line);
  });
  return () => lines.join('\n');
};

describe('a deployment that is not fit to serve', () => {
  it.each([
    ['JWT_SECRET_KEY', undefined],
    ['JWT_SECRET_KEY', 'short'],
    ...['JWT_SECRET_KEY', 'JWT_SECRET_KEY_PREVIOUS'].flatMap((name) =>
      [
        'a',
        '   ',
        'a'.repeat(64),
        'ab'.repeat(32),
        'abcabcabd'.repeat(5),
        'Password12345678'.repeat(2),
        `${GOOD_KEY.slice(0, 16)}`.repeat(3),
        'abcdefghijklmnopqrstuvwxyz0123456789',
        '98765432109876543210987654321098',
        'change-me-to-a-random-string-of-32-or-more',
        EXAMPLE,
      ].map((value): [string, string] => [name, value]),
    ),
    ['DATABASE_URL', undefined],
    ['STRIPE_API_URL', 'http://localhost:9999'],
    ['CORS_ALLOWED_ORIGINS', undefined],
    ['CORS_ALLOWED_ORIGINS', '*'],
    ['CORS_ALLOWED_ORIGINS', 'https://www.mami.example, *'],
    ['CORS_ALLOWED_ORIGINS', ' , '],
    ['CORS_ALLOWED_ORIGINS', 'null'],
    ['CORS_ALLOWED_ORIGINS', 'https://www.mami.example,null'],
    ['CORS_ALLOWED_ORIGINS', 'http://www.mami.example'],
    ['CORS_ALLOWED_ORIGINS', 'https://www.mami.example,http://localhost:5173'],
    ['CORS_ALLOWED_ORIGINS', 'https://www.mami.example/'],
    ['CORS_ALLOWED_ORIGINS', 'https://www.mami.example/shop'],
    ['CORS_ALLOWED_ORIGINS', 'https://*.mami.example'],
    ['CORS_ALLOWED_ORIGINS', 'www.mami.example'],
    ['CORS_ALLOWED_ORIGINS', 'ftp://www.mami.example'],
    ['FRONTEND_BASE_URL', 'not a url'],
    ['FRONTEND_BASE_URL', 'http://www.mami.example'],
    ['FRONTEND_BASE_URL', 'ftp://www.mami.example'],
    ['FRONTEND_BASE_URL', 'javascript:alert(1)'],
    ['DELIVERY_SOURCE_BRANCH_ID', undefined],
    ['DELIVERY_SOURCE_BRANCH_ID', '0'],
    ['BREVO_API_KEY', undefined],
    ['BREVO_SENDER_EMAIL', ''],
    ['RATE_LIMIT_DEFAULTS', 'a lot'],
    ['RATE_LIMIT_BROWSE', '600 a minute'],
    ['RATE_LIMIT_SHOP', '240'],
    ['RATE_LIMIT_STAFF', '-1 per minute'],
    ['SHOP_TIME_ZONE', 'Middle/Earth'],
    ['SHOP_TIME_ZONE', '+02:00'],
    ['SHOP_TIME_ZONE', '-0330'],
    ['SHOP_TIME_ZONE', '+02'],
    ['BCRYPT_COST', '4'],
    ['DATABASE_GATEWAY_URL', 'http://127.0.0.1:4444/sql'],
    ['MOCKPAY_URL', 'http://127.0.0.1:5555'],
    ['PAYMENT_PROVIDERS', undefined],
    ['PAYMENT_PROVIDERS', ' , '],
    ['PAYMENT_PROVIDERS', 'mockpay,paypall'],
    ['ALLOW_MOCKPAY', undefined],
    ['ALLOW_MOCKPAY', 'false'],
    ['ALLOW_MOCKPAY', ''],
    ['ALLOW_MOCKPAY', '1'],
    ['ALLOW_MOCKPAY', 'yes'],
    ['ALLOW_MOCKPAY', 'TRUE'],
    ['ALLOW_MOCKPAY', 'perhaps'],
    ['APP_ENV', 'produktion'],
  ])('answers 503 and names %s (%s) in the log alone', async (name, value) => {
    const log = logOf();
    const answer = await shop.request('GET', '/catalog/products', { env: { ...production, [name]: value } });
    expect(answer).toMatchObject({ status: 503, trips: 0 });
    expect(answer.body.error.code).toBe('SERVICE_UNAVAILABLE');
    expect(answer.headers.get('retry-after')).toBeTruthy();
    expect(answer.text).not.toContain(name);
    expect(log()).toContain(name);
    if (name.startsWith('JWT') && value && value.length > 5) expect(log()).not.toContain(value);
    const ready = await shop.raw('GET', '/health/ready', { env: { ...production, [name]: value } });
    expect(ready.status).toBe(503);
    expect(ready.body.error.details.checks.configuration).toBe('failed');
    expect(ready.text).not.toContain(name);
  });

  it.each([
    ['JWT_SECRET_KEY', GOOD_KEY],
    ['JWT_SECRET_KEY', '3f9a1c07d2b84e56a0c9f1e8b7d6543297f0e1d2c3b4a5968778695a4b3c2d1e'],
    ['JWT_SECRET_KEY', '0b6d0f8e-5f5c-4c55-9d0e-1f0f6a1f3c2b'],
    ['JWT_SECRET_KEY_PREVIOUS', GOOD_KEY],
    ['JWT_SECRET_KEY_PREVIOUS', ''],
    ['CORS_ALLOWED_ORIGINS', ' https://www.mami.example , https://xn--4dbcagdahymbxekheh6e0a7fei0b.example,'],
    ['SHOP_TIME_ZONE', 'UTC'],
    ['SHOP_TIME_ZONE', 'America/Argentina/Buenos_Aires'],
  ])('is none with %s (%s)', async (name, value) => {
    await shop.request('GET', '/branches'); // points the driver at the gateway, which only development may name
    const answer = await shop.request('GET', '/catalog/products', { env: { ...production, [name]: value } });
    expect(answer.status).toBe(200);
  });

  it.each(['STRIPE_SECRET_KEY', 'STRIPE_WEBHOOK_SECRET', 'STRIPE_PUBLISHABLE_KEY'])(
    'answers 503 without %s where Stripe is a provider',
    async (missing) => {
      const keys = { STRIPE_SECRET_KEY: 'sk_1', STRIPE_WEBHOOK_SECRET: 'whsec_1', STRIPE_PUBLISHABLE_KEY: 'pk_1' };
      const env = { ...production, PAYMENT_PROVIDERS: 'stripe', ALLOW_MOCKPAY: undefined, ...keys };
      await shop.request('GET', '/branches'); // points the driver at the gateway, which only development may name
      expect((await shop.request('GET', '/catalog/products', { env })).status).toBe(200);
      const log = logOf();
      const answer = await shop.request('GET', '/catalog/products', { env: { ...env, [missing]: '' } });
      expect([answer.status, answer.trips]).toEqual([503, 0]);
      expect(log()).toContain(missing);
    },
  );

  it('is held to the same keys in development, and to no more', async () => {
    const status = async (env: EnvOverrides) => (await shop.request('GET', '/branches', { env })).status;
    expect(await status({ PAYMENT_PROVIDERS: '', ALLOW_MOCKPAY: '', ENABLE_REGISTRATION_OTP: '' })).toBe(200);
    expect(await status({ JWT_SECRET_KEY: EXAMPLE, JWT_SECRET_KEY_PREVIOUS: EXAMPLE, CORS_ALLOWED_ORIGINS: '*' })).toBe(
      200,
    );
    for (const env of [
      { JWT_SECRET_KEY: 'a'.repeat(32) },
      { JWT_SECRET_KEY_PREVIOUS: 'a' },
      { CORS_ALLOWED_ORIGINS: 'null' },
    ]) {
      expect(await status(env), JSON.stringify(env)).toBe(503);
    }
  });

  it('is alive all the same', async () => {
    const alive = await shop.raw('GET', '/health', { env: { JWT_SECRET_KEY: undefined } });
    expect(alive).toMatchObject({ status: 200, trips: 0, body: { data: { status: 'ok' } } });
  });
});

describe('health', () => {
  it('is ready when configuration and database are', async () => {
    const ready = await shop.raw('GET', '/health/ready');
    expect(ready).toMatchObject({
      status: 200,
      trips: 1,
      body: { data: { status: 'ok', checks: { configuration: 'ok', database: 'ok' } } },
    });
  });

  it('tells a monitor when the scheduled jobs have not run', async () => {
    const ask = () => shop.raw('GET', '/health/jobs', { env: {} });
    expect(await ask()).toMatchObject({ status: 200, trips: 1, body: { data: { status: 'ok' } } });
    await shop.sql(`update job_runs set succeeded_at = now() - interval '16 minutes' where schedule = '*/5 * * * *'`);
    const late = await ask();
    expect(late).toMatchObject({ status: 503, body: { error: { message: expect.stringContaining('*/5 * * * *.') } } });
    expect(late.body.error.details.jobs.map((job: { is_late: boolean }) => job.is_late)).toEqual([true, false]);
    await shop.scheduled('*/5 * * * *');
    expect((await ask()).status).toBe(200);
  });

  it('names the database when that is down', async () => {
    logOf();
    await shop.fault({ mode: 'error', when: 'before' });
    // Other variables are another isolate's: this one may answer what it found out within the last second.
    const ready = await shop.raw('GET', '/health/ready', { env: {} });
    await shop.fault(null);
    expect(ready.status).toBe(503);
    expect(ready.body.error.details.checks).toEqual({ configuration: 'ok', database: 'failed' });
    expect(ready.headers.get('retry-after')).toBeTruthy();
  });

  it('asks the database once a second at most, however many ask, whatever it answers', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
    const env = {};
    const askTen = async () => {
      const answers = await Promise.all(Array.from({ length: 10 }, () => shop.raw('GET', '/health/ready', { env })));
      const trips = answers.map((answer) => answer.trips).reduce((sum, trips) => sum + trips);
      return { statuses: [...new Set(answers.map(({ status }) => status))], trips };
    };
    expect(await askTen()).toEqual({ statuses: [200], trips: 1 });
    vi.advanceTimersByTime(999);
    expect(await askTen()).toEqual({ statuses: [200], trips: 0 });
    logOf();
    await shop.fault({ mode: 'error', when: 'before' });
    vi.advanceTimersByTime(1);
    expect(await askTen()).toEqual({ statuses: [503], trips: 1 });
    await shop.fault(null);
    expect(await askTen()).toEqual({ statuses: [503], trips: 0 });
    vi.advanceTimersByTime(1_000);
    expect(await askTen()).toEqual({ statuses: [200], trips: 1 });
  });
});

describe('development conveniences', () => {
  it.each(['staging', 'production'])('are none of %s', async (environment) => {
    await shop.raw('GET', '/health/ready'); // points the driver at the gateway, which only development may name
    const env = { ...production, APP_ENV: environment };
    const body = { email: 'dana@example.com' };
    const reset = await shop.request('POST', '/auth/forgot-password', { env, body });
    expect([reset.status, Object.keys(reset.body.data)]).toEqual([200, ['message']]);
    const code = await shop.request('POST', '/auth/register/send-otp', { env, body });
    expect([code.status, Object.keys(code.body.data ?? code.body)], code.text).toEqual([200, ['message']]);
  });
});

describe('play money', () => {
  const save = (token: string, body: object, env: EnvOverrides = {}) =>
    shop.request('POST', '/me/payment-tokens', { token, body: { provider: 'mockpay', ...body }, env });

  it('outside development takes no token that declines or loses answers, and charges none saved before', async () => {
    const { id, token } = await signInAs(shop);
    for (const body of [{ provider_token: 'tok_decline_1' }, { card_number: '4000000000000119' }]) {
      const { status, body: answer } = await save(token, body, production);
      expect([status, answer.error.code]).toEqual([400, 'PAYMENT_TOKEN_REFUSED']);
      expect((await save(token, body)).status).toBe(201);
    }
    expect((await save(token, { card_number: '4242424242424242' }, production)).status).toBe(201);
    const [lost] = await shop.sql<{ id: number }>(
      `select id from payment_tokens where user_id = $1 and provider_token like 'tok_timeout_charged%'`,
      [id],
    );
    const goods = await standardShop(shop);
    const cart = await fillCart(shop, { token } as Customer, [[goods.products[0]!.id, 1]]);
    const terms = {
      cart_id: cart,
      fulfillment_type: 'PICKUP',
      branch_id: goods.warehouseId,
      payment_token_id: lost!.id,
    };
    const headers = { 'Idempotency-Key': 'play-money' };
    const paid = await shop.request('POST', '/checkout/confirm', { token, body: terms, headers, env: production });
    expect([paid.status, paid.body.error.details]).toEqual([402, { reason: 'token_refused' }]);
  });
});
