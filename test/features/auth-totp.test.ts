import { sign } from 'hono/jwt';
import { Secret, URI } from 'otpauth';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { captureLog } from '../support/captured-log.ts';
import { signIn, signInAs, type TestUser } from '../support/factories.ts';
import { openShop, type RequestOptions, type Shop } from '../support/shop.ts';
import { challengeOf, codeOf, memberWithTotp, setUpTotp, turnOnTotp, wrongCode } from '../support/totp.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterEach(() => {
  vi.restoreAllMocks();
});

const login = ({ email, password }: TestUser, options: RequestOptions = {}) =>
  shop.request('POST', '/auth/login', { body: { email, password }, ...options });
const secondStep = (body: object, options: RequestOptions = {}) =>
  shop.request('POST', '/auth/login/totp', { body, ...options });
const verify = (token: string, code: string) => shop.request('POST', '/auth/totp/verify', { token, body: { code } });
const disable = (token: string, body: object) => shop.request('DELETE', '/auth/totp', { token, body });
const outcome = ({ status, body }: { status: number; body: any }) => [status, body.error?.code];
const actionsOf = async (id: number) =>
  (await shop.sql(`select action from audit_log where entity_type = 'user' and entity_id = $1 order by id`, [id])).map(
    ({ action }) => action,
  );

describe('setting up two-step sign-in', () => {
  it('answers a key that authenticator apps read, and changes no sign-in before a code confirms it', async () => {
    const member = await signInAs(shop, 'MANAGER');
    const { body } = await shop.request('POST', '/auth/totp/setup', { token: member.token });
    const read = URI.parse(body.data.otpauth_url);
    expect(read.label).toBe(member.email);
    expect(read.secret.base32).toBe(body.data.secret);
    expect(read.issuer).toBe('Mami Supermarket');
    expect(Secret.fromBase32(body.data.secret).bytes).toHaveLength(20);
    expect((await login(member)).status).toBe(200);
  });

  it('is turned on by a code, with ten recovery codes, and ends every other session', async () => {
    const member = await signInAs(shop, 'EMPLOYEE');
    const elsewhere = await signIn(shop, member);
    const secret = await setUpTotp(shop, member.token);
    const { body } = await verify(member.token, codeOf(secret));
    expect(new Set(body.data.recovery_codes).size).toBe(10);
    expect(body.data.recovery_codes[0]).toMatch(/^([A-Z2-7]{4}-){3}[A-Z2-7]{4}$/);
    expect((await shop.request('GET', '/auth/me', { token: member.token })).status).toBe(200);
    expect(outcome(await shop.request('GET', '/auth/me', { token: elsewhere }))).toEqual([401, 'AUTH_REQUIRED']);
    expect(await actionsOf(member.id)).toContain('TOTP_ENABLED');
  });

  it('takes only codes of the newest key', async () => {
    const { token } = await signInAs(shop, 'EMPLOYEE');
    const first = await setUpTotp(shop, token);
    const second = await setUpTotp(shop, token);
    expect(second).not.toBe(first);
    expect(outcome(await verify(token, codeOf(first)))).toEqual([400, 'INVALID_TOTP']);
    expect((await verify(token, codeOf(second))).status).toBe(200);
  });

  it('has one winner of two confirmations at once, and cannot be repeated while it is on', async () => {
    const { token } = await signInAs(shop, 'EMPLOYEE');
    const secret = await setUpTotp(shop, token);
    const both = await Promise.all([verify(token, codeOf(secret)), verify(token, codeOf(secret))]);
    expect(both.map(({ status }) => status).toSorted()).toEqual([200, 409]);
    expect(outcome(await shop.request('POST', '/auth/totp/setup', { token }))).toEqual([409, 'TOTP_ALREADY_ENABLED']);
    expect(outcome(await verify(token, codeOf(secret, 1)))).toEqual([409, 'TOTP_ALREADY_ENABLED']);
    const [{ count }] = (await shop.sql(
      `select count(*)::int as count from totp_recovery_codes r join sessions s using (user_id) where s.user_id = r.user_id
       and s.user_id = (select user_id from sessions order by id desc limit 1)`,
    )) as [any];
    expect(count).toBe(10);
  });

  it('has nothing to confirm or turn off before', async () => {
    const { token, password } = await signInAs(shop, 'EMPLOYEE');
    expect(outcome(await verify(token, '123456'))).toEqual([409, 'TOTP_NOT_SET_UP']);
    expect(outcome(await disable(token, { password, code: '123456' }))).toEqual([409, 'TOTP_NOT_SET_UP']);
    await setUpTotp(shop, token);
    expect(outcome(await disable(token, { password, code: '123456' }))).toEqual([409, 'TOTP_NOT_SET_UP']);
  });

  it.each(['12345', '1234567', 'abcdef', '', '12345６'])('refuses the malformed code %j as such', async (code) => {
    const { token } = await signInAs(shop, 'EMPLOYEE');
    const answer = await verify(token, code);
    expect([answer.status, answer.body.error.details.errors[0].path]).toEqual([400, 'code']);
  });
});

