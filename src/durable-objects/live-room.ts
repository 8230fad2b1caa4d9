import { DurableObject } from 'cloudflare:workers';
import { type Config, configOf, shopName } from '../config.ts';
import { Database } from '../db/database.ts';
import { eventPage, frameOf, isBefore, whoMayNot } from '../live/events.ts';
import { ACCESS_ENDED, type Follower, MEMBER_HEADER, type Place, placeName } from '../live/place.ts';
import { type Frame, Recent } from '../live/recent.ts';
import { type Seat, Seats, send } from '../live/seats.ts';
import { jittered } from '../sleep.ts';
import type { EventPump } from './event-pump.ts';

/** Where the room reads. Callers pass it along, because a test suite has many databases; without one the room takes its own binding. */
export type Source = Pick<Config, 'databaseUrl' | 'databaseGatewayUrl' | 'databaseTimeoutMs'>;

/** What a room has to know about itself when it wakes up. */
export interface Home extends Place {
  /** The name of the pump that is told of the room's sockets. */
  readonly shop: string;
}

interface Ticket {
  readonly follower: Follower;
  readonly expiresAt: number;
}

/** How a socket begins: its first messages, and the position that they reach. */
export interface Welcome {
  readonly frames: readonly string[];
  readonly position: string;
}

const MAX_SOCKETS = { order: 200, branch: 5_000 };
const MAX_MESSAGE = 256;
const RECENT_EVENTS = 500;
/** Finds what no publisher has told of, and sessions that have expired. */
const LOOK_MS = 20_000;
/** After a failure; twice as long after each further one: thousands of rooms must not keep a database from coming back. */
const RETRY_MS = 1_000;
const TICKET = 'ticket:';

/**
 * Those who follow one order, or the floor of one branch. It keeps tickets, sockets and how far it has sent, and reads the events
 * behind that from the database: whatever it loses, it or the client reads again. Without sockets and tickets it stores nothing
 * and does nothing.
 */
