import { abortAllDurableObjects, evictAllDurableObjects } from 'cloudflare:test';
import { beforeAll, expect, inject, it } from 'vitest';
import { settle } from '../support/events.ts';
import { makeProduct, makeStock } from '../support/factories.ts';
import type { ReceivedDelivery } from '../support/fake-receiver.ts';
import { followFloor, followOrder, type LiveFrame, tellSource, type Watcher } from '../support/live.ts';
import { openFloor, type PlacedOrder, placeOrder } from '../support/orders.ts';
import { openShop, type Shop } from '../support/shop.ts';
import { type StandardShop, standardShop } from '../support/standard-shop.ts';

/** Orders that are picked at the same time, while one disaster happens. */
const AT_ONCE = 25;

let shop: Shop;
let goods: StandardShop;
let floor: Awaited<ReturnType<typeof openFloor>>;
beforeAll(async () => {
  shop = await openShop({ env: { WEBHOOK_ALLOW_PRIVATE: 'true' } });
  goods = await standardShop(shop);
  floor = await openFloor(shop);
});

/** A client as it should be written: it connects again whenever its connection ends or is dead, behind the last event that it has. */
class Client {
  readonly #open: (lastEvent: string | undefined) => Promise<Watcher>;
  readonly lines = new Map<number, string>();
  readonly positions: string[] = [];
  #lastEvent: string | undefined;
  #watcher: Watcher | undefined;
  #seen = 0;

  constructor(open: (lastEvent: string | undefined) => Promise<Watcher>) {
    this.#open = open;
  }

  /** Takes in what has come, and connects if need be. */
  async keepUp(): Promise<void> {
    const isAlive = await this.#watcher?.answersPing();
    this.#takeIn();
    if (isAlive) return;
    this.#watcher = await this.#open(this.#lastEvent).catch(() => undefined);
    this.#seen = 0;
  }

  #takeIn(): void {
    for (const frame of this.#watcher?.frames.slice(this.#seen) ?? []) {
      this.#seen += 1;
      this.#apply(frame);
    }
  }

  #apply({ type, position, data }: LiveFrame): void {
    this.#lastEvent = position;
    if (type === 'snapshot') {
      for (const item of data.order?.items ?? []) this.lines.set(item.id, item.picked_status);
      return;
    }
    this.positions.push(position);
    if (type === 'order.item_changed') this.lines.set(data.item_id, data.picked_status);
  }
}

async function openReceiver() {
  const base = inject('receiverUrl');
  const name = crypto.randomUUID();
  const body = { url: `${base}/hooks/${name}`, events: ['order.item_changed'] };
  const { status, text } = await shop.request('POST', '/admin/webhooks', { token: floor.admin.token, body });
  if (status !== 201) throw new Error(text);
  return async (): Promise<ReceivedDelivery[]> => (await fetch(`${base}/seen/${name}`)).json();
}

const DISASTERS: [string, () => Promise<unknown>][] = [
  ['every object is killed', () => abortAllDurableObjects()],
  ['every object is evicted', () => evictAllDurableObjects()],
  ['the database is gone before a statement', () => shop.fault({ mode: 'drop', when: 'before', times: AT_ONCE })],
  ['the answers of the database are lost', () => shop.fault({ mode: 'drop', when: 'after', times: AT_ONCE })],
];

const ORDERS = AT_ONCE * DISASTERS.length;

/** Picks a line; whoever gets no answer tries again, as a handheld does. */
async function pick({ id }: PlacedOrder, itemId: number): Promise<void> {
  const path = `/ops/orders/${id}/items/${itemId}/picked-status`;
  for (let status = 0, attempt = 0; status !== 200 && attempt < 20; attempt++) {
    const options = { token: floor.employee.token, body: { picked_status: 'PICKED' } };
    ({ status } = await shop.request('PATCH', path, { ...options, background: 'leave' }));
  }
}

it('whatever dies while orders are picked, every follower ends with what the database has, and no webhook is lost', async () => {
  const productId = await makeProduct(shop, { price: '10.00' });
  await makeStock(shop, { productId, branchId: goods.warehouseId, onHand: 1_000 });
  const lines = [{ productId }, { productId }];
  const placing = Array.from({ length: ORDERS }, () =>
    placeOrder(shop, { userId: floor.customer.id, branchId: goods.warehouseId, lines }),
  );
  const orders = await Promise.all(placing);
  await settle(shop);
  const received = await openReceiver();
  const followers = orders.map(
    ({ id }) => new Client((lastEvent) => followOrder(shop, floor.customer.token, id, lastEvent)),
  );
  const board = new Client((lastEvent) => followFloor(shop, floor.employee.token, goods.warehouseId, lastEvent));
  const clients = [...followers, board];
  await Promise.all(clients.map((client) => client.keepUp()));

  for (const [turn, [, disaster]] of DISASTERS.entries()) {
    const round = orders.slice(turn * AT_ONCE, (turn + 1) * AT_ONCE);
    for (const line of lines.keys()) {
      const picking = Promise.all(round.map((order) => pick(order, order.itemIds[line]!)));
      if (line === 0) await disaster();
      await picking;
    }
    await shop.fault(null);
    await Promise.all(clients.map((client) => client.keepUp()));
  }

  const makeReady = async ({ id }: PlacedOrder) => {
    const options = { token: floor.admin.token, body: { status: 'READY' } };
    const { status, text } = await shop.request('PATCH', `/ops/orders/${id}/status`, options);
    expect(status, text).toBe(200);
  };
  await Promise.all(orders.map(makeReady));
  const inDatabase = await shop.sql<{ id: number; order_id: number; picked_status: string }>(
    'select id, order_id, picked_status from order_items order by id',
  );
  expect(new Set(inDatabase.map(({ picked_status }) => picked_status))).toEqual(new Set(['PICKED']));
  await settle(shop);
  // Whom no publisher reached finds out by its alarm, which needs to know the database of this test.
  await Promise.all(
    [`branch-${goods.warehouseId}`, ...orders.map(({ id }) => `order-${id}`)].map((name) => tellSource(shop, name)),
  );
  const stateOf = (orderId: number) =>
    new Map(inDatabase.filter((row) => row.order_id === orderId).map((row) => [row.id, row.picked_status]));
  const poll = { timeout: 120_000, interval: 50 };
  for (const [index, { id }] of orders.entries()) {
    const client = followers[index]!;
    await expect.poll(() => client.keepUp().then(() => client.lines), poll).toEqual(stateOf(id));
    expect(new Set(client.positions).size, 'no event twice').toBe(client.positions.length);
  }
  const everything = new Map(inDatabase.map((row) => [row.id, row.picked_status]));
  await expect.poll(() => board.keepUp().then(() => board.lines), poll).toEqual(everything);

  const events = await shop.sql<{ id: number }>(
    `select id::float8 as id from events where type = 'order.item_changed'`,
  );
  const wanted = new Set(events.map(({ id }) => `evt_${id}`));
  const arrived = async () => {
    await shop.sql(`update webhook_deliveries set next_attempt_at = now() where status = 'PENDING'`);
    await shop.scheduled('*/5 * * * *');
    return new Set((await received()).map(({ headers }) => headers['webhook-id']));
  };
  await expect.poll(arrived, poll).toEqual(wanted);
  for (const { headers, body } of await received()) expect(headers['webhook-id']).toBe(`evt_${JSON.parse(body).id}`);
});
