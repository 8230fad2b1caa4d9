import { runDurableObjectAlarm } from 'cloudflare:test';
import { beforeAll, describe, expect, it } from 'vitest';
import { settle } from '../support/events.ts';
import { makeUser, signIn, signInAs } from '../support/factories.ts';
import { followFloor, followOrder, type LiveFrame, roomOf, stopClock } from '../support/live.ts';
import { openLiveShop } from '../support/live-shop.ts';
import { type openFloor, placeOrder } from '../support/orders.ts';
import type { Shop } from '../support/shop.ts';
import type { StandardShop } from '../support/standard-shop.ts';

// The clock of the room stands still: whatever ends a socket here, the request that takes away the access has told the room.

let shop: Shop;
let goods: StandardShop;
let floor: Awaited<ReturnType<typeof openFloor>>;
let productId: number;
beforeAll(async () => {
  ({ shop, goods, floor, productId } = await openLiveShop());
});

interface Person {
  id: number;
  token: string;
  /** Of another session. */
  elsewhere: string;
}
type Way = [how: string, end: (person: Person) => Promise<{ status: number; text: string }>];

async function personAs(role: 'CUSTOMER' | 'EMPLOYEE'): Promise<Person> {
  const user = await makeUser(shop, { role });
  return { id: user.id, token: await signIn(shop, user), elsewhere: await signIn(shop, user) };
}

async function ordered(userId: number) {
  const order = await placeOrder(shop, { userId, branchId: goods.warehouseId, lines: [{ productId }] });
  await settle(shop);
  return order;
}

const pick = (orderId: number, itemId: number) =>
  shop.request('PATCH', `/ops/orders/${orderId}/items/${itemId}/picked-status`, {
    token: floor.employee.token,
    body: { picked_status: 'PICKED' },
  });
const isPick = ({ type }: LiveFrame) => type === 'order.item_changed';
const asAdmin = (method: string, path: string, body?: object) =>
  shop.request(method, path, { token: floor.admin.token, ...(body && { body }) });
const change = (id: number, body: object) => asAdmin('PATCH', `/admin/users/${id}`, body);

const WAYS: Way[] = [
  ['a sign-out', ({ token }) => shop.request('POST', '/auth/logout', { token })],
  ['a sign-out everywhere', ({ elsewhere }) => shop.request('POST', '/auth/logout-all', { token: elsewhere })],
  ['a session ended from another device', endFromElsewhere],
  ['another password', changePassword],
  ['an account switched off', ({ id }) => asAdmin('PATCH', `/admin/users/${id}/toggle`)],
];

async function endFromElsewhere({ elsewhere: token }: Person) {
  const { body } = await shop.request('GET', '/auth/sessions', { token });
  const other = body.data.find(({ current }: { current: boolean }) => !current);
  return shop.request('DELETE', `/auth/sessions/${other.id}`, { token });
}

function changePassword({ elsewhere: token }: Person) {
  const body = { current_password: 'Password1', new_password: 'Another-2026' };
  return shop.request('POST', '/auth/change-password', { token, body });
}

describe('the sockets of an order end at once, and nobody else’s, by', () => {
  it.each<Way>([
    ...WAYS,
    ['another role', ({ id }) => change(id, { role: 'EMPLOYEE' })],
    [
      'the end of the account',
      ({ token }) => shop.request('DELETE', '/me', { token, body: { password: 'Password1' } }),
    ],
  ])('%s', async (_, end) => {
    const person = await personAs('CUSTOMER');
    const order = await ordered(person.id);
    const watcher = await followOrder(shop, person.token, order.id);
    const staff = await followOrder(shop, floor.employee.token, order.id);
    await stopClock(shop, `order-${order.id}`);
    const { status, text } = await end(person);
    expect(status, text).toBeLessThan(300);
    expect((await watcher.untilClosed()).code).toBe(4401);
    await pick(order.id, order.itemIds[0]!);
    await staff.until(isPick);
    expect(watcher.frames.some(isPick)).toBe(false);
  });
});

