import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { brevoAccount } from '../support/brevo-account.ts';
import { makeUser, signIn } from '../support/factories.ts';
import { openShop, type Shop } from '../support/shop.ts';

const brevo = brevoAccount();
let shop: Shop;
beforeAll(async () => {
  shop = await openShop({ env: brevo.env });
});
afterEach(() => {
  vi.restoreAllMocks();
});

const forgot = (email: string) => shop.request('POST', '/auth/forgot-password', { body: { email } });
const tokenFor = async (email: string): Promise<string> => (await forgot(email)).body.data.reset_token;
const reset = (email: string, token: string, new_password = 'Another-1') =>
  shop.request('POST', '/auth/reset-password', { body: { email, token, new_password } });
const login = (email: string, password: string) => shop.request('POST', '/auth/login', { body: { email, password } });
const expectRefused = (answer: { status: number; body: any }) => {
  expect(answer.status).toBe(400);
  expect(answer.body.error.code).toBe('INVALID_OR_EXPIRED_TOKEN');
};

describe('asking for a reset', () => {
  it('answers a known, an unknown and a switched-off email alike, and mails the first only', async () => {
    const known = await makeUser(shop);
    const off = await makeUser(shop, { isActive: false });
    const answers = [];
    for (const email of [known.email.toUpperCase(), 'nobody@example.com', off.email]) {
      const { status, body, trips, statements, headers } = await forgot(email);
      expect(body.data.reset_token).toMatch(/^[\w-]{43}$/);
      body.data.reset_token = '';
      answers.push(JSON.stringify({ status, body, trips, statements, names: [...headers.keys()].sort() }));
    }
    expect(JSON.parse(answers[0]!)).toMatchObject({ status: 200, trips: 1 });
    expect(new Set(answers).size).toBe(1);
    expect((await brevo.seen()).mails.map((mail) => mail.to)).toEqual([[{ email: known.email, name: 'Dana Levi' }]]);
    expect(await shop.sql(`select status, payload from outbox where kind <> 'PASSWORD_RESET'`)).toEqual([
      { status: 'SENT', payload: {} },
      { status: 'SENT', payload: {} },
    ]);
  });

  it('keeps no token that could be read', async () => {
    const user = await makeUser(shop);
    const token = await tokenFor(user.email);
    const [kept] = await shop.sql('select * from password_resets where user_id = $1', [user.id]);
    expect(JSON.stringify(kept)).not.toContain(token);
    expect(JSON.stringify(await shop.sql('select * from outbox'))).not.toContain(token);
    expect(JSON.stringify(await shop.sql('select * from audit_log'))).not.toContain(token);
  });
});

describe('a reset', () => {
  it('by the mailed link sets the password and ends every session, with one trip', async () => {
    const user = await makeUser(shop);
    const [one, two] = [await signIn(shop, user), await signIn(shop, user)];
    await forgot(user.email);
    const mail = (await brevo.seen()).mails.find(({ to }) => to[0]!.email === user.email)!;
    const link = new URL(/https?:\S+/.exec(mail.textContent!)![0]);
    expect(link.origin).toBe(shop.env.FRONTEND_BASE_URL);
    const answer = await reset(link.searchParams.get('email')!, link.searchParams.get('token')!);
    expect(answer).toMatchObject({ status: 200, trips: 1 });
    for (const token of [one, two]) expect((await shop.request('GET', '/auth/me', { token })).status).toBe(401);
    expect((await login(user.email, user.password)).status).toBe(401);
    expect((await login(user.email, 'Another-1')).status).toBe(200);
    const noted = await shop.sql(`select entity_id from audit_log where action = 'PASSWORD_RESET' and entity_id = $1`, [
      user.id,
    ]);
    expect(noted).toHaveLength(1);
  });

  it('of twenty at once with one token succeeds once', async () => {
    const user = await makeUser(shop);
    const token = await tokenFor(user.email);
    const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => reset(user.email, token, `Another-${i}`)));
    const winners = answers.flatMap(({ status }, i) => (status === 200 ? [i] : []));
    expect(winners).toHaveLength(1);
    for (const answer of answers.filter(({ status }) => status !== 200)) expectRefused(answer);
    expect((await login(user.email, `Another-${winners[0]}`)).status).toBe(200);
  });

  it('takes no token twice, no older one, no expired one, none of somebody else, none that is made up', async () => {
    const user = await makeUser(shop);
    const other = await makeUser(shop);
    const first = await tokenFor(user.email);
    const second = await tokenFor(user.email);
    expectRefused(await reset(user.email, first));
    expectRefused(await reset(other.email, second));
    expectRefused(await reset('nobody@example.com', second));
    expectRefused(await reset(user.email, `${second}x`));
    expect((await reset(user.email, second)).status).toBe(200);
    expectRefused(await reset(user.email, second));
    const third = await tokenFor(user.email);
    await shop.sql('update password_resets set expires_at = now() where user_id = $1', [user.id]);
    expectRefused(await reset(user.email, third));
    expect((await login(user.email, 'Another-1')).status).toBe(200);
  });

  it('is valid for half an hour', async () => {
    const user = await makeUser(shop);
    await forgot(user.email);
    const [left] = await shop.sql(
      'select round(extract(epoch from expires_at - now()) / 60)::int as minutes from password_resets where user_id = $1',
      [user.id],
    );
    expect(left).toEqual({ minutes: 30 });
  });

  it('opens no account that was switched off meanwhile', async () => {
    const user = await makeUser(shop);
    const token = await tokenFor(user.email);
    await shop.sql('update users set is_active = false where id = $1', [user.id]);
    expectRefused(await reset(user.email, token));
  });

  it('with a weak password says so, and leaves the token good', async () => {
    const user = await makeUser(shop);
    const token = await tokenFor(user.email);
    const weak = await reset(user.email, token, 'weak');
    expect(weak.body.error.code).toBe('VALIDATION_ERROR');
    expect((await reset(user.email, token)).status).toBe(200);
  });
});

it('production mails token and code, and answers neither', async () => {
  const user = await makeUser(shop);
  // The Worker learns of the test database in development only, and remembers.
  await forgot('first@example.com');
  const mailed: string[] = [];
  const direct = globalThis.fetch;
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
    const url = input instanceof Request ? input.url : String(input);
    if (!url.startsWith('https://api.brevo.com/')) return direct(input, init);
    mailed.push(String(init?.body));
    return Response.json({ messageId: '<1@brevo.test>' }, { status: 201 });
  });
  const env = {
    APP_ENV: 'production',
    DATABASE_GATEWAY_URL: undefined,
    BREVO_API_URL: undefined,
    PUBLIC_CACHE: undefined,
    BCRYPT_COST: '10',
  };
  const forgotten = await shop.request('POST', '/auth/forgot-password', { body: { email: user.email }, env });
  expect(forgotten.status).toBe(200);
  expect(Object.keys(forgotten.body.data)).toEqual(['message']);
  const coded = await shop.request('POST', '/auth/register/send-otp', { body: { email: 'new@example.com' }, env });
  expect(coded.status).toBe(200);
  expect(Object.keys(coded.body.data)).toEqual(['message']);
  expect(mailed).toHaveLength(2);
});
