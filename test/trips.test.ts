import { beforeAll, describe, expect, it } from 'vitest';
import { fill, openWorld, type World } from './support/calls/call.ts';
import { goodCalls, routes } from './support/calls/index.ts';
import { openShop } from './support/shop.ts';
import { standardShop } from './support/standard-shop.ts';

let world: World;
beforeAll(async () => {
  const shop = await openShop();
  world = await openWorld(shop, await standardShop(shop));
});

describe('every route', () => {
  it('has a call that succeeds in test/support/calls', () => {
    expect(Object.keys(goodCalls).toSorted()).toEqual(routes.map(({ name }) => name).toSorted());
  });

  it.each(routes)('$name takes no more trips to the database than it may', async ({ name, method, path, route }) => {
    const { params, trips: allowed = 1, ...options } = await goodCalls[name]!(world);
    const { status, trips, text } = await world.shop.request(method, fill(path, params), options);
    expect([route.spec.status ?? 200, ...(route.spec.alsoStatus ?? [])], text).toContain(status);
    expect(trips).toBe(allowed);
  });
});
