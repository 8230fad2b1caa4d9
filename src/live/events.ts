import { type SQL, sql } from 'drizzle-orm';
import type { Database } from '../db/database.ts';
import { type Statement, statement } from '../db/statement.ts';
import { type Follower, type Place, placeIds } from './place.ts';

/** Events that a connection is sent to catch up; with more of them, a snapshot says the same shorter. */
export const MOST_MISSED = 500;
const PAGE = 500;
/** A floor reads events of all branches, and keeps its own. */
const FLOOR_PAGE = 2_000;

/** The columns of `settled_events` that readers get. */
export const EVENT_COLUMNS = sql.raw('id, position, type, entity_type, entity_id, version, data, created_at');

/** Condition on `settled_events`: behind this position; everything, without one. */
export function behind(position: string | null | undefined): SQL {
  const [xid, number] = position?.split('-') ?? [];
  return xid && number ? sql`(xid, number) > (${xid}::xid8, ${number}::bigint)` : sql`true`;
}

/** Whether one position comes before the other. */
export function isBefore(one: string, other: string): boolean {
  const [xid = 0n, number = 0n] = one.split('-').map(BigInt);
  const [otherXid = 0n, otherNumber = 0n] = other.split('-').map(BigInt);
  return xid < otherXid || (xid === otherXid && number < otherNumber);
}

/** An event as it is sent. */
export interface LiveEvent {
  readonly position: string;
  readonly created_at: string;
  readonly [field: string]: unknown;
}

export interface EventPage {
  readonly events: LiveEvent[];
  /** How far this page has read; null when there was nothing. */
  readonly position: string | null;
  /** There may be more behind it. */
  readonly is_full: boolean;
}

/** The next events of a place behind a position, in one row. */
export function eventPage({ kind, id }: Place, position: string): Statement<EventPage> {
  const limit = kind === 'order' ? PAGE : FLOOR_PAGE;
  const isOfOrder = kind === 'order' ? sql`order_id = ${id}` : sql`true`;
  const isOfPlace = kind === 'order' ? sql`true` : sql`branch_id = ${id}`;
  return statement(sql`
    with page as materialized (
      select * from settled_events where ${behind(position)} and ${isOfOrder} order by xid, number limit ${limit}
    ), own as (select ${EVENT_COLUMNS} from page where ${isOfPlace} order by xid, number)
    select coalesce((select json_agg(own) from own), '[]') as events,
      (select position from page order by xid desc, number desc limit 1) as position,
      (select count(*) from page) = ${limit}::int as is_full`);
}

/** The event as clients get it. */
export const frameOf = (event: LiveEvent): string =>
  JSON.stringify({ ...event, created_at: new Date(event.created_at).toISOString() });

const keyOf = ({ userId, sessionId, keyHash }: Follower): string => `${userId}/${sessionId}/${keyHash ?? ''}`;

/** Finds out in one round trip which followers have lost the right to see the place. */
export async function whoMayNot(
  database: Database,
  place: Place,
  followers: readonly Follower[],
): Promise<(follower: Follower) => boolean> {
  const different = [...new Map(followers.map((follower) => [keyOf(follower), follower])).values()];
  if (different.length === 0) return () => false;
  const asked = different.map(({ userId, sessionId, keyHash }) => ({ userId, sessionId, keyHash, ...placeIds(place) }));
  const rows = await database.single(
    statement<{ position: number }>(sql`
      select f.position::int as position
      from jsonb_array_elements(${JSON.stringify(asked)}::jsonb) with ordinality f (who, position)
      where not may_follow((who ->> 'sessionId')::int, who ->> 'keyHash', (who ->> 'userId')::int, (who ->> 'orderId')::int,
        (who ->> 'branchId')::int)`),
  );
  const lost = new Set(rows.map(({ position }) => position - 1));
  const lostKeys = new Set(different.filter((_, index) => lost.has(index)).map(keyOf));
  return (follower) => lostKeys.has(keyOf(follower));
}
