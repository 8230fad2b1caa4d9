import { beforeAll, describe, expect, it } from 'vitest';
import { makeUser } from '../support/factories.ts';
import { openShop, type Shop } from '../support/shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop({ env: { ENABLE_REGISTRATION_OTP: 'true' } });
});

let made = 0;
const newEmail = () => {
  made += 1;
  return `newcomer${made}@example.com`;
};
const send = (email: string) => shop.request('POST', '/auth/register/send-otp', { body: { email } });
const codeFor = async (email: string): Promise<string> => (await send(email)).body.data.code;
/** Another address of one network each time, so that limits per address stay out of the way. */
let asked = 0;
const home = () => {
  asked += 1;
  return `192.0.2.${asked % 256}`;
};
const verify = (email: string, code: string, ip = home()) =>
  shop.request('POST', '/auth/register/verify-otp', { body: { email, code }, ip });
const register = (email: string, { ip = home(), ...more }: { ip?: string; verification_token?: string | null } = {}) =>
  shop.request('POST', '/auth/register', {
    body: { email, password: 'Carmel-2026', full_name: 'Dana Levi', ...more },
    ip,
  });
/** Verified at that address; answers the token. */
const verified = async (email: string, ip?: string): Promise<string> =>
  (await verify(email, await codeFor(email), ip)).body.data.verification_token;
const wrong = (code: string, by = 1) => String(1000 + ((Number(code) - 1000 + by) % 9000));
const expectRefused = (answer: { status: number; body: any }) => {
  expect(answer.status).toBe(400);
  expect(answer.body.error.code).toBe('INVALID_REGISTRATION_OTP');
};

describe('registration that demands a verified email', () => {
  it('is refused without, and possible with it, whatever the case', async () => {
    const email = newEmail();
    const refused = await register(email);
    expect(refused.status).toBe(403);
    expect(refused.body.error.code).toBe('OTP_REQUIRED');
    const sent = await send(email.toUpperCase());
    expect(sent).toMatchObject({ status: 200, trips: 1 });
    expect(sent.body.data.code).toMatch(/^\d{4}$/);
    expect((await register(email)).status).toBe(403);
    expect(await verify(email, sent.body.data.code)).toMatchObject({ status: 200, trips: 1 });
    expect((await register(email)).status).toBe(201);
  });

  it('forgets the verification after half an hour', async () => {
    const email = newEmail();
    await verify(email, await codeFor(email));
    await shop.sql(`update registration_codes set verified_at = verified_at - interval '31 minutes' where email = $1`, [
      email,
    ]);
    expect((await register(email)).status).toBe(403);
  });

  it('serves one account', async () => {
    const email = newEmail();
    await verify(email, await codeFor(email));
    await register(email);
    expect(await shop.sql('select from registration_codes where email = $1', [email])).toEqual([]);
    const again = await send(email);
    expect(again.status).toBe(409);
    expect(again.body.error.code).toBe('USER_EXISTS');
  });
});

describe('a verification', () => {
  const outcome = ({ status, body }: { status: number; body: any }) => [status, body.error?.code];

  it('counts for the network it came from: the /24 of IPv4, the /48 of IPv6, however written', async () => {
    for (const [from, same, other] of [
      ['203.0.113.7', '203.0.113.250', '203.0.114.7'],
      ['203.0.113.7', '::ffff:203.0.113.9', '203.0.11.37'],
      ['2001:db8:1:2::1', '2001:0DB8:0001:ffff::9', '2001:db8:2:2::1'],
    ] as const) {
      const email = newEmail();
      await verified(email, from);
      expect(outcome(await register(email, { ip: other })), other).toEqual([403, 'OTP_REQUIRED']);
      expect(outcome(await register(email, { ip: same, verification_token: null })), same).toEqual([201, undefined]);
    }
  });

  it('of an address nobody knows counts nowhere without its token', async () => {
    const email = newEmail();
    const token = await verified(email, 'unknown');
    expect(outcome(await register(email, { ip: 'unknown' }))).toEqual([403, 'OTP_REQUIRED']);
    expect((await register(email, { ip: 'unknown', verification_token: token })).status).toBe(201);
  });

  it('with its token counts anywhere, once, for its email and for half an hour', async () => {
    const [email, other] = [newEmail(), newEmail()];
    const token = await verified(email, '192.0.2.20');
    const others = await verified(other, '192.0.2.20');
    expect(token).toMatch(/^[\w-]{43}$/);
    for (const verification_token of ['x', `${token}x`, others]) {
      // A wrong token is wrong at home as well.
      for (const ip of ['192.0.2.20', '198.51.100.1']) {
        expect(outcome(await register(email, { ip, verification_token }))).toEqual([403, 'OTP_REQUIRED']);
      }
    }
    const answer = await register(email, { ip: '198.51.100.1', verification_token: token });
    expect([answer.status, answer.trips]).toEqual([201, 1]);
    const again = await register(email, { ip: '198.51.100.1', verification_token: token });
    expect([409, 403]).toContain(again.status);

    await shop.sql(`update registration_codes set verified_at = verified_at - interval '31 minutes' where email = $1`, [
      other,
    ]);
    expect(outcome(await register(other, { verification_token: others }))).toEqual([403, 'OTP_REQUIRED']);
  });

  it('is replaced by a later one, and outlives codes that others ask for', async () => {
    const email = newEmail();
    const first = await verified(email);
    const second = await verified(email);
    await send(email);
    expect((await register(email, { ip: '198.51.100.1', verification_token: first })).status).toBe(403);
    expect((await register(email, { ip: '198.51.100.1', verification_token: second })).status).toBe(201);
  });

  it('lets one of twenty registrations with its token through', async () => {
    const email = newEmail();
    const verification_token = await verified(email);
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) => register(email, { ip: `198.51.100.${i}`, verification_token })),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(await shop.sql('select count(*)::int as made from users where email = $1', [email])).toEqual([{ made: 1 }]);
  });

  it('keeps no token that could be read', async () => {
    const email = newEmail();
    const token = await verified(email);
    const kept = await shop.sql('select * from registration_codes where email = $1', [email]);
    expect(JSON.stringify(kept)).not.toContain(token);
  });

  it('ends with its code when somebody gets the account otherwise', async () => {
    const [made, moved] = [newEmail(), newEmail()];
    for (const email of [made, moved]) {
      await verified(email);
      await send(email);
    }
    await makeUser(shop, { email: made });
    const { id } = await makeUser(shop);
    await shop.sql('update users set email = $1 where id = $2', [moved, id]);
    expect(await shop.sql('select from registration_codes where email in ($1, $2)', [made, moved])).toEqual([]);
  });
});

