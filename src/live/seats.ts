import type { Follower } from './place.ts';

/** What a socket carries through hibernation. `from`: how far its holder had everything when it joined; null: it has not joined. */
export interface Seat {
  readonly id: string;
  readonly follower: Follower;
  readonly from: string | null;
}

/**
 * The open sockets of a room. Asked for them, the platform makes a list of all and reads each one's attachment anew: with thousands of
 * sockets that costs more than the sending, so both are kept here for as long as the object is awake.
 */
export class Seats {
  readonly #ctx: DurableObjectState;
  readonly #seats = new Map<WebSocket, Seat>();
  readonly #socketsOf = new Map<number, number>();

  constructor(ctx: DurableObjectState) {
    this.#ctx = ctx;
    for (const socket of ctx.getWebSockets()) {
      const seat = attachedTo(socket);
      if (seat && socket.readyState === WebSocket.OPEN) this.#keep(socket, seat);
    }
  }

  get count(): number {
    return this.#seats.size;
  }

  get all(): Iterable<[WebSocket, Seat]> {
    return this.#seats;
  }

  add(socket: WebSocket, seat: Seat): void {
    this.#ctx.acceptWebSocket(socket, [seat.id]);
    socket.serializeAttachment(seat);
    this.#keep(socket, seat);
  }

  change(socket: WebSocket, seat: Seat): void {
    socket.serializeAttachment(seat);
    this.#seats.set(socket, seat);
  }

  find(id: string): [WebSocket, Seat] | undefined {
    const [socket] = this.#ctx.getWebSockets(id);
    const seat = socket && this.#seats.get(socket);
    return seat && [socket, seat];
  }

  /** @returns whose it was, also when it had ended before the object woke up */
  remove(socket: WebSocket): Follower | undefined {
    const seat = this.#seats.get(socket);
    if (!seat) return attachedTo(socket)?.follower;
    this.#seats.delete(socket);
    const left = (this.#socketsOf.get(seat.follower.userId) ?? 1) - 1;
    if (left > 0) this.#socketsOf.set(seat.follower.userId, left);
    else this.#socketsOf.delete(seat.follower.userId);
    return seat.follower;
  }

  hasAny(userId: number): boolean {
    return this.#socketsOf.has(userId);
  }

  #keep(socket: WebSocket, seat: Seat): void {
    const { userId } = seat.follower;
    this.#seats.set(socket, seat);
    this.#socketsOf.set(userId, (this.#socketsOf.get(userId) ?? 0) + 1);
  }
}

const attachedTo = (socket: WebSocket): Seat | null => socket.deserializeAttachment() as Seat | null;

/** A socket whose other end has just gone is found by its close event. */
export function send(socket: WebSocket, text: string): void {
  try {
    socket.send(text);
  } catch {
    // Closed.
  }
}
