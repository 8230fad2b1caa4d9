/** What comes through a live connection: an event, or a snapshot of the whole state. */
export interface LiveMessage {
  type: string;
  position: string;
  data: unknown;
}

export type LiveState = 'connecting' | 'open' | 'waiting' | 'ended';

export interface LiveOptions<Message extends LiveMessage> {
  /** A new ticket of `POST /live/tickets`: each works once. A refusal (401, 403, 404) should throw an error with `status`. */
  ticket: () => Promise<string>;
  /** The address of the connection, without its query: `wss://api.example.com/api/v1/orders/17/live`. */
  url: string;
  /** Further fields of the query, such as `branch_id`. */
  query?: Record<string, string>;
  onMessage: (message: Message) => void;
  onState?: (state: LiveState) => void;
  /** Where no WebSocket comes through: the events behind a position, of `GET /orders/{id}/events?after=`; all, without one. */
  poll?: (after: string | undefined) => Promise<Message[]>;
  /** For tests. */
  connect?: (url: string) => WebSocket;
  wait?: (milliseconds: number) => Promise<void>;
}

const ACCESS_ENDED = 4401;
const MOST_WAIT_MS = 15_000;
const PING_MS = 30_000;
const LOOK_MS = 1_000;
const sleep = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

/**
 * Follows an order or a floor. It connects again whenever the connection ends, behind the last message it has, and passes each
 * message on once. It ends when access has ended, or when the returned function is called.
 */
export function live<Message extends LiveMessage>(options: LiveOptions<Message>): () => void {
  const { onState = () => {}, wait = sleep, connect = (url) => new WebSocket(url) } = options;
  let last: string | undefined;
  /** Who has only polled still gets the whole state when a connection comes about. */
  let hasState = false;
  let isOver = false;
  let socket: WebSocket | undefined;

  const take = (message: Message) => {
    if (isOver || (message.type !== 'snapshot' && message.position === last)) return;
    last = message.position;
    hasState ||= message.type === 'snapshot';
    options.onMessage(message);
  };

  /** What happened while there was no connection, page by page. */
  const poll = async (ask: (after: string | undefined) => Promise<Message[]>) => {
    for (let events = await ask(last); events.length > 0 && !isOver; events = await ask(last))
      for (const event of events) take(event);
  };

  const once = async (): Promise<number> => {
    const url = new URL(options.url);
    for (const [name, value] of Object.entries(options.query ?? {})) url.searchParams.set(name, value);
    url.searchParams.set('ticket', await options.ticket());
    if (last !== undefined && hasState) url.searchParams.set('last_event', last);
    if (isOver) return ACCESS_ENDED;
    socket = connect(url.href);
    return ended(socket, take, () => onState('open'));
  };

  const run = async () => {
    for (let failures = 0; !isOver; ) {
      onState('connecting');
      const before = last;
      const end = await once().catch((error: { status?: number }) =>
        [401, 403, 404].includes(error.status ?? 0) ? ACCESS_ENDED : 0,
      );
      if (end === ACCESS_ENDED || isOver) break;
      failures = last === before ? failures + 1 : 0;
      onState('waiting');
      if (options.poll) await poll(options.poll).catch(() => {});
      await wait(Math.min(MOST_WAIT_MS, 500 * 2 ** failures) * (0.5 + Math.random() / 2));
    }
    isOver = true;
    onState('ended');
  };
  void run();
  return () => {
    isOver = true;
    socket?.close(1000);
  };
}

/**
 * Resolves with the close code, or with 0 for a connection that does not answer `ping`, or that the server has closed while its close
 * event keeps others waiting for the end of TCP.
 */
function ended<Message>(socket: WebSocket, take: (message: Message) => void, onOpen: () => void): Promise<number> {
  return new Promise((resolve) => {
    let isAnswered = true;
    const ping = setInterval(() => {
      if (!isAnswered) return finish(0);
      isAnswered = false;
      if (socket.readyState === WebSocket.OPEN) socket.send('ping');
    }, PING_MS);
    const look = setInterval(() => {
      if (socket.readyState > WebSocket.OPEN) finish(0);
    }, LOOK_MS);
    const finish = (code: number) => {
      clearInterval(ping);
      clearInterval(look);
      if (socket.readyState <= WebSocket.OPEN) socket.close();
      resolve(code);
    };
    socket.addEventListener('open', onOpen);
    socket.addEventListener('message', ({ data }) => {
      isAnswered = true;
      if (data !== 'pong') take(JSON.parse(String(data)) as Message);
    });
    socket.addEventListener('close', ({ code }) => finish(code));
    socket.addEventListener('error', () => finish(0));
  });
}
