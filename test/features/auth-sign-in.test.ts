import bcrypt from 'bcryptjs';
import { afterEach, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { makeUser, signIn } from '../support/factories.ts';
import { openShop, type Shop } from '../support/shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterEach(() => {
  vi.restoreAllMocks();
});

const registration = (email: string) => ({
  email,
  password: 'Carmel-2026',
  full_name: 'Dana Levi',
  phone: '+972501234567',
});
const register = (body: object) => shop.request('POST', '/auth/register', { body });
const login = (email: string, password = 'Password1', env?: Record<string, string>) =>
  shop.request('POST', '/auth/login', { body: { email, password }, ...(env && { env }) });
const judge = async (question: object) =>
  (await fetch(inject('judgeUrl'), { method: 'POST', body: JSON.stringify(question) })).json() as any;
const hashOf = async (email: string): Promise<string> =>
  (await shop.sql('select password_hash from users where email = $1', [email]))[0]!.password_hash;
const actionsOf = async (email: string) =>
  (
    await shop.sql(
      `select action from audit_log where entity_type = 'user' and action like 'LOGIN%'
       and (entity_id = (select id from users where email = $1) or context ->> 'email' = $1) order by id`,
      [email],
    )
  ).map((row) => row.action);

describe('registration', () => {
  it('makes a customer account and signs it in with one database trip', async () => {
    const answer = await register(registration(' Dana@Example.com '));
    expect(answer).toMatchObject({ status: 201, trips: 1 });
    expect(answer.body.data.user).toMatchObject({
      email: 'dana@example.com',
      role: 'CUSTOMER',
      phone: '+972501234567',
    });
    const me = await shop.request('GET', '/auth/me', { token: answer.body.data.access_token });
    expect(me.body.data).toEqual(answer.body.data.user);
    expect(me.trips).toBe(1);
  });

  it.each(['ADMIN', 'MANAGER', 'EMPLOYEE', 'admin', ''])('refuses the role %j and makes nothing', async (role) => {
    const answer = await register({ ...registration('climber@example.com'), role });
    expect(answer.status).toBe(403);
    expect(answer.body.error.code).toBe('ROLE_NOT_ALLOWED');
    expect(await shop.sql(`select from users where email = 'climber@example.com'`)).toEqual([]);
  });

  it.each(["'t Hooft", "O'Brien-Smith", 'דנה לוי', 'ג׳ורג׳', 'ශ්‍රී', 'मोनिका', '𠮷'.repeat(50)])(
    'takes the name %s',
    async (full_name) => {
      const answer = await register({ ...registration(`${crypto.randomUUID()}@example.com`), full_name });
      expect(answer.body.data.user).toMatchObject({ full_name });
    },
  );

  it.each(["''", '- -', '𠮷', '😀😀', 'Dana2', 'x'.repeat(51)])('takes no name %s', async (full_name) => {
    const answer = await register({ ...registration('nobody@example.com'), full_name });
    expect([answer.status, answer.body.error.details.errors[0].path]).toEqual([400, 'full_name']);
  });

  it('takes null for what is left out', async () => {
    const answer = await register({ ...registration('nothing@example.com'), phone: null, role: null });
    expect(answer.body.data.user).toMatchObject({ phone: null, role: 'CUSTOMER' });
  });

  it('makes one account of twenty registrations at once, whatever the case of the email', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) => register(registration(i % 2 ? 'twin@example.com' : 'Twin@Example.COM'))),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    const refused = answers.filter(({ status }) => status === 409);
    expect(refused).toHaveLength(19);
    expect(refused[0]!.body.error.code).toBe('USER_EXISTS');
  });

  it.each([
    ['short1', 'too short'],
    ['onlyletters', 'no digit'],
    ['12345678', 'no letter'],
    [`${'a1'.repeat(32)}a`, 'too long'],
    [`${'ש'.repeat(36)}1`, 'more than 72 bytes'],
  ])('refuses the password %s: %s', async (password) => {
    const answer = await register({ ...registration('weak@example.com'), password });
    expect(answer.status).toBe(400);
    expect(answer.body.error.details.errors).toContainEqual(expect.objectContaining({ path: 'password' }));
    expect(answer.text).not.toContain(password);
  });

  it('stores hashes that another bcrypt understands, and understands those of another', async () => {
    const password = 'סיסמה-Password-1';
    await register({ ...registration('judged@example.com'), password });
    const digest = await hashOf('judged@example.com');
    expect(await judge({ password, digest })).toEqual({ verified: true });
    expect(await judge({ password: `${password}x`, digest })).toEqual({ verified: false });
    const other = await judge({ password: 'Another-1', cost: 4 });
    await shop.sql(`update users set password_hash = $1 where email = 'judged@example.com'`, [other.digest]);
    expect((await login('judged@example.com', 'Another-1')).status).toBe(200);
    expect((await login('judged@example.com', 'Another-2')).status).toBe(401);
  });
});

