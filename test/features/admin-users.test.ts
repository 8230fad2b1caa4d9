import { beforeAll, describe, expect, it } from 'vitest';
import { makeBranch, makeUser, signIn, signInAs, type TestUser } from '../support/factories.ts';
import { openShop, type Shop } from '../support/shop.ts';

let shop: Shop;
let admin: TestUser & { token: string };
beforeAll(async () => {
  shop = await openShop();
  admin = await signInAs(shop, 'ADMIN');
});

const send = (method: string, path = '', body?: unknown, { token = admin.token, query = {} } = {}) =>
  shop.request(method, `/admin/users${path}`, { token, query, ...(body === undefined ? {} : { body }) });

const auditOf = (id: number) =>
  shop.sql(
    `select action, old_value, new_value, context, actor_user_id from audit_log
     where entity_type = 'user' and entity_id = $1 and action not like 'LOGIN%' order by id`,
    [id],
  );
const outcome = ({ status, body }: { status: number; body: any }) => [status, body.error?.code];

describe('staff accounts', () => {
  it('are made by an administrator and can sign in', async () => {
    const branch = await makeBranch(shop);
    const answer = await send('POST', '', {
      email: ' Noa@Example.com ',
      password: 'Carmel-2026',
      full_name: 'Noa Cohen',
      role: 'EMPLOYEE',
      default_branch_id: branch,
    });
    expect([answer.status, answer.trips]).toEqual([201, 1]);
    expect(answer.body.data).toEqual({
      id: expect.any(Number),
      email: 'noa@example.com',
      full_name: 'Noa Cohen',
      phone: null,
      role: 'EMPLOYEE',
      is_active: true,
      membership_tier: 'STANDARD',
      default_branch_id: branch,
      created_at: expect.any(String),
      updated_at: expect.any(String),
    });
    await signIn(shop, { email: 'noa@example.com', password: 'Carmel-2026' });
    const [made] = await auditOf(answer.body.data.id);
    expect(made).toMatchObject({ action: 'CREATE', actor_user_id: admin.id, new_value: { role: 'EMPLOYEE' } });
    expect(JSON.stringify(made)).not.toContain('password_hash');
  });

  it('are not made twice, for customers, or with what is not valid', async () => {
    const valid = { email: admin.email, password: 'Carmel-2026', full_name: 'Noa Cohen', role: 'MANAGER' };
    expect(outcome(await send('POST', '', valid))).toEqual([409, 'USER_EXISTS']);
    expect(outcome(await send('POST', '', { ...valid, email: 'new@example.com', default_branch_id: 99_999 }))).toEqual([
      404,
      'NOT_FOUND',
    ]);
    for (const wrong of [{ role: 'CUSTOMER' }, { password: 'short' }, { email: 'nobody' }, { is_active: false }]) {
      expect((await send('POST', '', { ...valid, ...wrong })).status).toBe(400);
    }
  });
});

describe('the list of users', () => {
  it('finds by name, email and phone, as text, and filters by role and state', async () => {
    const user = await makeUser(shop, {
      role: 'MANAGER',
      fullName: 'Zohar Underscore',
      email: 'under_score@example.com',
    });
    const ids = async (query: Record<string, string | number | boolean>) => {
      const answer = await send('GET', '', undefined, { query });
      expect([answer.status, answer.trips]).toEqual([200, 1]);
      return answer.body.data.map(({ id }: { id: number }) => id);
    };
    expect(await ids({ q: 'zohar' })).toEqual([user.id]);
    expect(await ids({ q: 'r_s' })).toEqual([user.id]);
    expect(await ids({ q: 'zohar', role: 'EMPLOYEE' })).toEqual([]);
    expect(await ids({ role: 'MANAGER', isActive: true, q: 'zohar' })).toEqual([user.id]);
    expect(await ids({ q: '%' })).toEqual([]);
    const page = await send('GET', '', undefined, { query: { limit: 1, offset: 1 } });
    expect(page.body.meta).toMatchObject({ limit: 1, offset: 1 });
    expect((await send('GET', '', undefined, { query: { role: 'KING' } })).status).toBe(400);
  });

  it('shows one user, or 404', async () => {
    const answer = await send('GET', `/${admin.id}`);
    expect([answer.body.data.email, answer.trips]).toEqual([admin.email, 1]);
    expect(outcome(await send('GET', '/99999'))).toEqual([404, 'USER_NOT_FOUND']);
    expect((await send('GET', '/0')).status).toBe(400);
  });
});

