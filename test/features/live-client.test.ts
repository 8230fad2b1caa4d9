import { abortAllDurableObjects } from 'cloudflare:test';
import { beforeAll, expect, it, vi } from 'vitest';
import { type LiveState, live } from '../../client/src/live.ts';
import { settle } from '../support/events.ts';
import { signInAs } from '../support/factories.ts';
import { connect, type LiveFrame, Watcher } from '../support/live.ts';
import { openLiveShop } from '../support/live-shop.ts';
import { type openFloor, type PlacedOrder, placeOrder } from '../support/orders.ts';
import type { Shop } from '../support/shop.ts';
import type { StandardShop } from '../support/standard-shop.ts';

let shop: Shop;
let goods: StandardShop;
let floor: Awaited<ReturnType<typeof openFloor>>;
let productId: number;
beforeAll(async () => {
  ({ shop, goods, floor, productId } = await openLiveShop());
});

const API = 'http://localhost:8787/api/v1';

/** What a browser's WebSocket does, on a connection to the Worker under test: it is there before it is open. */
class BrowserSocket extends EventTarget {
  readyState: number = WebSocket.CONNECTING;
  #watcher: Watcher | undefined;

  constructor(opening: ReturnType<typeof connect>) {
    super();
    opening.then((outcome) => this.#open(outcome));
  }

  #open(outcome: Awaited<ReturnType<typeof connect>>): void {
    if (!(outcome instanceof Watcher)) return void this.dispatchEvent(new Event('error'));
    this.#watcher = outcome;
    this.readyState = WebSocket.OPEN;
    this.dispatchEvent(new Event('open'));
    const tell = (data: string) => this.dispatchEvent(new MessageEvent('message', { data }));
    for (const text of outcome.texts) tell(text);
    outcome.socket.addEventListener('message', ({ data }) => tell(String(data)));
    outcome.socket.addEventListener('close', ({ code }) => this.#end(code));
  }

  #end(code: number): void {
    if (this.readyState === WebSocket.CLOSED) return;
    this.readyState = WebSocket.CLOSED;
    this.dispatchEvent(new CloseEvent('close', { code }));
  }

  send(text: string): void {
    this.#watcher?.socket.send(text);
  }

  close(code?: number): void {
    this.#watcher?.socket.close(code);
    this.#end(code ?? 1005);
  }
}

/** A storefront that follows an order. `cut` ends its connection; while it is `offline` no WebSocket comes through. */
function follow(order: PlacedOrder, token: string) {
  const messages: LiveFrame[] = [];
  const states: LiveState[] = [];
  const addresses: URL[] = [];
  let polls = 0;
  let current: BrowserSocket | undefined;
  const control = { isOffline: false, cut: () => current?.close() };
  const stop = live<LiveFrame>({
    ticket: async () => {
      const asked = await shop.request('POST', '/live/tickets', { token, body: { order_id: order.id } });
      if (asked.status !== 201) throw Object.assign(new Error(asked.text), { status: asked.status });
      return asked.body.data.ticket;
    },
    url: `${API}/orders/${order.id}/live`,
    onMessage: (message) => void messages.push(message),
    onState: (state) => void states.push(state),
    poll: async (after) => {
      polls += 1;
      const query = { limit: 2, ...(after !== undefined && { after }) };
      const answer = await shop.request('GET', `/orders/${order.id}/events`, { token, query });
      return answer.body.data;
    },
    connect: (address) => {
      const url = new URL(address);
      addresses.push(url);
      if (control.isOffline) throw new Error('The proxy lets no WebSocket through.');
      current = new BrowserSocket(connect(shop, `/orders/${order.id}/live`, Object.fromEntries(url.searchParams)));
      return current as unknown as WebSocket;
    },
    wait: () => new Promise((resolve) => setTimeout(resolve, 10)),
  });
  const until = (isSo: () => boolean) =>
    vi.waitFor(
      () => {
        if (!isSo()) throw new Error(JSON.stringify({ states, types: messages.map(({ type }) => type) }));
      },
      { timeout: 20_000, interval: 10 },
    );
  const isPicked = (itemId: number) => messages.some((one) => isPick(one) && one.data.item_id === itemId);
  return { control, messages, states, addresses, polls: () => polls, until, isPicked, stop };
}

const isPick = ({ type }: LiveFrame) => type === 'order.item_changed';
const positionsOf = (messages: LiveFrame[]) => messages.map(({ position }) => position);

