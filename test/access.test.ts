import { sign } from 'hono/jwt';
import { beforeAll, describe, expect, it } from 'vitest';
import { fill, type GoodCall, openWorld, type World } from './support/calls/call.ts';
import { type DeclaredRoute, goodCalls, routes } from './support/calls/index.ts';
import { operationAt } from './support/document.ts';
import { makeUser, type Role, signIn, signInAs } from './support/factories.ts';
import { openShop, type RequestOptions, type Shop, type ShopResponse } from './support/shop.ts';
import { standardShop } from './support/standard-shop.ts';

const ROLES: Role[] = ['CUSTOMER', 'EMPLOYEE', 'MANAGER', 'ADMIN'];
const ABSENT = 2_147_483_647;

let shop: Shop;
let world: World;
beforeAll(async () => {
  shop = await openShop();
  world = await openWorld(shop, await standardShop(shop));
});

const outcome = ({ status, body, trips }: ShopResponse) => [status, body?.error?.code, trips];

/** Nothing about it is good: whoever may not call hears of that and of nothing else. */
const garbage = ({ method, path }: DeclaredRoute, options: RequestOptions = {}): Promise<ShopResponse> =>
  shop.request(method, fill(path), {
    query: { limit: 'many', id: 'none' },
    ...(method !== 'GET' && { rawBody: '{"unknown', headers: { 'content-type': 'text/nonsense' } }),
    ...options,
  });

const prepared = new Map<string, GoodCall>();

/** For those who are refused: the call stays as good as it was, so one of each route is enough. */
const wellFormed = async ({ name, method, path }: DeclaredRoute, token: string): Promise<ShopResponse> => {
  const good = prepared.get(name) ?? (await goodCalls[name]!(world));
  prepared.set(name, good);
  const { params, ...options } = good;
  return shop.request(method, fill(path, params), { ...options, token });
};

const closed = routes.filter(({ route }) => route.roles !== null);
const open = routes.filter(({ route }) => route.roles === null);

describe('a route for some roles', () => {
  it.each(closed)('$name is closed to who is not signed in', async (route) => {
    expect(outcome(await garbage(route))).toEqual([401, 'AUTH_REQUIRED', 0]);
    for (const token of ['', 'abc', 'a.b.c', await forged()]) {
      expect(outcome(await garbage(route, { token })), token).toEqual([401, 'AUTH_REQUIRED', 0]);
    }
    expect(outcome(await garbage(route, { token: await expired() }))).toEqual([401, 'TOKEN_EXPIRED', 0]);
  });

  it.each(closed)('$name is closed to the other roles, whatever they send', async (declared) => {
    const { roles } = declared.route;
    for (const role of ROLES.filter((one) => !roles!.includes(one))) {
      const token = await tokenOf(role);
      expect(outcome(await garbage(declared, { token })), role).toEqual([403, 'AUTHORIZATION_ERROR', 1]);
      expect(outcome(await wellFormed(declared, token)), role).toEqual([403, 'AUTHORIZATION_ERROR', 1]);
    }
  });

  it.each(closed)(
    '$name tells a session of another role that has ended so, before anything of roles',
    async (declared) => {
      for (const role of ROLES.filter((one) => !declared.route.roles!.includes(one))) {
        for (const [how, lose] of Object.entries(waysToLoseAccess)) {
          const token = await lose(role);
          expect(outcome(await garbage(declared, { token })), how).toEqual([401, 'AUTH_REQUIRED', 1]);
          expect(outcome(await wellFormed(declared, token)), how).toEqual([401, 'AUTH_REQUIRED', 1]);
        }
      }
    },
  );

  it.each(closed)('$name is open to its own roles', async (declared) => {
    for (const role of declared.route.roles!) {
      const { token } = await signInAs(shop, role);
      expect([401, 403], role).not.toContain((await garbage(declared, { token })).status);
    }
  });

  it.each(closed)('$name is closed to whom it was open a moment ago', async (declared) => {
    for (const [how, lose] of Object.entries(waysToLoseAccess)) {
      const token = await lose();
      expect(outcome(await garbage(declared, { token })).slice(0, 2), how).toEqual([401, 'AUTH_REQUIRED']);
      expect(outcome(await wellFormed(declared, token)).slice(0, 2), how).toEqual([401, 'AUTH_REQUIRED']);
    }
  });

  it.each(closed)('$name says in the document for whom it is', ({ method, path, route }) => {
    expect(operationAt(method, `/api/v1${path}`)?.['x-roles']).toEqual(route.roles);
  });
});

describe('a public route', () => {
  it.each(open)('$name needs no token and minds no bad one', async ({ name, method, path, route }) => {
    for (const token of [undefined, 'abc', await expired()]) {
      const { params, ...options } = await goodCalls[name]!(world);
      const { status, text } = await shop.request(method, fill(path, params), { ...options, token });
      expect([route.spec.status ?? 200, ...(route.spec.alsoStatus ?? [])], text).toContain(status);
    }
  });
});

