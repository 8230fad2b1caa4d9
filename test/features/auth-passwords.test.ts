import bcrypt from 'bcryptjs';
import { beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { makeUser, signIn, signInAs } from '../support/factories.ts';
import { openShop, type Shop } from '../support/shop.ts';

let shop: Shop;
let adminToken: string;
beforeAll(async () => {
  shop = await openShop();
  adminToken = (await signInAs(shop, 'ADMIN')).token;
});

const login = (email: string, password: string, env?: Record<string, string>) =>
  shop.request('POST', '/auth/login', { body: { email, password }, ...(env && { env }) });
const newEmail = () => `${crypto.randomUUID()}@example.com`;
const register = (password: string, email = newEmail()) =>
  shop.request('POST', '/auth/register', { body: { email, password, full_name: 'Dana Levi' } });
/** A user whose hash another bcrypt made of these very bytes. */
async function hashedElsewhere(password: string) {
  const user = await makeUser(shop);
  const answer = await fetch(inject('judgeUrl'), { method: 'POST', body: JSON.stringify({ password, cost: 4 }) });
  const { digest } = (await answer.json()) as { digest: string };
  await shop.sql('update users set password_hash = $1 where id = $2', [digest, user.id]);
  return user.email;
}

/** Every way to choose a password; answers the refusal of its field, if any. */
const waysToChoose: Record<string, (password: string, email?: string) => Promise<[number, string | undefined]>> = {
  register: async (password, email = newEmail()) => problemOf(await register(password, email), 'password'),
  'change-password': async (new_password, email) => {
    const user = await makeUser(shop, email ? { email } : {});
    const body = { current_password: user.password, new_password };
    const token = await signIn(shop, user);
    return problemOf(await shop.request('POST', '/auth/change-password', { token, body }), 'new_password');
  },
  'reset-password': async (new_password, wanted) => {
    const { email } = await makeUser(shop, wanted ? { email: wanted } : {});
    const { body } = await shop.request('POST', '/auth/forgot-password', { body: { email } });
    const reset = { email, token: body.data.reset_token, new_password };
    return problemOf(await shop.request('POST', '/auth/reset-password', { body: reset }), 'new_password');
  },
  'admin/users': async (password, email = newEmail()) => {
    const body = { email, password, full_name: 'Noa Cohen', role: 'EMPLOYEE' };
    return problemOf(await shop.request('POST', '/admin/users', { token: adminToken, body }), 'password');
  },
};

function problemOf({ status, body }: { status: number; body: any }, field: string): [number, string | undefined] {
  const problems: { path: string; message: string }[] = body.error?.details.errors ?? [];
  return [status, problems.find(({ path }) => path === field)?.message];
}

describe.each(Object.entries(waysToChoose))('a password chosen by %s', (_, choose) => {
  it.each([
    'Password1',
    'password1',
    'PASSWORD1',
    'qwerty123',
    'abcd1234',
    'trustno1',
    'Passw0rd',
    '1q2w3e4r',
    'Abc12345',
  ])('is none of the commonest: %s', async (password) => {
    const [status, message] = await choose(password);
    expect([status, message]).toEqual([400, expect.stringContaining('commonest')]);
  });

  it('is not the email, in any spelling', async () => {
    for (const spell of [(email: string) => email, (email: string) => ` ${email.toUpperCase()} `]) {
      const email = `e${crypto.randomUUID().slice(0, 8)}1@example.com`;
      expect(await choose(spell(email), email)).toEqual([400, expect.stringContaining('email')]);
    }
  });

  it('holds no NUL and no more than 72 bytes', async () => {
    expect(await choose('Carmel-2026\0Carmel-2026')).toEqual([400, expect.stringContaining('NUL')]);
    expect(await choose(`${'ש'.repeat(36)}1`)).toEqual([400, expect.stringContaining('72 bytes')]);
  });

  it.each(['Carmel-2026', 'Password1-of-mine', 'qwerty1234567', `${'ש'.repeat(35)}1`, `${'e\u0301'.repeat(30)}a1`])(
    'may be %s',
    async (password) => {
      expect((await choose(password))[0]).toBeLessThan(300);
    },
  );
});

describe('signing in', () => {
  it('takes nothing beyond 72 bytes, whatever the first 72 are', async () => {
    const whole = `Carmel-2026${'x'.repeat(61)}`;
    const email = await hashedElsewhere(whole);
    expect((await login(email, whole)).status).toBe(200);
    for (const longer of [`${whole}y`, `${whole}${'y'.repeat(100)}`, `${whole.slice(0, -1)}ש`]) {
      const answer = await login(email, longer);
      expect([answer.status, answer.body.error.code, answer.trips]).toEqual([401, 'INVALID_CREDENTIALS', 2]);
    }
  });

  it('takes no NUL, wherever it stands', async () => {
    const user = await makeUser(shop);
    for (const password of [
      `${user.password}\0`,
      `${user.password}\0${user.password}`,
      `${user.password}\0x`,
      `\0${user.password}`,
    ]) {
      const answer = await login(user.email, password);
      expect([answer.status, answer.body.error.code]).toEqual([401, 'INVALID_CREDENTIALS']);
    }
    expect((await login(user.email, user.password)).status).toBe(200);
  });

  it('refuses both as the current password of a change', async () => {
    const user = await makeUser(shop);
    const token = await signIn(shop, user);
    for (const current_password of [`${user.password}\0${user.password}`, `${user.password}${'x'.repeat(80)}`]) {
      const body = { current_password, new_password: 'Carmel-2026' };
      const answer = await shop.request('POST', '/auth/change-password', { token, body });
      expect([answer.status, answer.body.error.code]).toEqual([400, 'INVALID_CREDENTIALS']);
    }
  });

  const composed = 'Café-Ñandú-ガ1';
  const decomposed = composed.normalize('NFD');

  it.each([
    ['composed', composed],
    ['decomposed', decomposed],
  ])('takes either spelling of an accent when it was chosen %s', async (_, chosen) => {
    const email = newEmail();
    expect((await register(chosen, email)).status).toBe(201);
    for (const password of [composed, decomposed]) expect((await login(email, password)).status).toBe(200);
    expect((await login(email, 'Cafe-Ñandú-ガ1')).status).toBe(401);
  });

  it('counts the bytes of the composed spelling', async () => {
    const email = newEmail();
    const long = `${'é'.repeat(35)}1`;
    expect((await register(long.normalize('NFD'), email)).status).toBe(201);
    for (const password of [long, long.normalize('NFD')]) expect((await login(email, password)).status).toBe(200);
  });

  it('knows hashes of the bytes as they were once sent, and renews them: then either spelling does', async () => {
    const email = await hashedElsewhere(decomposed);
    expect((await login(email, composed)).status).toBe(401);
    expect((await login(email, decomposed)).status).toBe(200);
    expect((await login(email, composed)).status).toBe(200);
    expect((await login(email, decomposed)).status).toBe(200);
  });

  it.each([
    ['of two spellings', decomposed, 64],
    ['with a NUL', 'Password1\0', 32],
    ['of more than 72 bytes', 'x'.repeat(100), 32],
  ])('costs the same for a known and an unknown email with a password %s', async (_, password, expected) => {
    let work = 0;
    const { hash, compare } = bcrypt;
    vi.spyOn(bcrypt, 'hash').mockImplementation(((text: string, cost: number) => {
      work += 2 ** cost;
      return hash(text, cost);
    }) as typeof hash);
    vi.spyOn(bcrypt, 'compare').mockImplementation(((text: string, hashed: string) => {
      work += 2 ** bcrypt.getRounds(hashed);
      return compare(text, hashed);
    }) as typeof compare);
    for (const email of ['nobody@example.com', (await makeUser(shop)).email]) {
      work = 0;
      expect((await login(email, password, { BCRYPT_COST: '5' })).status).toBe(401);
      expect(work, email).toBe(expected);
    }
    vi.restoreAllMocks();
  });
});

describe('an email', () => {
  it.each([
    'a&b@example.com',
    "o'brien!#$%*+/=?^_`{|}~-x@example.com",
    'first.last+tag@sub.example.co.il',
    'dana@xn--4dbcagdahymbxekheh6e0a7fei0b.xn--9dbq2a',
    'a@localhost',
    '.dots..everywhere.@example.com',
    '%41@example.com',
    'x@1.2',
  ])('may be %s: it registers, signs in, is mailed a link that works', async (email) => {
    const made = await register('Carmel-2026', ` ${email.toUpperCase()}\n`);
    expect([made.status, made.body.data?.user.email]).toEqual([201, email]);
    expect((await login(email, 'Carmel-2026')).status).toBe(200);
    const { body } = await shop.request('POST', '/auth/forgot-password', { body: { email: email.toUpperCase() } });
    const reset = { email, token: body.data.reset_token, new_password: 'Carmel-2027' };
    expect((await shop.request('POST', '/auth/reset-password', { body: reset })).status).toBe(200);
    const code = await shop.request('POST', '/auth/register/send-otp', { body: { email } });
    expect(code.body.error.code).toBe('USER_EXISTS');
  });

  it.each([
    'nobody',
    '@example.com',
    'a@',
    'a b@example.com',
    'a@b@example.com',
    'a@-example.com',
    'a@example-.com',
    'a@example..com',
    'a@exa_mple.com',
    'dana@דוגמה.קום',
    'דנה@example.com',
    '\u212Aelvin@example.com',
    'a\0@example.com',
    '"a"@example.com',
    'a@[127.0.0.1]',
    `a@${'b'.repeat(64)}.com`,
    `${'a'.repeat(250)}@b.co`,
  ])('is not %j, as browsers have it', async (email) => {
    const answer = await register('Carmel-2026', email);
    expect([answer.status, answer.body.error.details.errors[0].path]).toEqual([400, 'email']);
  });
});