describe('signing in', () => {
  it('takes two trips, any case of the email, and leaves its audit row', async () => {
    const user = await makeUser(shop);
    const answer = await login(` ${user.email.toUpperCase()} `);
    expect(answer).toMatchObject({ status: 200, trips: 2 });
    expect(answer.body.data.user).toMatchObject({ id: user.id, email: user.email });
    expect(await actionsOf(user.email)).toEqual(['LOGIN_SUCCESS']);
  });

  it('answers an unknown email, a wrong password and a switched-off account alike, for the same work', async () => {
    const known = await makeUser(shop);
    const old = await makeUser(shop);
    const { digest } = await judge({ password: 'Password1', cost: 5 });
    await shop.sql('update users set password_hash = $1 where id = $2', [digest, known.id]);
    const off = await makeUser(shop, { isActive: false });
    let work = 0;
    const { hash, compare } = bcrypt;
    vi.spyOn(bcrypt, 'hash').mockImplementation(((password: string, cost: number) => {
      work += 2 ** cost;
      return hash(password, cost);
    }) as typeof hash);
    vi.spyOn(bcrypt, 'compare').mockImplementation(((password: string, hashed: string) => {
      work += 2 ** bcrypt.getRounds(hashed);
      return compare(password, hashed);
    }) as typeof compare);
    const answers = [];
    for (const [email, password] of [
      ['nobody@example.com', 'Password1'],
      [known.email, 'Password2'],
      [old.email, 'Password2'],
      [off.email, 'Password1'],
    ] as const) {
      work = 0;
      const { status, body, trips, statements, headers } = await login(email, password, { BCRYPT_COST: '5' });
      const names = [...headers.keys()].sort().join();
      answers.push(JSON.stringify({ status, body, trips, statements, names, work }));
      expect(await actionsOf(email)).toEqual(['LOGIN_FAILURE']);
    }
    expect(JSON.parse(answers[0]!)).toMatchObject({ status: 401, body: { error: { code: 'INVALID_CREDENTIALS' } } });
    expect(JSON.parse(answers[0]!)).toMatchObject({ trips: 2, work: 32 });
    expect(new Set(answers).size).toBe(1);
  });

  it('renews the hash when the cost has risen, without ending any session', async () => {
    const user = await makeUser(shop);
    const token = await signIn(shop, user);
    expect((await login(user.email, user.password, { BCRYPT_COST: '5' })).status).toBe(200);
    const digest = await hashOf(user.email);
    expect(digest).toMatch(/^\$2[aby]\$05\$/);
    expect(await judge({ password: user.password, digest })).toEqual({ verified: true });
    expect((await shop.request('GET', '/auth/me', { token })).status).toBe(200);
    await login(user.email, user.password, { BCRYPT_COST: '5' });
    expect(await hashOf(user.email)).toBe(digest);
  });

  it('with the old password fails while a change of it is about to be committed', async () => {
    const user = await makeUser(shop);
    // Changes the password, then waits for the sign-in to come to the same row, or past it.
    const change = shop.sql(`
      do $$ begin
        update users set password_hash = 'changed', password_changed_at = now() where id = ${user.id};
        for i in 1..500 loop
          exit when exists (select from pg_locks where not granted and transactionid = pg_current_xact_id()::xid)
            or exists (select from sessions where user_id = ${user.id});
          perform pg_sleep(0.01);
        end loop;
      end $$`);
    const answer = await login(user.email);
    await change;
    expect(answer.status).toBe(401);
    expect(await shop.sql('select from sessions where user_id = $1', [user.id])).toEqual([]);
    expect(await actionsOf(user.email)).toEqual([]);
  });
});