describe('signing in with two steps', () => {
  it('answers the right password with a challenge, which is no token, and the code with a session', async () => {
    const member = await memberWithTotp(shop);
    const first = await login(member);
    expect(outcome(first)).toEqual([401, 'TOTP_REQUIRED']);
    const { challenge } = first.body.error.details;
    expect(outcome(await shop.request('GET', '/auth/me', { token: challenge }))).toEqual([401, 'AUTH_REQUIRED']);
    expect((await shop.request('POST', '/auth/refresh', { body: { refresh_token: challenge } })).status).toBe(401);
    const answer = await secondStep({ challenge, code: codeOf(member.secret) });
    expect(answer).toMatchObject({ status: 200, trips: 2 });
    expect(answer.body.data.user).toMatchObject({ id: member.id, role: 'EMPLOYEE' });
    expect((await shop.request('GET', '/auth/me', { token: answer.body.data.access_token })).status).toBe(200);
    expect((await shop.request('POST', '/auth/refresh', { token: answer.body.data.refresh_token })).status).toBe(200);
    const [row] = await shop.sql(
      `select context from audit_log where entity_id = $1 and action = 'LOGIN_SUCCESS' order by id desc limit 1`,
      [member.id],
    );
    expect(row!.context.second_factor).toBe('totp');
  });

  it('does not tell a wrong password that there is a second step', async () => {
    const member = await memberWithTotp(shop);
    const wrong = await login({ ...member, password: 'Password2' });
    const absent = await login({ ...member, email: 'nobody-at-all@example.com' });
    expect(wrong.body).toEqual(absent.body);
    expect(outcome(wrong)).toEqual([401, 'INVALID_CREDENTIALS']);
  });

  it.each([
    [-1, 200],
    [0, 200],
    [1, 200],
    [-2, 401],
    [2, 401],
  ])('takes the code of a clock %i steps away: %i', async (steps, status) => {
    const member = await memberWithTotp(shop);
    await shop.sql('update totp_secrets set last_step = null where user_id = $1', [member.id]);
    const answer = await secondStep({ challenge: await challengeOf(shop, member), code: codeOf(member.secret, steps) });
    expect(answer.status).toBe(status);
  });

  it('takes a code once, and none of an earlier step after it', async () => {
    const member = await memberWithTotp(shop);
    const challenge = await challengeOf(shop, member);
    const code = codeOf(member.secret, 1);
    expect((await secondStep({ challenge, code })).status).toBe(200);
    expect(outcome(await secondStep({ challenge, code }))).toEqual([401, 'INVALID_TOTP']);
    const again = await challengeOf(shop, member);
    expect(outcome(await secondStep({ challenge: again, code: codeOf(member.secret) }))).toEqual([401, 'INVALID_TOTP']);
  });

  it('signs in once of a code that is sent ten times at once', async () => {
    const member = await memberWithTotp(shop);
    const challenge = await challengeOf(shop, member);
    const body = { challenge, code: codeOf(member.secret) };
    const answers = await Promise.all(Array.from({ length: 10 }, () => secondStep(body)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  it('takes each recovery code once, however it is typed', async () => {
    const member = await memberWithTotp(shop);
    const challenge = await challengeOf(shop, member);
    const [first = '', second = ''] = member.recoveryCodes;
    const typed = ` ${first.toLowerCase().replaceAll('-', ' ')} `;
    expect((await secondStep({ challenge, recovery_code: typed })).status).toBe(200);
    expect(outcome(await secondStep({ challenge, recovery_code: first }))).toEqual([401, 'INVALID_TOTP']);
    const atOnce = Array.from({ length: 5 }, () => secondStep({ challenge, recovery_code: second }));
    expect((await Promise.all(atOnce)).filter(({ status }) => status === 200)).toHaveLength(1);
    const another = await memberWithTotp(shop);
    const foreign = { challenge, recovery_code: another.recoveryCodes[0] };
    expect(outcome(await secondStep(foreign))).toEqual([401, 'INVALID_TOTP']);
  });

  it('locks after ten failures, wrong passwords and wrong codes counted together', async () => {
    const member = await memberWithTotp(shop);
    await shop.sql('delete from sessions where user_id = $1', [member.id]);
    const challenge = await challengeOf(shop, member);
    const wrong = { challenge, code: wrongCode(member.secret) };
    for (let i = 0; i < 5; i++) expect((await login({ ...member, password: 'Password2' })).status).toBe(401);
    for (let i = 0; i < 5; i++) expect((await secondStep(wrong)).status).toBe(401);
    const locked = await secondStep({ challenge, code: codeOf(member.secret) });
    expect(outcome(locked)).toEqual([429, 'RATE_LIMITED']);
    expect(Number(locked.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await login(member)).status).toBe(429);
  });

  it('is not signed in to by a right code that comes with forty wrong ones at once, once they have locked it', async () => {
    const member = await memberWithTotp(shop);
    await shop.sql('delete from sessions where user_id = $1', [member.id]);
    const challenge = await challengeOf(shop, member);
    await Promise.all(Array.from({ length: 40 }, () => secondStep({ challenge, code: wrongCode(member.secret) })));
    expect((await secondStep({ challenge, code: codeOf(member.secret) })).status).toBe(429);
    expect(await shop.sql('select from sessions where user_id = $1', [member.id])).toEqual([]);
  });

  it('keeps the count of wrong codes when the first step succeeds', async () => {
    const member = await memberWithTotp(shop);
    await shop.sql('delete from sessions where user_id = $1', [member.id]);
    for (let i = 0; i < 10; i++) {
      const challenge = await challengeOf(shop, member);
      expect((await secondStep({ challenge, code: wrongCode(member.secret) })).status).toBe(401);
    }
    expect((await login(member)).status).toBe(429);
  });

  it('limits the tries of one address', async () => {
    const ip = '203.0.113.77';
    const answers = [];
    for (let i = 0; i < 6; i++) answers.push(await secondStep({ challenge: 'none', code: '123456' }, { ip }));
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401, 429]);
  });

  it('refuses a challenge that is forged, expired, of a changed password or of an account that was switched off', async () => {
    const member = await memberWithTotp(shop);
    const [{ pwd }] = (await shop.sql('select password_changed_at::text as pwd from users where id = $1', [
      member.id,
    ])) as any;
    const claims = { sub: String(member.id), pwd, type: 'totp' };
    const code = codeOf(member.secret);
    const seconds = Math.floor(Date.now() / 1000);
    const secret = String(shop.env.JWT_SECRET_KEY);
    const expired = await sign({ ...claims, exp: seconds - 1 }, secret, 'HS256');
    const forged = await sign({ ...claims, exp: seconds + 60 }, 'another-secret-of-somebody-with-40-chars', 'HS256');
    for (const challenge of [expired, forged, member.token, 'x']) {
      expect(outcome(await secondStep({ challenge, code }))).toEqual([401, 'TOTP_CHALLENGE_EXPIRED']);
    }
    const challenge = await challengeOf(shop, member);
    await shop.sql('update users set is_active = false where id = $1', [member.id]);
    expect(outcome(await secondStep({ challenge, code }))).toEqual([401, 'TOTP_CHALLENGE_EXPIRED']);
    await shop.sql('update users set is_active = true, password_changed_at = now() where id = $1', [member.id]);
    expect(outcome(await secondStep({ challenge, code }))).toEqual([401, 'TOTP_CHALLENGE_EXPIRED']);
  });

  it.each([{}, { code: '123456', recovery_code: 'ABCD' }])('refuses %j: one of the two codes', async (codes) => {
    const answer = await secondStep({ challenge: 'x', ...codes });
    expect([answer.status, answer.body.error.details.errors[0].path]).toEqual([400, 'code']);
  });
});

describe('a forgotten password', () => {
  const reset = async (email: string) => {
    const { body } = await shop.request('POST', '/auth/forgot-password', { body: { email } });
    const token = body.data.reset_token;
    return shop.request('POST', '/auth/reset-password', { body: { email, token, new_password: 'Carmel-2027' } });
  };

  it('does not lead around the second step', async () => {
    const member = await memberWithTotp(shop);
    const challenge = await challengeOf(shop, member);
    expect((await reset(member.email)).status).toBe(200);
    expect(outcome(await secondStep({ challenge, code: codeOf(member.secret) }))).toEqual([
      401,
      'TOTP_CHALLENGE_EXPIRED',
    ]);
    const renewed = { ...member, password: 'Carmel-2027' };
    expect(outcome(await login(renewed))).toEqual([401, 'TOTP_REQUIRED']);
    const answer = await secondStep({ challenge: await challengeOf(shop, renewed), code: codeOf(member.secret) });
    expect(answer.status).toBe(200);
  });

  it('does not clear the count of wrong codes', async () => {
    const member = await memberWithTotp(shop);
    await shop.sql('delete from sessions where user_id = $1', [member.id]);
    const challenge = await challengeOf(shop, member);
    for (let i = 0; i < 10; i++) await secondStep({ challenge, code: wrongCode(member.secret) });
    expect((await reset(member.email)).status).toBe(200);
    expect((await login({ ...member, password: 'Carmel-2027' })).status).toBe(429);
  });
});

describe('turning two-step sign-in off', () => {
  it('needs password and code, and leaves nothing behind', async () => {
    const member = await memberWithTotp(shop);
    const { token, password, secret } = member;
    const code = codeOf(secret);
    expect(outcome(await disable(token, { password: 'Password2', code }))).toEqual([400, 'INVALID_CREDENTIALS']);
    expect(outcome(await disable(token, { password, code: wrongCode(secret) }))).toEqual([400, 'INVALID_TOTP']);
    expect(outcome(await disable(token, { password, code }))).toEqual([200, undefined]);
    expect((await login(member)).status).toBe(200);
    expect(await shop.sql('select from totp_secrets where user_id = $1', [member.id])).toEqual([]);
    expect(await shop.sql('select from totp_recovery_codes where user_id = $1', [member.id])).toEqual([]);
    expect(await actionsOf(member.id)).toContain('TOTP_DISABLED');
  });

  it('is possible for who was made a customer meanwhile', async () => {
    const member = await memberWithTotp(shop);
    await shop.sql(`update users set role = 'CUSTOMER' where id = $1`, [member.id]);
    expect(outcome(await login(member))).toEqual([401, 'TOTP_REQUIRED']);
    const challenge = await challengeOf(shop, member);
    const { body } = await secondStep({ challenge, code: codeOf(member.secret) });
    const answer = await disable(body.data.access_token, {
      password: member.password,
      recovery_code: member.recoveryCodes[3],
    });
    expect(answer.status).toBe(200);
  });

  it('counts wrong codes, so that a stolen session cannot guess them', async () => {
    const member = await memberWithTotp(shop);
    const { token, password, secret } = member;
    for (let i = 0; i < 10; i++) await disable(token, { password, code: wrongCode(secret) });
    expect((await disable(token, { password, code: codeOf(secret) })).status).toBe(429);
  });
});

describe('a sign-in during the change', () => {
  it('starts no session on a password alone once two steps are on', async () => {
    const member = await signInAs(shop, 'EMPLOYEE');
    const secret = await setUpTotp(shop, member.token);
    const [on, ...logins] = await Promise.all([
      verify(member.token, codeOf(secret)),
      ...Array.from({ length: 8 }, () => login(member)),
    ]);
    expect(on!.status).toBe(200);
    for (const { body } of logins) {
      if (!body.data) continue;
      expect((await shop.request('GET', '/auth/me', { token: body.data.access_token })).status).toBe(401);
    }
  });
});

describe('what is stored', () => {
  it('holds neither the key nor a recovery code as it was shown, nor does the log or the audit', async () => {
    const log = captureLog();
    const member = await signInAs(shop, 'EMPLOYEE');
    const { secret, recoveryCodes } = await turnOnTotp(shop, member.token);
    const challenge = await challengeOf(shop, member);
    await secondStep({ challenge, recovery_code: recoveryCodes[0] });
    const stored = await shop.sql(
      `select (select json_agg(s) from totp_secrets s)::text || (select json_agg(r) from totp_recovery_codes r)::text
         || (select json_agg(a) from audit_log a)::text as text`,
    );
    for (const text of [stored[0]!.text, log.text()]) {
      for (const shown of [secret, ...recoveryCodes, ...recoveryCodes.map((code) => code.replaceAll('-', ''))]) {
        expect(text).not.toContain(shown);
      }
    }
  });

  it('is of no use on another account or with another key, and the second step is not left out then', async () => {
    const [mine, theirs] = [await memberWithTotp(shop), await memberWithTotp(shop)];
    const env = { TOTP_ENCRYPTION_KEY: 'qW8zL2vXn5RtY7uJ4kP0mB6cD9fG1hSa' };
    const answer = await secondStep({ challenge: await challengeOf(shop, mine), code: codeOf(mine.secret) }, { env });
    expect(answer.status).toBe(503);
    await shop.sql(
      'update totp_secrets set secret = (select secret from totp_secrets where user_id = $1) where user_id = $2',
      [theirs.id, mine.id],
    );
    const copied = await secondStep({ challenge: await challengeOf(shop, mine), code: codeOf(theirs.secret) });
    expect(copied.status).toBe(503);
  });

  it('is read with the previous key while a rotation lasts', async () => {
    const env = {
      TOTP_ENCRYPTION_KEY: 'qW8zL2vXn5RtY7uJ4kP0mB6cD9fG1hSa',
      TOTP_ENCRYPTION_KEY_PREVIOUS: 'development-key-of-authenticator-secrets',
    };
    const member = await memberWithTotp(shop);
    const challenge = await challengeOf(shop, member);
    expect((await secondStep({ challenge, code: codeOf(member.secret) }, { env })).status).toBe(200);
  });
});

describe('the setting require_staff_totp', () => {
  let strict: Shop;
  let admin: TestUser & { token: string };
  beforeAll(async () => {
    strict = await openShop();
    admin = await signInAs(strict, 'ADMIN');
  });
  const put = (body: object, options: RequestOptions = {}) =>
    strict.request('PUT', '/admin/settings', { token: admin.token, body, ...options });

  it('lets staff without a second factor do nothing but set it up, at the very next request', async () => {
    const [employee, customer] = [await signInAs(strict, 'EMPLOYEE'), await signInAs(strict, 'CUSTOMER')];
    expect(outcome(await put({ require_staff_totp: true }))).toEqual([409, 'TOTP_NOT_SET_UP']);
    const { secret } = await turnOnTotp(strict, admin.token);
    expect((await put({ require_staff_totp: true })).body.data.require_staff_totp).toBe(true);
    const colleague = await signInAs(strict, 'ADMIN');
    for (const { token } of [employee, colleague]) {
      const refused = await strict.request('GET', '/ops/orders', { token });
      expect([...outcome(refused), refused.trips]).toEqual([403, 'TOTP_SETUP_REQUIRED', 1]);
      expect((await strict.request('GET', '/me', { token })).status).toBe(200);
      // Open to customers as well, but staff would see others' orders.
      for (const path of ['/orders/1/events', '/orders/1/receipt']) {
        expect(outcome(await strict.request('GET', path, { token }))).toEqual([403, 'TOTP_SETUP_REQUIRED']);
        expect((await strict.request('GET', path, { token: customer.token })).status).toBe(404);
      }
    }
    const off = { token: colleague.token, body: { require_staff_totp: false } };
    expect(outcome(await strict.request('PUT', '/admin/settings', off))).toEqual([403, 'TOTP_SETUP_REQUIRED']);
    expect((await strict.request('GET', '/cart', { token: customer.token })).status).toBe(200);
    expect(outcome(await strict.request('GET', '/admin/settings', { token: employee.token }))).toEqual([
      403,
      'AUTHORIZATION_ERROR',
    ]);
    await turnOnTotp(strict, employee.token);
    expect((await strict.request('GET', '/ops/orders', { token: employee.token })).status).toBe(200);
    const removal = { password: admin.password, code: codeOf(secret) };
    expect((await strict.request('DELETE', '/auth/totp', { token: admin.token, body: removal })).status).toBe(200);
    expect(outcome(await put({ require_staff_totp: false }))).toEqual([403, 'TOTP_SETUP_REQUIRED']);
    await turnOnTotp(strict, admin.token);
    expect((await put({ require_staff_totp: false })).status).toBe(200);
    const { token } = await signInAs(strict, 'EMPLOYEE');
    expect((await strict.request('GET', '/ops/orders', { token })).status).toBe(200);
  });

  it('has a key that production takes only when it cannot be guessed', async () => {
    const env = { APP_ENV: 'staging', BREVO_API_KEY: 'x', BREVO_SENDER_EMAIL: 'shop@mami.example' };
    const { configOf } = await import('../../src/config.ts');
    const base = {
      ...strict.env,
      ...env,
      DATABASE_GATEWAY_URL: undefined,
      PUBLIC_CACHE: undefined,
      BCRYPT_COST: '10',
      PAYMENT_PROVIDERS: 'mockpay',
      ALLOW_MOCKPAY: 'true',
      CORS_ALLOWED_ORIGINS: 'https://www.mami.example',
      FRONTEND_BASE_URL: 'https://www.mami.example',
    };
    expect(configOf({ ...base }).totpKeys).toEqual([]);
    const example = { ...base, TOTP_ENCRYPTION_KEY: 'development-key-of-authenticator-secrets' };
    expect(() => configOf(example)).toThrow('TOTP_ENCRYPTION_KEY: is an example value');
    expect(() => configOf({ ...base, TOTP_ENCRYPTION_KEY: 'a'.repeat(40) })).toThrow('TOTP_ENCRYPTION_KEY');
  });
});

describe('a customer', () => {
  it('has no two-step sign-in to set up', async () => {
    const { token } = await signInAs(shop);
    expect(outcome(await shop.request('POST', '/auth/totp/setup', { token }))).toEqual([403, 'AUTHORIZATION_ERROR']);
    expect(outcome(await verify(token, '123456'))).toEqual([403, 'AUTHORIZATION_ERROR']);
  });
});
