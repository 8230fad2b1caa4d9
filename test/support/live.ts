import { createExecutionContext, runInDurableObject, waitOnExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { vi } from 'vitest';
import { configOf } from '../../src/config.ts';
import { roomSource } from '../../src/features/live/rooms.ts';
import worker from '../../src/index.ts';
import type { Shop } from './shop.ts';

const handler = worker as unknown as {
  fetch(request: Request, env: object, context: ExecutionContext): Response | Promise<Response>;
};

export interface LiveFrame {
  type: string;
  position: string;
  entity_id?: number;
  version?: number;
  data: any;
}

/** Closes the sockets that a file's tests have opened: without clients a room does nothing, and asks no database that is gone. */
export function hangUp(): void {
  for (const socket of opened.splice(0)) if (socket.readyState === WebSocket.OPEN) socket.close(1000);
}

const opened: WebSocket[] = [];

/** A WebSocket's end of a client, and all that it has received. */
export class Watcher {
  readonly frames: LiveFrame[] = [];
  readonly texts: string[] = [];
  closed: { code: number; reason: string } | undefined;
  readonly socket: WebSocket;

  constructor(socket: WebSocket) {
    this.socket = socket;
    opened.push(socket);
    socket.addEventListener('message', ({ data }) => {
      const text = String(data);
      this.texts.push(text);
      if (text.startsWith('{')) this.frames.push(JSON.parse(text));
    });
    socket.addEventListener('close', ({ code, reason }) => {
      this.closed ??= { code, reason };
      if (socket.readyState === WebSocket.OPEN) socket.close();
    });
    socket.addEventListener('error', () => {
      this.closed ??= { code: 1006, reason: '' };
    });
    socket.accept();
  }

  get last(): string | undefined {
    return this.frames.at(-1)?.position;
  }

  /** An object that is killed does not always tell its sockets: a connection that does not answer is dead. */
  async answersPing(): Promise<boolean> {
    const before = this.#pongs;
    if (this.closed || this.socket.readyState !== WebSocket.OPEN) return false;
    this.socket.send('ping');
    const answered = vi.waitFor(
      () => {
        if (!this.closed && this.#pongs === before) throw new Error('no answer yet');
      },
      { timeout: 20_000, interval: 5 },
    );
    return answered.then(
      () => !this.closed,
      () => false,
    );
  }

  get #pongs(): number {
    return this.texts.filter((text) => text === 'pong').length;
  }

  /** Waits for a message. */
  until(matches: (frame: LiveFrame) => boolean, timeout = 120_000): Promise<LiveFrame> {
    return vi.waitFor(
      () => {
        const found = this.frames.find(matches);
        if (!found) throw new Error(`not among ${JSON.stringify(this.frames.map(({ type }) => type))}`);
        return found;
      },
      { timeout, interval: 10 },
    );
  }

  untilClosed(timeout = 120_000): Promise<{ code: number; reason: string }> {
    return vi.waitFor(
      () => {
        if (!this.closed) throw new Error('still open');
        return this.closed;
      },
      { timeout, interval: 10 },
    );
  }
}

export async function ticketFor(shop: Shop, token: string, body: { order_id: number } | { branch_id: number }) {
  const { status, body: answer, text } = await shop.request('POST', '/live/tickets', { token, body });
  if (status !== 201) throw new Error(text);
  return answer.data.ticket as string;
}

/** Opens a live connection, as a browser does. @returns the response where it is refused */
export async function connect(
  shop: Shop,
  path: string,
  query: Record<string, string | number>,
): Promise<Watcher | { status: number; body: any }> {
  const url = new URL(`http://localhost:8787/api/v1${path}`);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value));
  const context = createExecutionContext();
  const request = new Request(url, { headers: { upgrade: 'websocket', 'cf-connecting-ip': '10.1.2.3' } });
  const response = await handler.fetch(request, shop.env, context);
  await waitOnExecutionContext(context);
  if (!response.webSocket) return { status: response.status, body: await response.json() };
  return new Watcher(response.webSocket);
}

const admitted = (outcome: Watcher | { status: number; body: unknown }): Watcher => {
  if (outcome instanceof Watcher) return outcome;
  throw new Error(JSON.stringify(outcome));
};

export async function followOrder(shop: Shop, token: string, orderId: number, lastEvent?: string): Promise<Watcher> {
  const ticket = await ticketFor(shop, token, { order_id: orderId });
  return admitted(
    await connect(shop, `/orders/${orderId}/live`, { ticket, ...(lastEvent ? { last_event: lastEvent } : {}) }),
  );
}

export async function followFloor(shop: Shop, token: string, branchId: number, lastEvent?: string): Promise<Watcher> {
  const ticket = await ticketFor(shop, token, { branch_id: branchId });
  return admitted(
    await connect(shop, '/ops/live', {
      branch_id: branchId,
      ticket,
      ...(lastEvent ? { last_event: lastEvent } : {}),
    }),
  );
}

/** The object behind `order-…` or `branch-…`. */
export function roomOf(shop: Shop, name: string) {
  const { host, pathname } = new URL(String(shop.env.DATABASE_URL));
  return env.LIVE_ROOM.getByName(`${host}${pathname}/${name}`);
}

/** Tells the room its database, which an evicted one has forgotten: the binding of this suite is of no use to it. */
export const tellSource = (shop: Shop, name: string): Promise<void> =>
  roomOf(shop, name).recheck(roomSource({ config: configOf(shop.env) }));

/** The room no longer looks by itself every 20 seconds: what reaches a socket now, a request has told of. */
export const stopClock = (shop: Shop, name: string): Promise<void> =>
  runInDurableObject(roomOf(shop, name), (_, { storage }) => storage.deleteAlarm());
