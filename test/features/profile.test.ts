import { beforeAll, describe, expect, it } from 'vitest';
import { makeAddress, signInAs } from '../support/factories.ts';
import { openShop, type RequestOptions, type Shop } from '../support/shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});

const address = { address_line: '12 Herzl Street', city: 'Haifa', postal_code: '3303149', country: 'Israel' };

async function customer() {
  const user = await signInAs(shop);
  const call = (method: string, path: string, body?: unknown, options: RequestOptions = {}) =>
    shop.request(method, path, { token: user.token, ...(body === undefined ? {} : { body }), ...options });
  const addresses = async () => (await call('GET', '/me/addresses')).body.data as any[];
  const add = async (more = {}) => (await call('POST', '/me/addresses', { ...address, ...more })).body.data;
  return { ...user, call, addresses, add };
}

const problems = (answer: { body: any }) => answer.body.error.details.errors.map((error: any) => error.path);

describe('the profile', () => {
  it('is the user with tier and branch, in one trip', async () => {
    const { id, email, call } = await customer();
    const answer = await call('GET', '/me');
    expect(answer.trips).toBe(1);
    expect(answer.body.data).toEqual({
      id,
      email,
      full_name: 'Dana Levi',
      phone: null,
      role: 'CUSTOMER',
      membership_tier: 'STANDARD',
      default_branch_id: null,
      substitution_policy: 'STORE_CHOICE',
      language: null,
    });
  });

  it('changes what is named, in one trip, and leaves an audit row', async () => {
    const { id, call } = await customer();
    const renamed = await call('PATCH', '/me', { full_name: ' נועה כהן ' });
    expect(renamed).toMatchObject({ status: 200, trips: 1 });
    expect(renamed.body.data).toMatchObject({ full_name: 'נועה כהן', phone: null });
    const phoned = await call('PATCH', '/me/phone', { phone: '+972501234567' });
    expect(phoned).toMatchObject({ status: 200, trips: 1 });
    expect(phoned.body.data).toMatchObject({ full_name: 'נועה כהן', phone: '+972501234567' });
    expect((await call('PATCH', '/me', { phone: null })).body.data).toMatchObject({
      full_name: 'נועה כהן',
      phone: null,
    });
    const audit = await shop.sql(
      `select old_value, new_value, actor_user_id from audit_log
       where entity_type = 'user' and entity_id = $1 and action = 'UPDATE' order by id`,
      [id],
    );
    expect(audit).toEqual([
      { old_value: { full_name: 'Dana Levi' }, new_value: { full_name: 'נועה כהן' }, actor_user_id: id },
      { old_value: { phone: null }, new_value: { phone: '+972501234567' }, actor_user_id: id },
      { old_value: { phone: '+972501234567' }, new_value: { phone: null }, actor_user_id: id },
    ]);
  });

  it('refuses what is not valid', async () => {
    const { call } = await customer();
    for (const [path, body] of [
      ['/me', {}],
      ['/me', { full_name: null }],
      ['/me', { full_name: 'A' }],
      ['/me', { full_name: 'R2D2' }],
      ['/me', { phone: '12' }],
      ['/me', { role: 'ADMIN' }],
      ['/me', { email: 'other@example.com' }],
      ['/me', { membership_tier: 'GOLD' }],
      ['/me/phone', {}],
      ['/me/phone', { phone: null }],
      ['/me/phone', { phone: '+972501234567', full_name: 'Dana' }],
    ] as const) {
      expect((await call('PATCH', path, body)).status, JSON.stringify(body)).toBe(400);
    }
    const empty = await call('PATCH', '/me', {});
    expect(empty.body.error.details.errors).toEqual([
      { path: 'body', message: 'must name at least one field to change' },
    ]);
    expect((await shop.request('GET', '/me')).status).toBe(401);
  });

  it('serves staff as well', async () => {
    const { token } = await signInAs(shop, 'EMPLOYEE');
    expect((await shop.request('GET', '/me', { token })).body.data.role).toBe('EMPLOYEE');
    expect((await shop.request('GET', '/me/addresses', { token })).body.data).toEqual([]);
  });
});