describe('a code', () => {
  it('is invalidated by the fifth wrong attempt, not by the fourth', async () => {
    const [lucky, unlucky] = [newEmail(), newEmail()];
    const codes = { [lucky]: await codeFor(lucky), [unlucky]: await codeFor(unlucky) };
    for (let i = 1; i <= 4; i++) expectRefused(await verify(lucky, wrong(codes[lucky]!, i)));
    expect((await verify(lucky, codes[lucky]!)).status).toBe(200);
    for (let i = 1; i <= 5; i++) expectRefused(await verify(unlucky, wrong(codes[unlucky]!, i)));
    expectRefused(await verify(unlucky, codes[unlucky]!));
    expect((await register(unlucky)).status).toBe(403);
  });

  it('is invalidated in the same way by many concurrent wrong attempts', async () => {
    const email = newEmail();
    const code = await codeFor(email);
    const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => verify(email, wrong(code, i + 1))));
    for (const answer of answers) expectRefused(answer);
    expect(await shop.sql('select attempts, code_hash from registration_codes where email = $1', [email])).toEqual([
      { attempts: 5, code_hash: null },
    ]);
    expectRefused(await verify(email, code));
  });

  it('works once, also when shown twenty times at once', async () => {
    const email = newEmail();
    const code = await codeFor(email);
    const answers = await Promise.all(Array.from({ length: 20 }, () => verify(email, code)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expectRefused(await verify(email, code));
  });

  it('is killed by a newer one, lives ten minutes, and is nobody else’s', async () => {
    const email = newEmail();
    const old = await codeFor(email);
    let code = await codeFor(email);
    if (code === old) code = await codeFor(email);
    expectRefused(await verify(email, old));
    expectRefused(await verify(newEmail(), code));
    const [life] = await shop.sql(
      'select round(extract(epoch from expires_at - now()) / 60)::int as minutes from registration_codes where email = $1',
      [email],
    );
    expect(life).toEqual({ minutes: 10 });
    await shop.sql('update registration_codes set expires_at = now() where email = $1', [email]);
    expectRefused(await verify(email, code));
  });

  it('cannot be read in the database', async () => {
    const email = newEmail();
    const code = await codeFor(email);
    const [kept] = await shop.sql('select code_hash from registration_codes where email = $1', [email]);
    expect(kept!.code_hash).toMatch(/^[0-9a-f]{64}$/);
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(code));
    expect(kept!.code_hash).not.toBe([...new Uint8Array(digest)].map((b) => b.toString(16).padStart(2, '0')).join(''));
    expect(JSON.stringify(await shop.sql('select payload from outbox'))).not.toContain(code);
  });

  it('is sent five times an hour to one email, however many ask at once', async () => {
    const email = newEmail();
    const answers = await Promise.all(Array.from({ length: 12 }, () => send(email)));
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array(5).fill(200), ...Array(7).fill(429)]);
    const refused = answers.find(({ status }) => status === 429)!;
    expect(refused.body.error.code).toBe('RATE_LIMITED');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(3500);
    await shop.sql(
      `update registration_codes set sent_at = array(select at - interval '61 minutes' from unnest(sent_at) at) where email = $1`,
      [email],
    );
    expect((await send(email)).status).toBe(200);
  });
});

it('codes can be had and verified where registration does not demand them', async () => {
  const email = newEmail();
  const env = { ENABLE_REGISTRATION_OTP: 'false' };
  const { body } = await shop.request('POST', '/auth/register/send-otp', { body: { email }, env });
  const verified = await shop.request('POST', '/auth/register/verify-otp', {
    body: { email, code: body.data.code },
    env,
  });
  expect(verified.status).toBe(200);
  expect((await send((await makeUser(shop)).email)).status).toBe(409);
});

it.each(['123', '12345', 'abcd', '', 1234, null, '١٢٣٤'])('%j is no code', async (code) => {
  const answer = await shop.request('POST', '/auth/register/verify-otp', { body: { email: newEmail(), code } });
  expect(answer.status).toBe(400);
  expect(answer.body.error.code).toBe('VALIDATION_ERROR');
});
