import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { isErrorCode } from '../src/errors.ts';
import { rendererOf } from '../src/http/render.ts';
import { hostile, hostileText, objectsOf, shapeOf, valuesOf, within } from './support/arbitrary.ts';
import { fill, type GoodCall, openWorld, type World } from './support/calls/call.ts';
import { type DeclaredRoute, goodCalls, routes } from './support/calls/index.ts';
import { openShop, type ShopResponse } from './support/shop.ts';
import { standardShop } from './support/standard-shop.ts';

let world: World;
beforeAll(async () => {
  // Whatever valid change of a slot or a setting comes by chance is as good as a manager's.
  const shop = await openShop();
  world = await openWorld(shop, await standardShop(shop));
});

/** Repeatable; raise the runs to search further. */
const RUNS = { seed: 20_260_301, numRuns: 10 };

const call = ({ method, path }: DeclaredRoute, { params, ...options }: GoodCall): Promise<ShopResponse> =>
  world.shop.request(method, fill(path, params), options);

/** What is sent instead of the good call's: fields good, bad and absent, all of a query or one of a body at a time. */
function variationsOf({ route }: DeclaredRoute, good: GoodCall): fc.Arbitrary<GoodCall> {
  const { body, query } = route.spec;
  const goodBody = (good.body ?? {}) as Record<string, unknown>;
  const one = body && fc.constantFrom(...Object.keys(shapeOf(body)));
  const bodies =
    body && one
      ? fc.oneof(
          objectsOf(shapeOf(body), valuesOf),
          fc
            .tuple(one, objectsOf(shapeOf(body), valuesOf))
            .map(([key, values]) => ({ ...goodBody, [key]: values[key] })),
          fc.tuple(one, hostile).map(([key, value]) => ({ ...goodBody, [key]: value })),
          hostile,
        )
      : fc.constant(undefined);
  const queries = query
    ? fc.oneof(
        objectsOf(query.shape, valuesOf),
        objectsOf(query.shape, () => fc.option(hostileText, { nil: undefined })),
      )
    : fc.constant(undefined);
  return fc.tuple(bodies, queries).map(([newBody, newQuery]) => ({
    ...good,
    ...(body && { body: newBody }),
    ...(query && { query: { ...good.query, ...(newQuery as object) } }),
  })) as fc.Arbitrary<GoodCall>;
}

describe('every route', () => {
  it.each(routes)('$name answers whatever is sent, and never with 500', async (declared) => {
    const good = await goodCalls[declared.name]!(world);
    await fc.assert(
      fc.asyncProperty(variationsOf(declared, good), async (sent) => {
        const { status, body, text } = await call(declared, sent);
        expect(status, text).toBeLessThan(500);
        if (status >= 400) expect(isErrorCode(body.error.code) || body.error.code === 'NOT_FOUND', text).toBe(true);
        else if (!declared.route.spec.downloads) expect(body).toHaveProperty('data');
      }),
      RUNS,
    );
    // By chance it may be on now, and these people have no branch.
    await world.shop.sql('update settings set branch_scoped_staff = false, require_zone = false');
  });
});

describe('a body', () => {
  const withBodies = routes.filter(({ route }) => route.spec.body);
  const PRIVILEGED = [
    ...['id', 'user_id', 'role', 'is_active', 'price', 'total_amount', 'placed_at', 'on_hand', 'status', 'created_at'],
    ...['password_hash', 'refunded_amount', 'actor_user_id', '__proto__', 'constructor', 'prototype', 'toString'],
  ];

  it.each(withBodies)('of $name takes no field that it does not declare, privileged or not', async (declared) => {
    const { route } = declared;
    const good = await goodCalls[declared.name]!(world);
    const known = Object.keys(shapeOf(route.spec.body!));
    for (const field of PRIVILEGED.filter((name) => !known.includes(name))) {
      const rawBody = JSON.stringify({ ...(good.body as object) }).replace(
        /\}$/,
        (end) => `${Object.keys((good.body as object) ?? {}).length > 0 ? ',' : ''}${JSON.stringify(field)}:1${end}`,
      );
      const { status, body } = await call(declared, {
        ...good,
        body: undefined,
        rawBody,
        headers: { ...good.headers, 'content-type': 'application/json' },
      });
      expect([status, body.error?.code], field).toEqual([400, 'VALIDATION_ERROR']);
    }
  });

  it.each(withBodies)('of $name that holds good values is refused for rules across its fields at most', ({ route }) => {
    const schema = route.spec.body!;
    fc.assert(
      fc.property(objectsOf(shapeOf(schema), valuesOf), (body) => {
        const { success, error } = schema.safeParse(body);
        if (!success) expect(error.issues.map((issue) => issue.code)).toEqual(error.issues.map(() => 'custom'));
      }),
      { ...RUNS, numRuns: 100 },
    );
  });
});

/** Documented as holding whatever it holds. */
const FREE = /nutritional_info|old_value|new_value|context|details/;

describe('an answer', () => {
  it.each(routes)('of $name is declared to the last field', ({ route }) => {
    for (const [path, def] of within(route.spec.returns)) {
      if (FREE.test(path)) continue;
      expect(['any', 'unknown', 'map', 'custom', 'lazy'], path).not.toContain(def.type);
      if (def.type === 'record') expect(def.keyType._zod.def.type, path).toBe('enum');
      if (def.type === 'object') expect(def.catchall?._zod.def.type ?? 'none', path).toMatch(/^(none|never)$/);
    }
  });

  const inJson = routes.filter(({ route: { spec } }) => !spec.downloads && spec.status !== 101);
  it.each(inJson)('of $name leaves without what it does not declare', async (declared) => {
    const answer = await call(declared, await goodCalls[declared.name]!(world));
    const { spec } = declared.route;
    const leaky = leak(answer.body.data);
    const handled = spec.paged ? { items: leaky, total: 1 } : leaky;
    const input = { params: {}, query: { limit: 20, offset: 0 }, headers: {}, body: {}, file: '' };
    const { body } = rendererOf(spec)(input as never, handled);
    expect(body.data).toEqual(answer.body.data);
  });
});

/** The same with a field too much in every object. */
function leak(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => leak(item, key));
  if (typeof value !== 'object' || value === null || FREE.test(key) || key === 'by_status') return value;
  const fields = Object.entries(value).map(([name, field]) => [name, leak(field, name)]);
  return { ...Object.fromEntries(fields), password_hash: 'secret' };
}
