import { beforeAll, describe, expect, it } from 'vitest';
import { makeUser, type TestUser } from '../support/factories.ts';
import { openShop, type Shop } from '../support/shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});

interface Device {
  access_token: string;
  refresh_token: string;
}

const signInFrom = async ({ email, password }: TestUser, userAgent = 'Test', ip?: string): Promise<Device> => {
  const headers = { 'user-agent': userAgent };
  return (await shop.request('POST', '/auth/login', { body: { email, password }, headers, ...(ip && { ip }) })).body
    .data;
};
const sessionsOf = async ({ access_token: token }: Device): Promise<any[]> =>
  (await shop.request('GET', '/auth/sessions', { token })).body.data;
const isAlive = async (device: Device): Promise<boolean> => {
  const me = await shop.request('GET', '/auth/me', { token: device.access_token });
  const isRefreshed = await shop.request('POST', '/auth/refresh', { token: device.refresh_token });
  expect(isRefreshed.status === 200).toBe(me.status === 200);
  return me.status === 200;
};

it('lists where the caller is signed in, the latest first, and nothing that has ended', async () => {
  const user = await makeUser(shop);
  const phone = await signInFrom(user, 'Phone', '192.0.2.1');
  const ended = await signInFrom(user, 'Ended', '192.0.2.2');
  await shop.request('POST', '/auth/logout', { token: ended.access_token });
  const laptop = await signInFrom(user, 'Laptop', '2001:db8::1');
  await signInFrom(await makeUser(shop), 'Somebody else');
  const answer = await shop.request('GET', '/auth/sessions', { token: laptop.access_token });
  expect(answer).toMatchObject({ status: 200, trips: 1 });
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(answer.body.data).toMatchObject([
    { user_agent: 'Laptop', ip: '2001:db8::1', current: true },
    { user_agent: 'Phone', ip: '192.0.2.1', current: false },
  ]);
  expect(Object.keys(answer.body.data[0]).sort()).toEqual([
    'created_at',
    'current',
    'id',
    'ip',
    'last_used_at',
    'user_agent',
  ]);
  expect((await sessionsOf(phone)).find((session) => session.current).user_agent).toBe('Phone');
});

it('ends one of them, once, and never somebody else’s', async () => {
  const user = await makeUser(shop);
  const [here, lost] = [await signInFrom(user), await signInFrom(user, 'Lost')];
  const stranger = await signInFrom(await makeUser(shop));
  const lostId = (await sessionsOf(here)).find((session) => session.user_agent === 'Lost').id;
  const end = (by: Device) => shop.request('DELETE', `/auth/sessions/${lostId}`, { token: by.access_token });
  expect((await end(stranger)).status).toBe(404);
  expect(await isAlive(lost)).toBe(true);
  const answer = await end(here);
  expect(answer).toMatchObject({ status: 200, trips: 1 });
  expect(answer.body.data).toEqual({ success: true });
  expect(await isAlive(lost)).toBe(false);
  expect((await end(here)).status).toBe(404);
  expect(await isAlive(here)).toBe(true);
});

it('logging out ends this session, logging out everywhere all of the caller’s', async () => {
  const user = await makeUser(shop);
  const [one, two, three] = [await signInFrom(user), await signInFrom(user), await signInFrom(user)];
  const stranger = await signInFrom(await makeUser(shop));
  expect(await shop.request('POST', '/auth/logout', { token: one.access_token })).toMatchObject({
    status: 200,
    trips: 1,
  });
  expect(await isAlive(one)).toBe(false);
  expect(await isAlive(two)).toBe(true);
  const all = await shop.request('POST', '/auth/logout-all', { token: two.access_token });
  expect(all).toMatchObject({ status: 200, trips: 1 });
  expect([await isAlive(two), await isAlive(three), await isAlive(stranger)]).toEqual([false, false, true]);
});