describe('the sockets of a floor end at once, and nobody else’s, by', () => {
  const branched = async (person: Person, end: () => ReturnType<typeof asAdmin>) => {
    await change(person.id, { default_branch_id: goods.warehouseId });
    await change(floor.employee.id, { default_branch_id: goods.warehouseId });
    return end();
  };
  const scope = (isOn: boolean) => asAdmin('PUT', '/admin/settings', { branch_scoped_staff: isOn });
  it.each<Way>([
    ...WAYS,
    ['another role', ({ id }) => change(id, { role: 'CUSTOMER' })],
    [
      'another branch',
      (person) =>
        branched(person, async () => {
          await scope(true);
          return change(person.id, { default_branch_id: goods.storeId });
        }),
    ],
    [
      'a rule that leaves staff to their branches',
      (person) =>
        branched(person, async () => {
          await change(person.id, { default_branch_id: goods.storeId });
          return scope(true);
        }),
    ],
  ])('%s', async (_, end) => {
    const person = await personAs('EMPLOYEE');
    const order = await ordered(floor.customer.id);
    const watcher = await followFloor(shop, person.token, goods.warehouseId);
    const other = await followFloor(shop, floor.employee.token, goods.warehouseId);
    await stopClock(shop, `branch-${goods.warehouseId}`);
    try {
      const { status, text } = await end(person);
      expect(status, text).toBeLessThan(300);
      expect((await watcher.untilClosed()).code).toBe(4401);
      await pick(order.id, order.itemIds[0]!);
      await other.until(isPick);
      expect(watcher.frames.some(isPick)).toBe(false);
    } finally {
      await scope(false);
      other.socket.close(1000);
    }
  });
});

describe('the sockets of an API key end at once with it', () => {
  it.each(['order', 'floor'])('following the %s', async (place) => {
    const order = await ordered(floor.customer.id);
    const keys = [];
    for (const name of ['Board', 'Other board']) {
      const { body } = await asAdmin('POST', '/admin/api-keys', { name, scopes: ['events:read'] });
      keys.push(body.data as { id: number; key: string });
    }
    const [watcher, other] = await Promise.all(
      keys.map(({ key }) =>
        place === 'order' ? followOrder(shop, key, order.id) : followFloor(shop, key, goods.warehouseId),
      ),
    );
    await stopClock(shop, place === 'order' ? `order-${order.id}` : `branch-${goods.warehouseId}`);
    expect((await asAdmin('DELETE', `/admin/api-keys/${keys[0]!.id}`)).status).toBe(200);
    expect((await watcher!.untilClosed()).code).toBe(4401);
    await pick(order.id, order.itemIds[0]!);
    await other!.until(isPick);
    expect(watcher!.frames.some(isPick)).toBe(false);
    other!.socket.close(1000);
  });

  it('when its creator is no administrator any more', async () => {
    const admin = await signInAs(shop, 'ADMIN');
    const body = { name: 'Board', scopes: ['events:read'] };
    const made = await shop.request('POST', '/admin/api-keys', { token: admin.token, body });
    const watcher = await followFloor(shop, made.body.data.key, goods.warehouseId);
    await stopClock(shop, `branch-${goods.warehouseId}`);
    expect((await change(admin.id, { role: 'EMPLOYEE' })).status).toBe(200);
    expect((await watcher.untilClosed()).code).toBe(4401);
  });
});

it('a session that has expired is noticed by the clock', async () => {
  const customer = await signInAs(shop);
  const order = await ordered(customer.id);
  const watcher = await followOrder(shop, customer.token, order.id);
  await shop.sql('update sessions set expires_at = now() where user_id = $1', [customer.id]);
  await runDurableObjectAlarm(roomOf(shop, `order-${order.id}`));
  expect((await watcher.untilClosed()).code).toBe(4401);
});