describe('addresses', () => {
  it('makes the first the default, and another one when told, in one trip each', async () => {
    const { id, call, addresses } = await customer();
    const first = await call('POST', '/me/addresses', { ...address, is_default: false, lat: 32.8, lng: -34.99 });
    expect(first).toMatchObject({ status: 201, trips: 1 });
    expect(first.body.data).toEqual({
      id: expect.any(Number),
      user_id: id,
      ...address,
      is_default: true,
      lat: 32.8,
      lng: -34.99,
    });
    const second = await call('POST', '/me/addresses', { ...address, city: 'Eilat' });
    expect(second.body.data).toMatchObject({ is_default: false, lat: null, lng: null });
    const third = await call('POST', '/me/addresses', { ...address, city: 'Acre', is_default: true });
    expect(third.body.data.is_default).toBe(true);
    const listed = await call('GET', '/me/addresses');
    expect(listed.trips).toBe(1);
    expect(listed.body.data.map((each: any) => [each.id, each.is_default])).toEqual([
      [third.body.data.id, true],
      [second.body.data.id, false],
      [first.body.data.id, false],
    ]);
    expect(await addresses()).toHaveLength(3);
  });

  it('changes any subset, in one trip, and leaves the rest', async () => {
    const { call, add } = await customer();
    const { id } = await add({ lat: 1, lng: 2 });
    const changed = await call('PUT', `/me/addresses/${id}`, { city: ' Jaffa ', lat: null });
    expect(changed).toMatchObject({ status: 200, trips: 1 });
    expect(changed.body.data).toMatchObject({ ...address, id, city: 'Jaffa', lat: null, lng: 2, is_default: true });
  });

  it('keeps one default whatever a PUT says of it', async () => {
    const { call, add, addresses } = await customer();
    const first = await add();
    const second = await add();
    expect((await call('PUT', `/me/addresses/${first.id}`, { is_default: false })).body.data.is_default).toBe(true);
    const promoted = await call('PUT', `/me/addresses/${second.id}`, { is_default: true, city: 'Eilat' });
    expect(promoted.body.data).toMatchObject({ is_default: true, city: 'Eilat' });
    expect((await addresses()).map((each) => [each.id, each.is_default])).toEqual([
      [second.id, true],
      [first.id, false],
    ]);
    const back = await call('PATCH', `/me/addresses/${first.id}/default`);
    expect(back).toMatchObject({ status: 200, trips: 1 });
    expect(back.body.data).toMatchObject({ id: first.id, is_default: true });
    expect((await addresses()).filter((each) => each.is_default)).toHaveLength(1);
  });

  it('promotes the newest other one when the default is removed', async () => {
    const { call, add, addresses } = await customer();
    const [first, second, third] = [await add(), await add(), await add()];
    const removed = await call('DELETE', `/me/addresses/${first.id}`);
    expect(removed).toMatchObject({ status: 200, trips: 1 });
    expect(removed.body.data).toEqual({ success: true });
    expect((await addresses()).map((each) => [each.id, each.is_default])).toEqual([
      [third.id, true],
      [second.id, false],
    ]);
    await call('DELETE', `/me/addresses/${second.id}`);
    await call('DELETE', `/me/addresses/${third.id}`);
    expect(await addresses()).toEqual([]);
    expect((await call('DELETE', `/me/addresses/${third.id}`)).body.error.code).toBe('ADDRESS_NOT_FOUND');
    expect((await add()).is_default).toBe(true);
  });

  it('of another customer do not exist', async () => {
    const { call, addresses } = await customer();
    const own = await shop.sql<{ id: number }>('select max(id)::int as id from addresses');
    const other = await signInAs(shop);
    const foreign = await makeAddress(shop, { userId: other.id });
    const before = await shop.sql('select * from addresses where id = $1', [foreign]);
    for (const id of [foreign, own[0]!.id! + 1000]) {
      for (const answer of [
        await call('PUT', `/me/addresses/${id}`, { city: 'Eilat', is_default: true }),
        await call('PATCH', `/me/addresses/${id}/default`),
        await call('DELETE', `/me/addresses/${id}`),
      ]) {
        expect(answer.status).toBe(404);
        expect(answer.body.error.code).toBe('ADDRESS_NOT_FOUND');
      }
    }
    expect(await shop.sql('select * from addresses where id = $1', [foreign])).toEqual(before);
    expect(await addresses()).toEqual([]);
  });

  it('refuses what is not valid', async () => {
    const { call, add } = await customer();
    const bad = [
      { address_line: 'Here' },
      { address_line: 'x'.repeat(257) },
      { address_line: '12 Herzl\nStreet' },
      { city: 'A' },
      { postal_code: '123' },
      { postal_code: '12345678901234567' },
      { postal_code: 'A1234' },
      { postal_code: 3303149 },
      { country: '' },
      { is_default: 'yes' },
      { lat: 90.01 },
      { lat: '32' },
      { lng: -180.5 },
      { user_id: 1 },
      { id: 1 },
    ];
    const { id } = await add();
    for (const change of bad) {
      const created = await call('POST', '/me/addresses', { ...address, ...change });
      expect(created.status, JSON.stringify(change)).toBe(400);
      expect((await call('PUT', `/me/addresses/${id}`, change)).status, JSON.stringify(change)).toBe(400);
    }
    expect(problems(await call('POST', '/me/addresses', {}))).toEqual([
      'address_line',
      'city',
      'postal_code',
      'country',
    ]);
    const empty = await call('PUT', `/me/addresses/${id}`, {});
    expect(empty.body.error.details.errors).toEqual([
      { path: 'body', message: 'must name at least one field to change' },
    ]);
    for (const malformed of ['0', '-1', 'abc', '2147483648', '1.5']) {
      expect((await call('DELETE', `/me/addresses/${malformed}`)).status, malformed).toBe(400);
    }
  });

  it('never has two defaults, or none, however many requests come at once', async () => {
    const { call, addresses } = await customer();
    const created = await Promise.all(
      Array.from({ length: 20 }, () => call('POST', '/me/addresses', { ...address, is_default: true })),
    );
    expect(created.map(({ status }) => status)).toEqual(Array(20).fill(201));
    const listed = await addresses();
    expect(listed).toHaveLength(20);
    expect(listed.filter((each) => each.is_default)).toHaveLength(1);
    const mixed = await Promise.all(
      listed.map(({ id }, index) => {
        if (index % 3 === 0) return call('PATCH', `/me/addresses/${id}/default`);
        if (index % 3 === 1) return call('PUT', `/me/addresses/${id}`, { is_default: true });
        return call('DELETE', `/me/addresses/${id}`);
      }),
    );
    expect(mixed.map(({ status }) => status)).toEqual(Array(20).fill(200));
    expect((await addresses()).filter((each) => each.is_default)).toHaveLength(1);
  });

  it('are 50 at most', async () => {
    const { id, call } = await customer();
    await shop.sql(
      `insert into addresses (user_id, address_line, city, postal_code, country, is_default)
       select $1, '5 Allenby Street', 'Tel Aviv', '6332101', 'Israel', n = 1 from generate_series(1, 49) n`,
      [id],
    );
    const answers = await Promise.all([1, 2, 3].map(() => call('POST', '/me/addresses', address)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 422, 422]);
    const refused = answers.find(({ status }) => status === 422);
    expect(refused?.body.error).toMatchObject({ code: 'UNPROCESSABLE', details: { maximum: 50 } });
  });

  it('leave their audit rows', async () => {
    const { id, call, add } = await customer();
    const saved = await add();
    await call('PUT', `/me/addresses/${saved.id}`, { city: 'Eilat' });
    await call('DELETE', `/me/addresses/${saved.id}`);
    const rows = await shop.sql(
      `select action, actor_user_id from audit_log where entity_type = 'address' and entity_id = $1 order by id`,
      [saved.id],
    );
    expect(rows).toEqual(['CREATE', 'UPDATE', 'DELETE'].map((action) => ({ action, actor_user_id: id })));
  });
});