describe('the slow-down of one account', () => {
  const failTimes = async (email: string, times: number) => {
    for (let i = 0; i < times; i++) expect((await login(email, 'Wrong-1')).status).toBe(401);
  };
  /** The lock ends, and everything before it happened earlier by as long. */
  const wait = (email: string, minutes: number) =>
    shop.sql(
      `update login_throttles set locked_until = locked_until - make_interval(mins => $2),
         failed_at = array(select at - make_interval(mins => $2) from unnest(failed_at) at) where email = $1`,
      [email, minutes],
    );
  const lockedFor = async (email: string, password?: string) => {
    const answer = await login(email, password);
    expect(answer.status).toBe(429);
    expect(answer.body.error.code).toBe('RATE_LIMITED');
    return Number(answer.headers.get('retry-after'));
  };

  it.each(['a known', 'an unknown'])('ten failures close the account of %s email for a minute', async (kind) => {
    const email = kind === 'a known' ? (await makeUser(shop)).email : 'guessed@example.com';
    await failTimes(email, 10);
    const seconds = await lockedFor(email);
    expect(seconds).toBeGreaterThan(50);
    expect(seconds).toBeLessThanOrEqual(60);
    expect((await login((await makeUser(shop)).email)).status).toBe(200);
  });

  it('each further failure doubles it, up to an hour, and signing in ends it', async () => {
    const user = await makeUser(shop);
    await failTimes(user.email, 10);
    await wait(user.email, 1);
    await failTimes(user.email, 1);
    expect(Math.ceil((await lockedFor(user.email)) / 60)).toBe(2);
    await shop.sql('update login_throttles set lock_count = 50 where email = $1', [user.email]);
    await wait(user.email, 2);
    await failTimes(user.email, 1);
    expect(Math.ceil((await lockedFor(user.email)) / 60)).toBe(60);
    await wait(user.email, 60);
    expect((await login(user.email)).status).toBe(200);
    await failTimes(user.email, 9);
    expect((await login(user.email)).status).toBe(200);
  });

  it('failures of more than 15 minutes ago do not count', async () => {
    const user = await makeUser(shop);
    await failTimes(user.email, 9);
    await wait(user.email, 16);
    await failTimes(user.email, 9);
    expect((await login(user.email)).status).toBe(200);
  });

  it('thirty guesses at once make one lock of a minute', async () => {
    const user = await makeUser(shop);
    await Promise.all(Array.from({ length: 30 }, () => login(user.email, 'Wrong-1')));
    expect(Math.ceil((await lockedFor(user.email)) / 60)).toBe(1);
    expect(await shop.sql('select lock_count from login_throttles where email = $1', [user.email])).toEqual([
      { lock_count: 1 },
    ]);
  });

  it('a reset of the password ends it', async () => {
    const user = await makeUser(shop);
    await failTimes(user.email, 10);
    const { body } = await shop.request('POST', '/auth/forgot-password', { body: { email: user.email } });
    await shop.request('POST', '/auth/reset-password', {
      body: { email: user.email, token: body.data.reset_token, new_password: 'Another-1' },
    });
    expect((await login(user.email, 'Another-1')).status).toBe(200);
  });
});

