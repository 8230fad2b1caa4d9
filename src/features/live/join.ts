import { sql } from 'drizzle-orm';
import * as z from 'zod';
import { type Statement, statement } from '../../db/statement.ts';
import type { Welcome } from '../../durable-objects/live-room.ts';
import { AppError, unavailable } from '../../errors.ts';
import type { Call } from '../../http/context.ts';
import { eventPage, frameOf, MOST_MISSED } from '../../live/events.ts';
import { type Follower, MEMBER_HEADER, type Place, placeName } from '../../live/place.ts';
import { sha256 } from '../../sha256.ts';
import { beginFollowing } from './following.ts';
import { askRoom, roomOf, roomSource } from './rooms.ts';
import { snapshotOf } from './snapshot.ts';
import { placeNameOf } from './tickets.ts';

interface Connection {
  ticket: string;
  last_event?: string | undefined;
}

const Member = z.object({
  id: z.string(),
  follower: z.object({
    userId: z.int(),
    sessionId: z.int(),
    keyHash: z.string().optional(),
    isStaff: z.boolean(),
  }),
});

/**
 * Lets the holder of a ticket into a room. The room takes ticket and socket first; then the database says whether the holder may
 * (still) be there and what they have missed, and the room sends it.
 */
export async function join(call: Call, place: Place, connection: Connection): Promise<Response> {
  if (call.headers.get('upgrade')?.toLowerCase() !== 'websocket') {
    throw new AppError('UPGRADE_REQUIRED', undefined, { headers: { Upgrade: 'websocket', Connection: 'Upgrade' } });
  }
  if (placeNameOf(connection.ticket) !== placeName(place)) throw new AppError('NOT_FOUND');
  const room = roomOf(call, place);
  const url = new URL('https://room/');
  url.searchParams.set('ticket', await sha256(connection.ticket));
  const entry = await askRoom(room.fetch(url, { headers: { Upgrade: 'websocket' } }));
  if (entry.status === 401) throw new AppError('TICKET_INVALID');
  if (!entry.webSocket) throw unavailable(60);
  const { id, follower } = Member.parse(JSON.parse(entry.headers.get(MEMBER_HEADER) ?? ''));
  try {
    const welcome = await welcomeOf(call, place, follower, connection.last_event);
    await askRoom(room.welcome(id, welcome, roomSource(call)));
  } catch (error) {
    entry.webSocket.accept();
    call.background(room.dismiss(id).catch(() => {}));
    throw error;
  }
  return new Response(null, { status: 101, webSocket: entry.webSocket });
}

async function welcomeOf(
  call: Call,
  place: Place,
  follower: Follower,
  lastEvent: string | undefined,
): Promise<Welcome> {
  const begin = statement(beginFollowing(follower, place, call.requestId));
  if (lastEvent !== undefined) {
    const [, [known], [page]] = await call.database.batch([begin, isKept(lastEvent), eventPage(place, lastEvent)]);
    const canResume = known && page && !page.is_full && page.events.length <= MOST_MISSED;
    if (canResume) return { frames: page.events.map(frameOf), position: page.position ?? lastEvent };
  }
  const snapshot = snapshotOf(place, follower, call.config.timeZone, call.language);
  // The position first: the state that is read after it is as new, or newer.
  const [, [newest], ...rows] = await call.database.batch([begin, NEWEST, ...snapshot.statements]);
  const position = newest?.position ?? '0-0';
  return { frames: [JSON.stringify({ type: 'snapshot', position, data: snapshot.read(rows) })], position };
}

const NEWEST = statement<{ position: string }>(
  sql`select position from settled_events order by xid desc, number desc limit 1`,
);

/** Events are dropped after some months: behind one that is gone, nobody knows what else is. */
function isKept(position: string): Statement<{ position: string }> {
  const [xid, number] = position.split('-');
  return statement(sql`
    select position from settled_events where xid = ${xid}::xid8 and number = ${number}::bigint limit 1`);
}