it('changing the password ends every session but the new one', async () => {
  const user = await makeUser(shop);
  const [here, elsewhere] = [await signInFrom(user), await signInFrom(user)];
  const change = (current_password: string, new_password = 'Another-1') =>
    shop.request('POST', '/auth/change-password', {
      token: here.access_token,
      body: { current_password, new_password },
    });
  const wrong = await change('Wrong-1');
  expect(wrong.status).toBe(400);
  expect(wrong.body.error.code).toBe('INVALID_CREDENTIALS');
  expect((await change(user.password, 'weak')).body.error.code).toBe('VALIDATION_ERROR');
  expect(await shop.request('GET', '/auth/me', { token: elsewhere.access_token })).toMatchObject({ status: 200 });
  const changed = await change(user.password);
  expect(changed).toMatchObject({ status: 200, trips: 2 });
  expect(await isAlive(changed.body.data)).toBe(true);
  expect([await isAlive(here), await isAlive(elsewhere)]).toEqual([false, false]);
  const noted = await shop.sql(
    `select actor_user_id from audit_log where action = 'PASSWORD_CHANGED' and entity_id = $1`,
    [user.id],
  );
  expect(noted).toEqual([{ actor_user_id: user.id }]);
  expect((await signInFrom(user)) ?? null).toBeNull();
  expect(await signInFrom({ ...user, password: 'Another-1' })).toBeDefined();
});

it('two changes of the password at once: one succeeds', async () => {
  const user = await makeUser(shop);
  const devices = await Promise.all(Array.from({ length: 4 }, () => signInFrom(user)));
  const answers = await Promise.all(
    devices.map(({ access_token: token }, i) =>
      shop.request('POST', '/auth/change-password', {
        token,
        body: { current_password: user.password, new_password: `Another-${i}` },
      }),
    ),
  );
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  const winner = answers.findIndex(({ status }) => status === 200);
  expect(await signInFrom({ ...user, password: `Another-${winner}` })).toBeDefined();
});

it('a user who is switched off is out at the very next request', async () => {
  const user = await makeUser(shop);
  const device = await signInFrom(user);
  await shop.sql('update users set is_active = false where id = $1', [user.id]);
  expect(await isAlive(device)).toBe(false);
  expect((await signInFrom(user)) ?? null).toBeNull();
  await shop.sql('update users set is_active = true where id = $1', [user.id]);
  expect(await isAlive(device)).toBe(false);
});

describe('logging out at once', () => {
  const send = (path: string, { access_token: token }: Device) => shop.request('POST', `/auth/${path}`, { token });

  it.each([
    ['logout', 'logout'],
    ['logout-all', 'logout-all'],
    ['logout', 'logout-all'],
  ])('by %s and %s, twenty times, always succeeds, and later ones find no session', async (one, other) => {
    const device = await signInFrom(await makeUser(shop));
    const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => send(i % 2 ? one : other, device)));
    expect(answers.map(({ status, trips, body }) => [status, trips, body.data])).toEqual(
      Array(20).fill([200, 1, { success: true }]),
    );
    expect(await isAlive(device)).toBe(false);
    for (const path of [one, other]) {
      const late = await send(path, device);
      expect([late.status, late.body.error.code]).toEqual([401, 'AUTH_REQUIRED']);
    }
  });

  it('succeeds when another one ends the session while it is on its way', async () => {
    const user = await makeUser(shop);
    for (const path of ['logout', 'logout-all']) {
      const device = await signInFrom(user);
      // Ends the session, and keeps its row until the request has come to it.
      const end = shop.sql(`
        do $$ begin
          update sessions set revoked_at = clock_timestamp() where user_id = ${user.id} and revoked_at is null;
          for i in 1..200 loop
            exit when exists (select from pg_locks where not granted and transactionid = pg_current_xact_id()::xid);
            perform pg_sleep(0.01);
          end loop;
        end $$`);
      expect((await send(path, device)).status, path).toBe(200);
      await end;
      expect(await isAlive(device)).toBe(false);
    }
  });

  it('ends no session of others, and is refused to an account that was switched off', async () => {
    const [user, stranger] = [await makeUser(shop), await makeUser(shop)];
    const [device, other] = [await signInFrom(user), await signInFrom(stranger)];
    await Promise.all(['logout', 'logout-all'].map((path) => send(path, device)));
    expect(await isAlive(other)).toBe(true);
    await shop.sql('update users set is_active = false where id = $1', [stranger.id]);
    for (const path of ['logout', 'logout-all']) expect((await send(path, other)).status).toBe(401);
  });
});

