import { sign } from 'hono/jwt';
import { beforeAll, expect, it } from 'vitest';
import { makeUser } from '../support/factories.ts';
import { openShop, type Shop } from '../support/shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});

interface Tokens {
  access_token: string;
  refresh_token: string;
}

async function signedIn(): Promise<Tokens & { userId: number }> {
  const { email, password, id } = await makeUser(shop);
  const { body } = await shop.request('POST', '/auth/login', { body: { email, password } });
  return { ...body.data, userId: id };
}
const refresh = (refresh_token: string, env?: Record<string, string>) =>
  shop.request('POST', '/auth/refresh', { body: { refresh_token }, ...(env && { env }) });
const me = (token: string, env?: Record<string, string>) =>
  shop.request('GET', '/auth/me', { token, ...(env && { env }) });
/** All that happened to the sessions of the user happened that much earlier. */
const secondsLater = (userId: number, seconds: number) =>
  shop.sql(
    `update sessions set rotations = array(select at - make_interval(secs => $2) from unnest(rotations) at) where user_id = $1`,
    [userId, seconds],
  );

it('answers a new pair with one trip, from the body or as bearer', async () => {
  const first = await signedIn();
  const second = await refresh(first.refresh_token);
  expect(second).toMatchObject({ status: 200, trips: 1 });
  expect(Object.keys(second.body.data).sort()).toEqual(['access_token', 'expires_at', 'refresh_token']);
  expect((await me(second.body.data.access_token)).status).toBe(200);
  const third = await shop.request('POST', '/auth/refresh', { token: second.body.data.refresh_token });
  expect(third.status).toBe(200);
  expect((await me(third.body.data.access_token)).status).toBe(200);
  // As some clients name the type of a body they do not send.
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const fourth = await shop.request('POST', '/auth/refresh', { token: third.body.data.refresh_token, headers });
  expect(fourth.status).toBe(200);
});

it('a token shown again within ten seconds of its first use still works', async () => {
  const { userId, refresh_token } = await signedIn();
  await refresh(refresh_token);
  await secondsLater(userId, 8);
  const again = await refresh(refresh_token);
  expect(again.status).toBe(200);
  expect((await refresh(again.body.data.refresh_token)).status).toBe(200);
  // Two generations back, each first used a moment ago.
  expect((await refresh(refresh_token)).status).toBe(200);
});

it('shown again later it ends every token of its session, and of no other one', async () => {
  const stolen = await signedIn();
  const other = await signedIn();
  const { body } = await refresh(stolen.refresh_token);
  await secondsLater(stolen.userId, 11);
  const reused = await refresh(stolen.refresh_token);
  expect(reused.status).toBe(401);
  expect(reused.body.error.code).toBe('AUTH_REQUIRED');
  expect((await me(stolen.access_token)).status).toBe(401);
  expect((await me(body.data.access_token)).status).toBe(401);
  expect((await refresh(body.data.refresh_token)).status).toBe(401);
  expect((await refresh(other.refresh_token)).status).toBe(200);
  const noted = await shop.sql(
    `select entity_id from audit_log where action = 'REFRESH_REUSED' and actor_user_id = $1`,
    [stolen.userId],
  );
  expect(noted).toEqual([{ entity_id: stolen.userId }]);
});

it('twenty uses of one token at once leave one session alive, rotated once', async () => {
  const { userId, refresh_token } = await signedIn();
  const answers = await Promise.all(Array.from({ length: 20 }, () => refresh(refresh_token)));
  expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
  const sessions = await shop.sql(
    'select refresh_generation, cardinality(rotations) as rotations, revoked_at from sessions where user_id = $1',
    [userId],
  );
  expect(sessions).toEqual([{ refresh_generation: 2, rotations: 1, revoked_at: null }]);
  for (const { body } of answers.slice(0, 3)) expect((await me(body.data.access_token)).status).toBe(200);
});

it('keeps working for as long as it is used, and knows the oldest tokens again', async () => {
  const { userId, refresh_token } = await signedIn();
  let current = refresh_token;
  for (let i = 0; i < 30; i++) {
    const { body } = await refresh(current);
    current = body.data.refresh_token;
    await secondsLater(userId, 60);
  }
  const [session] = await shop.sql(
    `select cardinality(rotations) <= 20 as is_bounded, expires_at > now() + interval '29 days' as is_renewed
     from sessions where user_id = $1`,
    [userId],
  );
  expect(session).toEqual({ is_bounded: true, is_renewed: true });
  expect((await refresh(refresh_token)).status).toBe(401);
  expect((await refresh(current)).status).toBe(401);
});

it('a user who was switched off, a session that has ended or expired, refresh nothing', async () => {
  const [off, out, expired] = [await signedIn(), await signedIn(), await signedIn()];
  await shop.sql('update users set is_active = false where id = $1', [off.userId]);
  await shop.request('POST', '/auth/logout', { token: out.access_token });
  await shop.sql('update sessions set expires_at = now() where user_id = $1', [expired.userId]);
  for (const { refresh_token, access_token } of [off, out, expired]) {
    expect((await refresh(refresh_token)).status).toBe(401);
    expect((await me(access_token)).status).toBe(401);
  }
});

it('takes each token for what it is, and only when signed by us with HS256', async () => {
  const { userId, access_token, refresh_token } = await signedIn();
  expect((await refresh(access_token)).status).toBe(401);
  expect((await me(refresh_token)).status).toBe(401);
  const claims = JSON.parse(atob(access_token.split('.')[1]!.replaceAll('-', '+').replaceAll('_', '/')));
  const secret = shop.env.JWT_SECRET_KEY as string;
  const base64 = (value: object) => btoa(JSON.stringify(value)).replaceAll('=', '');
  const forged = [
    '',
    'not-a-token',
    `${base64({ alg: 'none', typ: 'JWT' })}.${base64(claims)}.`,
    await sign(claims, 'another-secret-of-more-than-32-characters', 'HS256'),
    await sign(claims, secret, 'HS512'),
    `${access_token.slice(0, -2)}xx`,
  ];
  for (const token of forged) {
    const answer = await me(token);
    expect(answer.status).toBe(401);
    expect(answer.body.error.code).toBe('AUTH_REQUIRED');
  }
  const old = await me(await sign({ ...claims, exp: Math.floor(Date.now() / 1000) - 1 }, secret, 'HS256'));
  expect(old.body.error.code).toBe('TOKEN_EXPIRED');
  // The role is the database's word, not the token's.
  const promoted = await sign({ ...claims, role: 'ADMIN' }, secret, 'HS256');
  expect((await me(promoted)).body.data).toMatchObject({ id: userId, role: 'CUSTOMER' });
  expect((await shop.request('POST', '/auth/refresh', {})).status).toBe(401);
});

it('a new secret signs nobody out while the previous one is named', async () => {
  const { access_token, refresh_token } = await signedIn();
  const rotated = {
    JWT_SECRET_KEY: 'a-new-secret-of-the-test-suite-with-44-chars',
    JWT_SECRET_KEY_PREVIOUS: shop.env.JWT_SECRET_KEY as string,
  };
  expect((await me(access_token, rotated)).status).toBe(200);
  const { body } = await refresh(refresh_token, rotated);
  const done = { JWT_SECRET_KEY: rotated.JWT_SECRET_KEY };
  expect((await me(body.data.access_token, done)).status).toBe(200);
  expect((await me(access_token, done)).status).toBe(401);
});
