import { evictAllDurableObjects, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { settle } from '../support/events.ts';
import { makeProduct, makeStock, signInAs } from '../support/factories.ts';
import {
  connect,
  followFloor,
  followOrder,
  type LiveFrame,
  roomOf,
  stopClock,
  ticketFor,
  Watcher,
} from '../support/live.ts';
import { openLiveShop } from '../support/live-shop.ts';
import { type openFloor, placeOrder } from '../support/orders.ts';
import type { Shop } from '../support/shop.ts';
import type { StandardShop } from '../support/standard-shop.ts';

let shop: Shop;
let goods: StandardShop;
let floor: Awaited<ReturnType<typeof openFloor>>;
let productId: number;
beforeAll(async () => {
  ({ shop, goods, floor, productId } = await openLiveShop());
});

async function ordered(userId = floor.customer.id) {
  const lines = [{ productId, quantity: 2 }, { productId }];
  const order = await placeOrder(shop, { userId, branchId: goods.warehouseId, lines });
  await settle(shop);
  return order;
}

const pick = (orderId: number, itemId: number, body: object = { picked_status: 'PICKED' }) =>
  shop.request('PATCH', `/ops/orders/${orderId}/items/${itemId}/picked-status`, { token: floor.employee.token, body });
const ofItem = (itemId: number) => (frame: LiveFrame) =>
  frame.type === 'order.item_changed' && frame.data.item_id === itemId;
const refused = async (path: string, query: Record<string, string | number>) => {
  const outcome = await connect(shop, path, query);
  if (outcome instanceof Watcher) throw new Error('was let in');
  return [outcome.status, outcome.body.error.code];
};

describe('following an order', () => {
  it('begins with the whole state and brings each line as soon as the request that picks it has told of it', async () => {
    const order = await ordered();
    const watcher = await followOrder(shop, floor.customer.token, order.id);
    const snapshot = await watcher.until(({ type }) => type === 'snapshot');
    expect(snapshot.data.order).toMatchObject({ id: order.id, status: 'CREATED', items: [{}, {}] });
    expect(snapshot.data.proposals).toEqual([]);
    for (const itemId of order.itemIds) {
      await stopClock(shop, `order-${order.id}`);
      await pick(order.id, itemId);
      const frame = await watcher.until(ofItem(itemId));
      expect(frame).toMatchObject({ entity_id: order.id, data: { picked_status: 'PICKED' } });
      expect(frame.position).toMatch(/^\d+-\d+$/);
    }
    const polled = await shop.request('GET', `/orders/${order.id}/events`, {
      token: floor.customer.token,
      query: { after: snapshot.position },
    });
    expect(watcher.frames.slice(1)).toEqual(polled.body.data);
  });

  it('goes on behind the last event, without a gap and without a repetition', async () => {
    const order = await ordered();
    const first = await followOrder(shop, floor.customer.token, order.id);
    await pick(order.id, order.itemIds[0]!);
    const { position } = await first.until(ofItem(order.itemIds[0]!));
    first.socket.close(1000);
    await pick(order.id, order.itemIds[1]!);
    await settle(shop);
    const second = await followOrder(shop, floor.customer.token, order.id, position);
    await second.until(ofItem(order.itemIds[1]!));
    expect(second.frames.map(({ type }) => type)).not.toContain('snapshot');
    const third = await followOrder(shop, floor.customer.token, order.id, position);
    await pick(order.id, order.itemIds[0]!, { picked_status: 'MISSING' });
    const missing = ({ type, data }: LiveFrame) => type === 'order.item_changed' && data.picked_status === 'MISSING';
    await Promise.all([second.until(missing), third.until(missing)]);
    for (const { frames } of [second, third])
      expect(new Set(frames.map((frame) => frame.position)).size).toBe(frames.length);
  });

  it('begins anew where the last event is not kept, or too much has happened since', async () => {
    const order = await ordered();
    const unknown = await followOrder(shop, floor.customer.token, order.id, '1-1');
    const { position } = await unknown.until(({ type }) => type === 'snapshot');
    await shop.sql(
      `insert into events (type, entity_type, entity_id, version, order_id, branch_id, data)
       select 'order.updated', 'order', $1, n + 100, $1, $2, '{}' from generate_series(1, 600) n`,
      [order.id, goods.warehouseId],
    );
    await settle(shop);
    const late = await followOrder(shop, floor.customer.token, order.id, position);
    await late.until(({ type }) => type === 'snapshot');
    expect(late.frames).toHaveLength(1);
  });

  it('brings proposals and their answers', async () => {
    const order = await ordered();
    const other = await makeProduct(shop, { price: '9.00' });
    await makeStock(shop, { productId: other, branchId: goods.warehouseId, onHand: 9 });
    const watcher = await followOrder(shop, floor.customer.token, order.id);
    const path = `/ops/orders/${order.id}/items/${order.itemIds[0]}/proposals`;
    const { body } = await shop.request('POST', path, { token: floor.employee.token, body: { product_id: other } });
    const isProposal = (status: string) => (frame: LiveFrame) =>
      frame.type === 'order.proposal_changed' && frame.data.status === status;
    expect((await watcher.until(isProposal('OPEN'))).data.proposal_id).toBe(body.data.id);
    const approve = `/orders/${order.id}/proposals/${body.data.id}/approve`;
    expect((await shop.request('POST', approve, { token: floor.customer.token })).status).toBe(200);
    await watcher.until(isProposal('APPROVED'));
  });

  it('answers ping, and ends with whoever says anything else', async () => {
    const order = await ordered();
    const [polite, chatty, long] = await Promise.all(
      [1, 2, 3].map(() => followOrder(shop, floor.customer.token, order.id)),
    );
    polite!.socket.send('ping');
    chatty!.socket.send('hello');
    long!.socket.send('x'.repeat(5_000));
    expect((await chatty!.untilClosed()).code).toBe(1008);
    expect((await long!.untilClosed()).code).toBe(1009);
    await pick(order.id, order.itemIds[0]!);
    await polite!.until(ofItem(order.itemIds[0]!));
    expect(polite!.texts).toContain('pong');
  });
});

describe('the floor of a branch', () => {
  it('begins with its orders by urgency and brings what happens at that branch alone', async () => {
    const order = await ordered();
    const here = await followFloor(shop, floor.employee.token, goods.warehouseId);
    const elsewhere = await followFloor(shop, floor.employee.token, goods.storeId);
    const { data } = await here.until(({ type }) => type === 'snapshot');
    expect(data.orders.map((one: { order_id: number }) => one.order_id)).toContain(order.id);
    expect(data.orders[0].urgency).toMatch(/critical|dueSoon|onTrack|scheduled/);
    await pick(order.id, order.itemIds[0]!);
    await here.until(ofItem(order.itemIds[0]!));
    await elsewhere.until(({ type }) => type === 'snapshot');
    expect(elsewhere.frames).toHaveLength(1);
  });
});

describe('a ticket', () => {
  it('works once, even when it is used many times at once', async () => {
    const order = await ordered();
    const ticket = await ticketFor(shop, floor.customer.token, { order_id: order.id });
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, () => connect(shop, `/orders/${order.id}/live`, { ticket })),
    );
    expect(outcomes.filter((outcome) => outcome instanceof Watcher)).toHaveLength(1);
    const codes = outcomes.flatMap((outcome) => (outcome instanceof Watcher ? [] : outcome.body.error.code));
    expect(new Set(codes)).toEqual(new Set(['TICKET_INVALID']));
  });

  it('opens nothing but its own order or floor', async () => {
    const [one, other] = [await ordered(), await ordered()];
    const ticket = await ticketFor(shop, floor.customer.token, { order_id: one.id });
    expect(await refused(`/orders/${other.id}/live`, { ticket })).toEqual([404, 'NOT_FOUND']);
    expect(await refused('/ops/live', { branch_id: one.id, ticket })).toEqual([404, 'NOT_FOUND']);
    const forged = ticket.replace(`order-${one.id}`, `order-${other.id}`);
    expect(await refused(`/orders/${other.id}/live`, { ticket: forged })).toEqual([401, 'TICKET_INVALID']);
  });

  it('expires', async () => {
    const order = await ordered();
    const ticket = await ticketFor(shop, floor.customer.token, { order_id: order.id });
    await runInDurableObject(roomOf(shop, `order-${order.id}`), (_, { storage }) => {
      for (const [key, value] of storage.kv.list<object>({ prefix: 'ticket:' }))
        storage.kv.put(key, { ...value, expiresAt: Date.now() - 1 });
    });
    expect(await refused(`/orders/${order.id}/live`, { ticket })).toEqual([401, 'TICKET_INVALID']);
  });

  it('is worth nothing once the session that asked for it has ended', async () => {
    const customer = await signInAs(shop);
    const order = await ordered(customer.id);
    const ticket = await ticketFor(shop, customer.token, { order_id: order.id });
    await shop.request('POST', '/auth/logout', { token: customer.token });
    expect(await refused(`/orders/${order.id}/live`, { ticket })).toEqual([401, 'AUTH_REQUIRED']);
  });

  it('is for who may see the order or branch', async () => {
    const order = await ordered();
    const ask = async (token: string, body: object) => {
      const { status, body: answer } = await shop.request('POST', '/live/tickets', { token, body });
      return [status, answer.error?.code];
    };
    const stranger = await signInAs(shop);
    expect(await ask(stranger.token, { order_id: order.id })).toEqual([404, 'NOT_FOUND']);
    expect(await ask(floor.customer.token, { branch_id: goods.warehouseId })).toEqual([403, 'AUTHORIZATION_ERROR']);
    for (const body of [{}, { order_id: 1, branch_id: 1 }, { order_id: 'x' }, { branch_id: 0 }])
      expect(await ask(floor.admin.token, body)).toEqual([400, 'VALIDATION_ERROR']);
    await shop.sql('update settings set branch_scoped_staff = true');
    const employee = await signInAs(shop, 'EMPLOYEE');
    await shop.sql('update users set default_branch_id = $1 where id = $2', [goods.storeId, employee.id]);
    try {
      expect(await ask(employee.token, { order_id: order.id })).toEqual([404, 'NOT_FOUND']);
      expect(await ask(employee.token, { branch_id: goods.warehouseId })).toEqual([404, 'NOT_FOUND']);
      expect(await ask(employee.token, { branch_id: goods.storeId })).toEqual([201, undefined]);
      const events = await shop.request('GET', `/orders/${order.id}/events`, { token: employee.token });
      expect(events.status).toBe(404);
    } finally {
      await shop.sql('update settings set branch_scoped_staff = false');
    }
  });

  it('can be had with an API key of the right scope, for its branch', async () => {
    const order = await ordered();
    const keyWith = async (scopes: string[], branchId?: number) => {
      const body = { name: 'Board', scopes, branch_id: branchId };
      const answer = await shop.request('POST', '/admin/api-keys', { token: floor.admin.token, body });
      return answer.body.data as { id: number; key: string };
    };
    const ask = async (token: string) =>
      (await shop.request('POST', '/live/tickets', { token, body: { order_id: order.id } })).status;
    const [wrong, foreign, right] = [
      await keyWith(['ops:read']),
      await keyWith(['events:read'], goods.storeId),
      await keyWith(['events:read'], goods.warehouseId),
    ];
    expect([await ask(wrong.key), await ask(foreign.key), await ask(right.key)]).toEqual([403, 404, 201]);
    const watcher = await followOrder(shop, right.key, order.id);
    await watcher.until(({ type }) => type === 'snapshot');
    await shop.request('DELETE', `/admin/api-keys/${right.id}`, { token: floor.admin.token });
    expect((await watcher.untilClosed()).code).toBe(4401);
  });
});