export class LiveRoom extends DurableObject<Env> {
  #source: Source | undefined;
  readonly #seats: Seats;
  readonly #recent = new Recent(RECENT_EVENTS);
  #turn: Promise<unknown> = Promise.resolve();
  /** A read that waits for its turn: whoever tells of something new until it begins shares it. */
  #nextRead: Promise<void> | undefined;
  /** Sockets that are being registered with the pump: until then nobody is taken off its list. */
  #joining = 0;
  /** Users of whom a socket has ended, and the call that tells the pump of them. */
  readonly #leaving = new Set<number>();
  #farewell: Promise<void> | undefined;
  /** One stub, so that the pump hears of arrivals and departures in their order. */
  #pump: DurableObjectStub<EventPump> | undefined;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#seats = new Seats(ctx);
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair('ping', 'pong'));
  }

  /** Keeps a ticket, by its hash, until it is used or expires. */
  async issue(home: Home, hash: string, ticket: Ticket): Promise<void> {
    this.ctx.storage.kv.put('home', home);
    this.ctx.storage.kv.put(TICKET + hash, ticket);
    await this.#wakeAt(ticket.expiresAt);
  }

  /** Takes a ticket and a socket, which gets nothing until `welcome`. The ticket is gone before anything is awaited: it works once. */
  override async fetch(request: Request): Promise<Response> {
    const { kv } = this.ctx.storage;
    const hash = new URL(request.url).searchParams.get('ticket') ?? '';
    const ticket = kv.get<Ticket>(TICKET + hash);
    const home = kv.get<Home>('home');
    kv.delete(TICKET + hash);
    if (!ticket || !home || ticket.expiresAt <= Date.now()) return new Response(null, { status: 401 });
    const { follower } = ticket;
    // Before the Worker asks the database whether they may: who loses access after that answer is found here.
    this.#joining += 1;
    try {
      await this.#pumpOf(home).enter(placeName(home), follower.userId, follower.isStaff);
      return this.#seat(home, follower);
    } finally {
      this.#joining -= 1;
    }
  }

  #seat({ kind }: Home, follower: Follower): Response {
    if (this.#seats.count >= MAX_SOCKETS[kind]) return new Response(null, { status: 503 });
    const { 0: client, 1: server } = new WebSocketPair();
    const seat: Seat = { id: crypto.randomUUID(), follower, from: null };
    this.#seats.add(server, seat);
    this.ctx.waitUntil(this.#wakeAt(Date.now() + LOOK_MS));
    const headers = { [MEMBER_HEADER]: JSON.stringify({ id: seat.id, follower }) };
    return new Response(null, { status: 101, webSocket: client, headers });
  }

  /** The socket's first messages; from now on it gets what comes behind them. */
  async welcome(id: string, { frames, position }: Welcome, source: Source): Promise<void> {
    this.#source = source;
    const hasNews = await this.#inTurn(async () => {
      const [socket, seat] = this.#seats.find(id) ?? [];
      if (!socket || !seat) return false;
      const sent = this.ctx.storage.kv.get<string>('sent');
      for (const frame of frames) send(socket, frame);
      if (sent === undefined) this.ctx.storage.kv.put('sent', position);
      else if (isBefore(position, sent)) await this.#sendMissing(socket, position, sent);
      this.#seats.change(socket, { ...seat, from: position });
      return sent === undefined || isBefore(sent, position);
    });
    if (hasNews) await this.announce(source);
  }

  /** Ends a socket that has not been let in. */
  dismiss(id: string): void {
    const [socket] = this.#seats.find(id) ?? [];
    if (socket) this.#end(socket, ACCESS_ENDED, 'Not allowed');
  }

  /** Something has happened: sends what is new. A room that cannot read now tries again soon. */
  async announce(source: Source): Promise<void> {
    this.#source = source;
    this.#nextRead ??= this.#guarded(() => {
      this.#nextRead = undefined;
      return this.#sendNew();
    });
    await this.#nextRead;
  }

  /** Somebody's access has changed: ends the sockets of those who have lost it. */
  async recheck(source: Source): Promise<void> {
    this.#source = source;
    await this.#guarded(() => this.#endRefused());
  }

  override async alarm(): Promise<void> {
    for (const [key, { expiresAt }] of this.ctx.storage.kv.list<Ticket>({ prefix: TICKET })) {
      if (expiresAt <= Date.now()) this.ctx.storage.kv.delete(key);
    }
    await this.#guarded(async () => {
      await this.#endRefused();
      await this.#sendNew();
    });
    await this.#rest();
  }

  /** The platform answers `ping` itself; nothing else is expected. */
  override webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): void {
    const size = typeof message === 'string' ? message.length : message.byteLength;
    if (size > MAX_MESSAGE) this.#end(socket, 1009, 'Too long');
    else this.#end(socket, 1008, 'Send nothing but ping');
  }

  override async webSocketClose(socket: WebSocket, code: number): Promise<void> {
    // 1005 and 1006 say that there was no code, and cannot be sent.
    socket.close(code === 1005 || code === 1006 ? 1000 : code);
    await this.#left(socket);
  }

  override async webSocketError(socket: WebSocket): Promise<void> {
    await this.#left(socket);
  }

  async #sendNew(): Promise<void> {
    const sent = this.ctx.storage.kv.get<string>('sent');
    if (sent === undefined || this.#seats.count === 0) return this.#rest();
    for await (const { frames, from, to } of this.#read(sent)) {
      this.#broadcast(frames);
      this.#recent.add(from, frames, to);
      this.ctx.storage.kv.put('sent', to);
    }
  }

  /** The events between two positions, for one socket that lacks them. */
  async #sendMissing(socket: WebSocket, position: string, until: string): Promise<void> {
    const recent = this.#recent.between(position, until);
    for (const { text } of recent ?? []) send(socket, text);
    if (recent) return;
    for await (const { frames } of this.#read(position)) {
      for (const frame of frames) if (!isBefore(until, frame.position)) send(socket, frame.text);
    }
  }

  /** The events behind a position, page by page; each is made into text once, for all sockets. */
  async *#read(position: string): AsyncGenerator<{ frames: Frame[]; from: string; to: string }> {
    const home = this.ctx.storage.kv.get<Home>('home');
    if (!home) return;
    for (let from = position, isFull = true; isFull; ) {
      const [page] = await this.#database(home).single(eventPage(home, from));
      if (!page?.position) return;
      const frames = page.events.map((event) => ({ position: event.position, text: frameOf(event) }));
      yield { frames, from, to: page.position };
      from = page.position;
      isFull = page.is_full;
    }
  }

  #broadcast(frames: readonly Frame[]): void {
    if (frames.length === 0) return;
    for (const [socket, { from }] of this.#seats.all) {
      if (!from) continue;
      for (const { position, text } of frames) if (isBefore(from, position)) send(socket, text);
    }
  }

  async #endRefused(): Promise<void> {
    const home = this.ctx.storage.kv.get<Home>('home');
    if (!home || this.#seats.count === 0) return;
    const seats = [...this.#seats.all];
    const mayNot = await whoMayNot(
      this.#database(home),
      home,
      seats.map(([, { follower }]) => follower),
    );
    for (const [socket, { follower }] of seats) if (mayNot(follower)) this.#end(socket, ACCESS_ENDED, 'Access ended');
  }

  #end(socket: WebSocket, code: number, reason: string): void {
    socket.close(code, reason);
    this.ctx.waitUntil(this.#left(socket));
  }

  /** The pump forgets a user whose last socket here has ended; of thousands who leave at once it hears in a few calls. */
  async #left(socket: WebSocket): Promise<void> {
    const follower = this.#seats.remove(socket);
    if (!follower) return;
    this.#leaving.add(follower.userId);
    this.#farewell ??= scheduler.wait(0).then(() => this.#sayFarewell());
    await this.#farewell;
  }

  async #sayFarewell(): Promise<void> {
    this.#farewell = undefined;
    const home = this.ctx.storage.kv.get<Home>('home');
    if (!home) return;
    const gone = [...this.#leaving].filter((userId) => !this.#seats.hasAny(userId));
    // Somebody who is coming in may be one of those who have left: then the next farewell names them.
    if (this.#joining === 0) {
      this.#leaving.clear();
      if (gone.length > 0) await this.#pumpOf(home).leave(placeName(home), gone);
    }
    await this.#rest();
  }

  /** Looks again later while there is anybody to look for; stores nothing when there is not. */
  async #rest(): Promise<void> {
    const { storage } = this.ctx;
    const [ticket] = storage.kv.list({ prefix: TICKET, limit: 1 });
    if (this.#seats.count > 0) return this.#wakeAt(Date.now() + LOOK_MS);
    storage.kv.delete('sent');
    if (ticket) return this.#wakeAt(Date.now() + LOOK_MS);
    const home = storage.kv.get<Home>('home');
    if (!home || this.#joining > 0) return;
    await this.#pumpOf(home).leave(placeName(home));
    const [ticketNow] = storage.kv.list({ prefix: TICKET, limit: 1 });
    if (ticketNow || this.#joining > 0 || this.#seats.count > 0) return;
    await Promise.all([storage.deleteAlarm(), storage.deleteAll()]);
  }

  async #wakeAt(time: number): Promise<void> {
    const set = await this.ctx.storage.getAlarm();
    if (set === null || set > time) await this.ctx.storage.setAlarm(time);
  }

  /** One after the other; a failure is put right by the next alarm, which comes soon. */
  async #guarded(work: () => Promise<void>): Promise<void> {
    const { kv } = this.ctx.storage;
    try {
      await this.#inTurn(work);
      if (kv.get('failures')) kv.delete('failures');
    } catch {
      const failures = kv.get<number>('failures') ?? 0;
      kv.put('failures', failures + 1);
      await this.#wakeAt(Date.now() + jittered(Math.min(RETRY_MS * 2 ** failures, LOOK_MS)));
    }
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work, work);
    this.#turn = result.catch(() => {});
    return result;
  }

  #database({ shop }: Home): Database {
    const source = this.#source ?? configOf(this.env);
    if (shopName(source) !== shop) throw new Error('The room belongs to another database');
    return new Database(source);
  }

  #pumpOf({ shop }: Home): DurableObjectStub<EventPump> {
    this.#pump ??= this.env.EVENT_PUMP.getByName(shop);
    return this.#pump;
  }
}