async function ordered(userId = floor.customer.id): Promise<PlacedOrder> {
  const lines = [{ productId }, { productId }, { productId }];
  const order = await placeOrder(shop, { userId, branchId: goods.warehouseId, lines });
  await settle(shop);
  return order;
}

const pick = (order: PlacedOrder, line: number) =>
  shop.request('PATCH', `/ops/orders/${order.id}/items/${order.itemIds[line]}/picked-status`, {
    token: floor.employee.token,
    body: { picked_status: 'PICKED' },
  });

it('begins with the state, and goes on behind the last message with a new ticket, each message once', async () => {
  const order = await ordered();
  const client = follow(order, floor.customer.token);
  await client.until(() => client.messages.length === 1);
  await pick(order, 0);
  await client.until(() => client.isPicked(order.itemIds[0]!));
  client.control.cut();
  await pick(order, 1);
  await client.until(() => client.isPicked(order.itemIds[1]!) && client.states.at(-1) === 'open');
  await pick(order, 2);
  await client.until(() => client.isPicked(order.itemIds[2]!));
  client.stop();
  expect(client.messages.filter(({ type }) => type === 'snapshot')).toHaveLength(1);
  expect(new Set(positionsOf(client.messages)).size).toBe(client.messages.length);
  const [first, second] = client.addresses.map(({ searchParams }) => searchParams);
  expect(first!.has('last_event')).toBe(false);
  expect(positionsOf(client.messages)).toContain(second!.get('last_event'));
  expect(second!.get('ticket')).not.toBe(first!.get('ticket'));
});

it('comes back after every object has died', async () => {
  const order = await ordered();
  const client = follow(order, floor.customer.token);
  await client.until(() => client.messages.length === 1);
  await abortAllDurableObjects();
  // A connection that dies without a word is noticed by the next ping, after half a minute: here the network says so.
  client.control.cut();
  await pick(order, 0);
  await client.until(() => client.isPicked(order.itemIds[0]!));
  client.stop();
});

it('polls where no WebSocket comes through, page by page, and connects once one does', async () => {
  const order = await ordered();
  const client = follow(order, floor.customer.token);
  client.control.isOffline = true;
  client.control.cut();
  for (const line of order.itemIds.keys()) await pick(order, line);
  await client.until(() => order.itemIds.every(client.isPicked));
  expect(client.polls()).toBeGreaterThan(1);
  client.control.isOffline = false;
  await client.until(() => client.states.at(-1) === 'open');
  client.stop();
  const polled = await shop.request('GET', `/orders/${order.id}/events`, { token: floor.customer.token });
  const events = client.messages.filter(({ type }) => type !== 'snapshot');
  expect(new Set(positionsOf(events)).size).toBe(events.length);
  expect(positionsOf(polled.body.data)).toEqual(expect.arrayContaining(positionsOf(events)));
});

it('polls from the beginning when it never had a connection, and gets the state with the first one', async () => {
  const order = await ordered();
  await pick(order, 0);
  await settle(shop);
  const client = follow(order, floor.customer.token);
  client.control.isOffline = true;
  await client.until(() => client.isPicked(order.itemIds[0]!));
  client.control.isOffline = false;
  await client.until(() => client.messages.at(-1)?.type === 'snapshot');
  client.stop();
});

it('ends when the session ends, and asks for nothing more', async () => {
  const customer = await signInAs(shop);
  const order = await ordered(customer.id);
  const client = follow(order, customer.token);
  await client.until(() => client.messages.length === 1);
  await shop.request('POST', '/auth/logout', { token: customer.token });
  await client.until(() => client.states.at(-1) === 'ended');
  expect(client.addresses).toHaveLength(1);
});

it('ends when it may not see the order', async () => {
  const stranger = await signInAs(shop);
  const client = follow(await ordered(), stranger.token);
  await client.until(() => client.states.at(-1) === 'ended');
  expect(client.states).toEqual(['connecting', 'ended']);
});

it('passes nothing on once it is told to stop', async () => {
  const order = await ordered();
  const client = follow(order, floor.customer.token);
  await client.until(() => client.messages.length === 1);
  client.stop();
  await client.until(() => client.states.at(-1) === 'ended');
  await pick(order, 0);
  expect(client.messages).toHaveLength(1);
  expect(client.addresses).toHaveLength(1);
});