describe('a live route', () => {
  it('says what is wrong with a request', async () => {
    const order = await ordered();
    const ticket = await ticketFor(shop, floor.customer.token, { order_id: order.id });
    const plain = await shop.request('GET', `/orders/${order.id}/live`, { query: { ticket } });
    expect([plain.status, plain.body.error.code]).toEqual([426, 'UPGRADE_REQUIRED']);
    expect(plain.headers.get('upgrade')).toBe('websocket');
    expect(await refused(`/orders/${order.id}/live`, {})).toEqual([400, 'VALIDATION_ERROR']);
    expect(await refused(`/orders/${order.id}/live`, { ticket, last_event: 'yesterday' })).toEqual([
      400,
      'VALIDATION_ERROR',
    ]);
    expect(await connect(shop, `/orders/${order.id}/live`, { ticket }), 'is still good').toBeInstanceOf(Watcher);
  });
});

describe('a room', () => {
  it('keeps its sockets through hibernation', async () => {
    const order = await ordered();
    const watcher = await followOrder(shop, floor.customer.token, order.id);
    await evictAllDurableObjects();
    await pick(order.id, order.itemIds[0]!);
    await watcher.until(ofItem(order.itemIds[0]!));
    expect(watcher.frames.filter(ofItem(order.itemIds[0]!))).toHaveLength(1);
  });

  it('stores nothing and sets no alarm once everybody has gone', async () => {
    const order = await ordered();
    const watcher = await followOrder(shop, floor.customer.token, order.id);
    const room = roomOf(shop, `order-${order.id}`);
    const stored = () =>
      runInDurableObject(room, async (_, { storage }) => [[...storage.kv.list()].length, await storage.getAlarm()]);
    expect((await stored())[0]).toBeGreaterThan(0);
    watcher.socket.close(1000);
    await watcher.untilClosed();
    await expect.poll(stored, { timeout: 20_000 }).toEqual([0, null]);
  });

  it('is not asked on behalf of those who have left it, also when they left while it was hibernating', async () => {
    const customer = await signInAs(shop);
    const order = await ordered(customer.id);
    const leaver = await followOrder(shop, customer.token, order.id);
    const stayer = await followOrder(shop, floor.employee.token, order.id);
    const { host, pathname } = new URL(String(shop.env.DATABASE_URL));
    const roomsOf = (id: number) =>
      env.EVENT_PUMP.getByName(`${host}${pathname}`).roomsOf([id], { andStaff: false }) as Promise<string[]>;
    expect(await roomsOf(customer.id)).toEqual([`order-${order.id}`]);
    await evictAllDurableObjects();
    leaver.socket.close(1000);
    await expect.poll(() => roomsOf(customer.id), { timeout: 20_000 }).toEqual([]);
    expect(await roomsOf(floor.employee.id)).toContain(`order-${order.id}`);
    await pick(order.id, order.itemIds[0]!);
    await stayer.until(ofItem(order.itemIds[0]!));
  });

  it('asks a database that fails less and less often, and sends what it missed once it answers', async () => {
    const order = await ordered();
    const watcher = await followOrder(shop, floor.customer.token, order.id);
    const room = roomOf(shop, `order-${order.id}`);
    await shop.sql(`update order_items set picked_status = 'PICKED' where id = $1`, [order.itemIds[0]]);
    await settle(shop);
    await shop.fault({ mode: 'error' });
    let asked = 0;
    for (let failure = 0; failure < 6; failure++) {
      asked = Date.now();
      await runDurableObjectAlarm(room);
    }
    const next = await runInDurableObject(room, (_, { storage }) => storage.getAlarm());
    expect(next).toBeGreaterThanOrEqual(asked + 10_000);
    await shop.fault(null);
    await runDurableObjectAlarm(room);
    await watcher.until(ofItem(order.itemIds[0]!));
    const stored = await runInDurableObject(room, (_, { storage }) => [...storage.kv.list()].map(([key]) => key));
    expect(stored, 'the next failure is a first one').not.toContain('failures');
  });

  it('finds by the clock what no request has told it of', async () => {
    const order = await ordered();
    const watcher = await followOrder(shop, floor.customer.token, order.id);
    await shop.sql(`update order_items set picked_status = 'PICKED' where id = $1`, [order.itemIds[0]]);
    await settle(shop);
    await runDurableObjectAlarm(roomOf(shop, `order-${order.id}`));
    await watcher.until(ofItem(order.itemIds[0]!));
  });
});