describe('an id', () => {
  const withIds = routes.filter(({ path }) => path.includes('{'));

  it.each(withIds)('$name answers an absent one with 404', async ({ name, method, path }) => {
    const { params = {}, absent = 404, ...options } = await goodCalls[name]!(world);
    for (const param of Object.keys(params)) {
      const answer = await shop.request(method, fill(path, { ...params, [param]: ABSENT }), options);
      expect(answer.status, answer.text).toBe(absent);
      if (absent === 404) expect(answer.body.error.details).toEqual({});
    }
    expect(Object.keys(params).length).toBe(path.split('{').length - 1);
  });

  it.each(withIds)("$name answers another customer's like an absent one", async ({ name, method, path }) => {
    const [mine, theirs] = [await goodCalls[name]!(world), await goodCalls[name]!(world)];
    if (!mine.owned) return;
    const { params = {}, ...options } = mine;
    const foreign = await shop.request(method, fill(path, theirs.params), options);
    const [first = ''] = Object.keys(params);
    const absent = await shop.request(method, fill(path, { ...params, [first]: ABSENT }), options);
    expect([foreign.status, foreign.body]).toEqual([404, absent.body]);
    const { params: theirParams, ...theirOptions } = theirs;
    const still = await shop.request(method, fill(path, theirParams), theirOptions);
    expect(still.status, 'what was not mine is still there').toBeLessThan(300);
  });

  const withBodies = routes.filter(({ route }) => route.spec.body !== undefined);

  it.each(withBodies)('$name answers an absent or foreign one in the body with 404', async ({ name, method, path }) => {
    const { body, ownedFields = [] } = (await goodCalls[name]!(world)) as { body?: object; ownedFields?: string[] };
    for (const field of Object.keys(body ?? {}).filter((key) => key.endsWith('_id'))) {
      const { params, ...options } = await goodCalls[name]!(world);
      const absent = await shop.request(method, fill(path, params), {
        ...options,
        body: { ...(options.body as object), [field]: ABSENT },
      });
      expect([404, 422], absent.text).toContain(absent.status);
      if (!ownedFields.includes(field)) continue;
      const theirs = (await goodCalls[name]!(world)).body as Record<string, unknown>;
      const foreign = await shop.request(method, fill(path, params), {
        ...options,
        body: { ...(options.body as object), [field]: theirs[field] },
      });
      expect([foreign.status, foreign.body], field).toEqual([404, absent.body]);
    }
  });
});

const tokens = new Map<Role, Promise<string>>();

/** Of somebody who is refused and therefore stays signed in. */
function tokenOf(role: Role): Promise<string> {
  const known = tokens.get(role) ?? signInAs(shop, role).then(({ token }) => token);
  tokens.set(role, known);
  return known;
}

/** Each answers a token that was good a moment ago; that of an administrator was so for every route. */
const waysToLoseAccess: Record<string, (role?: Role) => Promise<string>> = {
  'the session was ended': once(async (role) => {
    const { token } = await signInAs(shop, role);
    await shop.request('POST', '/auth/logout', { token });
    return token;
  }),
  'the account was switched off': once(async (role) => {
    const { id, token } = await signInAs(shop, role);
    await shop.request('PATCH', `/admin/users/${id}/toggle`, { token: world.staff.ADMIN.token });
    return token;
  }),
  'the role was changed': once(async (role) => {
    const { id, token } = await signInAs(shop, role);
    const other = ROLES[(ROLES.indexOf(role) + 1) % ROLES.length];
    await shop.request('PATCH', `/admin/users/${id}`, { token: world.staff.ADMIN.token, body: { role: other } });
    return token;
  }),
  'the password was changed elsewhere': once(async (role) => {
    const user = await makeUser(shop, { role });
    const [token, elsewhere] = [await signIn(shop, user), await signIn(shop, user)];
    const body = { current_password: user.password, new_password: 'Carmel-2027' };
    await shop.request('POST', '/auth/change-password', { token: elsewhere, body });
    return token;
  }),
};

function once(make: (role: Role) => Promise<string>): (role?: Role) => Promise<string> {
  const made = new Map<Role, Promise<string>>();
  return (role = 'ADMIN') => {
    const known = made.get(role) ?? make(role);
    made.set(role, known);
    return known;
  };
}

const tokenWith = (secret: string, expires: number): Promise<string> => {
  const exp = Math.floor(Date.now() / 1000) + expires;
  return sign({ sub: '1', sid: 1, role: 'ADMIN', type: 'access', exp }, secret, 'HS256');
};
const forged = () => tokenWith('another-secret-of-somebody-with-40-chars', 3600);
const expired = () => tokenWith(String(shop.env.JWT_SECRET_KEY), -10);