describe('the count of a network that the owner uses', () => {
  let addresses = 0;
  /** Another host of that network each time, so that limits per address stay out of the way. */
  const from = (network: string) => {
    addresses += 1;
    return network.includes(':') ? `${network}:${addresses.toString(16)}::1` : `${network}.${addresses % 256}`;
  };
  const loginFrom = (network: string, email: string, password = 'Password1') =>
    shop.request('POST', '/auth/login', { body: { email, password }, ip: from(network) });
  const failFrom = async (network: string, email: string, times = 10) => {
    for (let i = 0; i < times; i++) expect((await loginFrom(network, email, 'Wrong-1')).status).toBe(401);
  };
  const signedInFrom = async (network: string) => {
    const user = await makeUser(shop);
    expect((await loginFrom(network, user.email)).status).toBe(200);
    return user.email;
  };

  it.each([
    ['203.0.113', '198.51.100'],
    ['2001:db8:1', '2001:db8:2'],
    ['2001:db8:3', '203.0.113'],
  ])(
    'is its own: at %s the owner signs in while strangers at %s are locked out, and the other way round',
    async (home, away) => {
      const email = await signedInFrom(home);
      await failFrom(away, email, 5);
      for (let i = 0; i < 5; i++) expect((await login(email, 'Wrong-1')).status).toBe(401);
      expect((await loginFrom(away, email)).status).toBe(429);
      expect((await login(email)).status).toBe(429);
      expect((await loginFrom(home, email)).status).toBe(200);
      // That the owner signs in at home gives strangers no new tries.
      expect((await loginFrom(away, email)).status).toBe(429);

      await failFrom(home, email);
      const locked = await loginFrom(home, email);
      expect([locked.status, locked.body.error.code]).toEqual([429, 'RATE_LIMITED']);
      expect(Number(locked.headers.get('retry-after'))).toBeGreaterThan(50);
    },
  );

  it('begins with a sign-in there, is one for each such network, and ends 30 days after the last', async () => {
    const email = await signedInFrom('203.0.113');
    expect((await loginFrom('198.51.100', email)).status).toBe(200);
    await failFrom('192.0.2', email);
    await failFrom('203.0.113', email);
    expect((await loginFrom('203.0.113', email)).status).toBe(429);
    expect((await loginFrom('198.51.100', email)).status).toBe(200);
    await shop.sql(
      `update sessions set created_at = created_at - interval '30 days' where user_id = (select id from users where email = $1)`,
      [email],
    );
    expect((await loginFrom('198.51.100', email)).status).toBe(429);
  });

  it('is not to be had by signing in to another account, or by the session of this one used elsewhere', async () => {
    const victim = await makeUser(shop);
    const token = (await loginFrom('203.0.113', victim.email)).body.data.access_token;
    await loginFrom('198.51.100', (await makeUser(shop)).email);
    await shop.request('GET', '/auth/me', { token, ip: from('198.51.100') });
    await failFrom('192.0.2', victim.email);
    expect((await loginFrom('198.51.100', victim.email)).status).toBe(429);
  });

  it('holds for a change of the password, which strangers with a session cannot guess either', async () => {
    const email = await signedInFrom('203.0.113');
    const token = (await loginFrom('203.0.113', email)).body.data.access_token;
    const change = (ip: string, current_password: string) =>
      shop.request('POST', '/auth/change-password', {
        token,
        body: { current_password, new_password: 'Another-1' },
        ip,
      });
    for (let i = 0; i < 10; i++) expect((await change(from('198.51.100'), 'Wrong-1')).status).toBe(400);
    expect((await change(from('198.51.100'), 'Password1')).status).toBe(429);
    expect((await change(from('203.0.113'), 'Password1')).status).toBe(200);
  });

  it('a reset of the password ends every count', async () => {
    const email = await signedInFrom('203.0.113');
    await failFrom('203.0.113', email);
    await failFrom('198.51.100', email);
    const { body } = await shop.request('POST', '/auth/forgot-password', { body: { email } });
    await shop.request('POST', '/auth/reset-password', {
      body: { email, token: body.data.reset_token, new_password: 'Another-1' },
    });
    for (const network of ['203.0.113', '198.51.100']) {
      expect((await loginFrom(network, email, 'Another-1')).status).toBe(200);
    }
  });

  it('thirty guesses at once from there make one lock of a minute', async () => {
    const email = await signedInFrom('203.0.113');
    await Promise.all(Array.from({ length: 30 }, () => loginFrom('203.0.113', email, 'Wrong-1')));
    expect(await shop.sql('select network, lock_count from login_throttles where email = $1', [email])).toEqual([
      { network: '203.0.113.0/24', lock_count: 1 },
    ]);
  });
});

it('the sixth sign-in of one address within a minute is limited, whatever the account', async () => {
  const user = await makeUser(shop);
  const ip = '203.0.113.9';
  const attempt = () =>
    shop.request('POST', '/auth/login', { body: { email: user.email, password: user.password }, ip });
  for (let i = 0; i < 5; i++) expect((await attempt()).status).toBe(200);
  const refused = await attempt();
  expect(refused).toMatchObject({ status: 429, trips: 0 });
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
});