describe('changing a user', () => {
  it('sets any subset and signs each change', async () => {
    const user = await makeUser(shop, { role: 'EMPLOYEE' });
    const branch = await makeBranch(shop);
    const answer = await send('PATCH', `/${user.id}`, {
      full_name: 'Noa Bar',
      phone: '0501234567',
      default_branch_id: branch,
    });
    expect([answer.status, answer.trips]).toEqual([200, 1]);
    expect(answer.body.data).toMatchObject({ full_name: 'Noa Bar', phone: '0501234567', default_branch_id: branch });
    const cleared = await send('PATCH', `/${user.id}`, { phone: null, default_branch_id: null });
    expect(cleared.body.data).toMatchObject({ phone: null, default_branch_id: null, full_name: 'Noa Bar' });
    await send('PATCH', `/${user.id}`, { role: 'MANAGER' });
    await send('PATCH', `/${user.id}`, { is_active: false });
    expect((await auditOf(user.id)).map(({ action, new_value }) => [action, new_value]).slice(1)).toEqual([
      ['UPDATE', { full_name: 'Noa Bar', phone: '0501234567', default_branch_id: branch }],
      ['UPDATE', { phone: null, default_branch_id: null }],
      ['UPDATE', { role: 'MANAGER' }],
      ['DEACTIVATE', { is_active: false }],
    ]);
  });

  it.each([
    ['role', (id: number) => send('PATCH', `/${id}`, { role: 'CUSTOMER' })],
    ['state', (id: number) => send('PATCH', `/${id}`, { is_active: false })],
    ['state by the toggle', (id: number) => send('PATCH', `/${id}/toggle`)],
  ])('ends access at the very next request when the %s changes', async (_, change) => {
    const user = await signInAs(shop, 'EMPLOYEE');
    const me = () => shop.request('GET', '/auth/me', { token: user.token });
    expect((await me()).status).toBe(200);
    expect((await change(user.id)).status).toBe(200);
    expect(outcome(await me())).toEqual([401, 'AUTH_REQUIRED']);
  });

  it('leaves sessions alone when neither changes', async () => {
    const user = await signInAs(shop, 'EMPLOYEE');
    const answer = await send('PATCH', `/${user.id}`, { role: 'EMPLOYEE', is_active: true, full_name: 'Same Person' });
    expect(answer.status).toBe(200);
    expect((await shop.request('GET', '/auth/me', { token: user.token })).status).toBe(200);
  });

  it("is refused for one's own role and account, with the refused role on record", async () => {
    const before = await auditOf(admin.id);
    expect(outcome(await send('PATCH', `/${admin.id}`, { role: 'MANAGER', full_name: 'Sneaky Name' }))).toEqual([
      403,
      'CANNOT_MODIFY_SELF_ROLE',
    ]);
    expect(outcome(await send('PATCH', `/${admin.id}`, { is_active: false }))).toEqual([403, 'CANNOT_DEACTIVATE_SELF']);
    expect(outcome(await send('PATCH', `/${admin.id}/toggle`))).toEqual([403, 'CANNOT_DEACTIVATE_SELF']);
    const left = (await auditOf(admin.id)).slice(before.length);
    expect(left).toMatchObject([
      {
        action: 'ACCESS_DENIED',
        actor_user_id: admin.id,
        context: { reason: 'CANNOT_MODIFY_SELF_ROLE', role: 'ADMIN', wanted_role: 'MANAGER' },
      },
    ]);
    expect((await send('GET', `/${admin.id}`)).body.data.full_name).not.toBe('Sneaky Name');
    expect((await send('PATCH', `/${admin.id}`, { role: 'ADMIN', is_active: true })).status).toBe(200);
  });

  it('is closed to others, and their attempt stays on record', async () => {
    const manager = await signInAs(shop, 'MANAGER');
    const employee = await makeUser(shop, { role: 'EMPLOYEE' });
    const answer = await send('PATCH', `/${employee.id}`, { role: 'ADMIN' }, { token: manager.token });
    expect([...outcome(answer), answer.trips]).toEqual([403, 'AUTHORIZATION_ERROR', 1]);
    expect((await auditOf(employee.id)).slice(1)).toMatchObject([
      {
        action: 'ACCESS_DENIED',
        actor_user_id: manager.id,
        context: { reason: 'AUTHORIZATION_ERROR', role: 'MANAGER' },
      },
    ]);
    expect((await send('GET', '', undefined, { token: manager.token })).status).toBe(403);
  });

  it('answers 404 for an absent user and 400 for what is not valid', async () => {
    expect(outcome(await send('PATCH', '/99999', { role: 'ADMIN' }))).toEqual([404, 'USER_NOT_FOUND']);
    expect(outcome(await send('PATCH', '/99999/toggle'))).toEqual([404, 'USER_NOT_FOUND']);
    expect(outcome(await send('PATCH', `/${admin.id}`, { default_branch_id: 99_999 }))).toEqual([404, 'NOT_FOUND']);
    for (const body of [
      {},
      { role: null },
      { role: 'KING' },
      { email: 'x@example.com' },
      { is_active: 'no' },
      { phone: '1' },
    ]) {
      expect([body, (await send('PATCH', `/${admin.id}`, body)).status]).toEqual([body, 400]);
    }
  });
});

describe('the last administrator', () => {
  it.each([
    ['role', { role: 'MANAGER' }],
    ['state', { is_active: false }],
  ])("is not lost by two who change each other's %s at once", async (_, body) => {
    const own = await openShop();
    const change = (by: { token: string }, whom: { id: number }) =>
      own.request('PATCH', `/admin/users/${whom.id}`, { token: by.token, body });
    let [one, other] = [await signInAs(own, 'ADMIN'), await signInAs(own, 'ADMIN')];
    for (let round = 0; round < 10; round++) {
      const answers = await Promise.all([change(one, other), change(other, one)]);
      const statuses = answers.map(({ status }) => status);
      expect(statuses.filter((status) => status === 200)).toHaveLength(1);
      expect([401, 409]).toContain(statuses.find((status) => status !== 200));
      const admins = await own.sql<{ id: number }>(`select id from users where role = 'ADMIN' and is_active`);
      expect(admins).toHaveLength(1);
      one = one.id === admins[0]!.id ? one : other;
      other = await signInAs(own, 'ADMIN');
    }
  });

  it('is kept by the database itself', async () => {
    const own = await openShop();
    const only = await makeUser(own, { role: 'ADMIN' });
    await expect(own.sql(`update users set is_active = false where id = $1`, [only.id])).rejects.toThrow('LAST_ADMIN');
  });
});
