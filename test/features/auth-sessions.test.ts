import { beforeAll, expect, it } from 'vitest';
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
