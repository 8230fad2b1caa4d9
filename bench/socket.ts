import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';

const [TEXT, CLOSE] = [0x1, 0x8];

/**
 * A WebSocket that only listens. Node's own asks for compression, for which workerd keeps 300 KiB a socket, and unpacks every message:
 * with thousands of them in one process the client would be what is measured.
 */
export class Listener {
  readonly #socket: Socket;
  #rest: Buffer = Buffer.alloc(0);
  #hasBegun = false;
  onText: (text: string) => void = () => {};
  /** The code of the close frame, or 1006 when the connection has ended without one. */
  ended: number | undefined;
  received = 0;

  constructor(url: URL) {
    this.#socket = connect(Number(url.port), url.hostname);
    const key = randomBytes(16).toString('base64');
    this.#socket.write(
      `GET ${url.pathname}${url.search} HTTP/1.1\r\nHost: ${url.host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        `Sec-WebSocket-Key: ${key}\r\nSec-WebSocket-Version: 13\r\n\r\n`,
    );
    this.#socket.on('data', (data) => this.#take(data));
    const end = () => {
      this.ended ??= 1006;
    };
    this.#socket.on('error', end).on('close', end);
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(data: Buffer): void {
    this.received += data.length;
    this.#rest = this.#rest.length > 0 ? Buffer.concat([this.#rest, data]) : data;
    if (!this.#hasBegun && !this.#begin()) return;
    for (let frame = takeFrame(this.#rest); frame; frame = takeFrame(this.#rest)) {
      this.#rest = frame.rest;
      if (frame.opcode === TEXT) this.onText(frame.payload.toString());
      if (frame.opcode === CLOSE) this.ended = frame.payload.length > 1 ? frame.payload.readUInt16BE() : 1005;
    }
  }

  /** Skips the answer to the upgrade. */
  #begin(): boolean {
    const end = this.#rest.indexOf('\r\n\r\n');
    if (end < 0) return false;
    const head = this.#rest.subarray(0, end).toString();
    if (!head.startsWith('HTTP/1.1 101')) throw new Error(`A socket was refused: ${head.split('\r\n', 1)[0]}`);
    this.#rest = this.#rest.subarray(end + 4);
    this.#hasBegun = true;
    return true;
  }
}

/** The first frame of what has come, if it is complete; frames of a server are not masked, and workerd does not split messages. */
function takeFrame(data: Buffer): { opcode: number; payload: Buffer; rest: Buffer } | undefined {
  if (data.length < 2) return undefined;
  const [first = 0, short = 0] = data;
  const head = short === 127 ? 10 : short === 126 ? 4 : 2;
  if (data.length < head) return undefined;
  const length = short === 127 ? Number(data.readBigUInt64BE(2)) : short === 126 ? data.readUInt16BE(2) : short;
  if (data.length < head + length) return undefined;
  return { opcode: first & 0xf, payload: data.subarray(head, head + length), rest: data.subarray(head + length) };
}