describe('a wrong current password', () => {
  const change = (device: Device, current_password: string, ip?: string) =>
    shop.request('POST', '/auth/change-password', {
      token: device.access_token,
      body: { current_password, new_password: 'Another-1' },
      ...(ip && { ip }),
    });

  it('is a failed sign-in: it counts to the same lock, and leaves the same event, signed', async () => {
    const user = await makeUser(shop);
    const device = await signInFrom(user);
    for (let i = 0; i < 5; i++) {
      const wrong = await change(device, 'Wrong-1');
      expect([wrong.status, wrong.body.error.code, wrong.trips]).toEqual([400, 'INVALID_CREDENTIALS', 2]);
      await signInFrom({ ...user, password: 'Wrong-1' });
    }
    const locked = await change(device, user.password);
    expect([locked.status, locked.body.error.code, locked.trips]).toEqual([429, 'RATE_LIMITED', 1]);
    expect(Number(locked.headers.get('retry-after'))).toBeGreaterThan(50);
    expect((await signInFrom(user)) ?? null).toBeNull();
    const noted = await shop.sql(
      `select actor_user_id, context ->> 'email' as email from audit_log
       where action = 'LOGIN_FAILURE' and entity_id = $1 order by actor_user_id`,
      [user.id],
    );
    expect(noted).toHaveLength(10);
    expect(noted[0]).toEqual({ actor_user_id: user.id, email: user.email });
    expect(
      await shop.sql(`select from audit_log where action = 'PASSWORD_CHANGED' and entity_id = $1`, [user.id]),
    ).toEqual([]);
  });

  it('of thirty guesses at once with the right one among them gains nothing after the tenth', async () => {
    const user = await makeUser(shop);
    const device = await signInFrom(user);
    await Promise.all(Array.from({ length: 30 }, () => change(device, 'Wrong-1')));
    expect((await change(device, user.password)).status).toBe(429);
    expect(await isAlive(device)).toBe(true);
  });

  it('is forgotten when the right one comes', async () => {
    const user = await makeUser(shop);
    const ip = '192.0.2.77';
    let device = await signInFrom(user, 'Test', ip);
    for (const [now, next] of [
      [user.password, 'Another-1'],
      ['Another-1', 'Another-1'],
    ] as const) {
      for (let i = 0; i < 9; i++) expect((await change(device, 'Wrong-1', ip)).status).toBe(400);
      device = (await change(device, now, ip)).body.data;
      expect(await signInFrom({ ...user, password: next })).toBeDefined();
    }
  });
});

describe('the end of a session', () => {
  const daysLater = (userId: number, days: number) =>
    shop.sql(
      `update sessions set created_at = created_at - make_interval(secs => $2), expires_at = expires_at - make_interval(secs => $2)
       where user_id = $1`,
      [userId, days * 86_400],
    );
  const claimsOf = (token: string) => JSON.parse(atob(token.split('.')[1]!.replaceAll('-', '+').replaceAll('_', '/')));

  it('is 180 days after its sign-in, however often it is refreshed', async () => {
    const user = await makeUser(shop);
    let device = await signInFrom(user);
    for (let days = 0; days < 175; days += 25) {
      await daysLater(user.id, 25);
      const answer = await shop.request('POST', '/auth/refresh', { token: device.refresh_token });
      expect(answer.status).toBe(200);
      device = answer.body.data;
    }
    const left = (claimsOf(device.refresh_token).exp - Date.now() / 1000) / 86_400;
    expect(left).toBeGreaterThan(4.9);
    expect(left).toBeLessThan(5.1);
    await daysLater(user.id, 4.95);
    const last = await shop.request('POST', '/auth/refresh', { token: device.refresh_token });
    const minutes = (Date.parse(last.body.data.expires_at) - Date.now()) / 60_000;
    expect(minutes).toBeLessThan(1.3 * 60);
    expect(claimsOf(last.body.data.access_token).exp * 1000).toBe(Date.parse(last.body.data.expires_at));
    await daysLater(user.id, 0.06);
    expect(await isAlive(last.body.data)).toBe(false);
    // Nor do older rows promise more.
    await shop.sql(`update sessions set expires_at = now() + interval '1 day' where user_id = $1`, [user.id]);
    expect((await shop.request('POST', '/auth/refresh', { token: last.body.data.refresh_token })).status).toBe(401);
  });
});
