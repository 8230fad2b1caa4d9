import { type SQL, sql } from 'drizzle-orm';
import { type Follower, type Place, placeIds } from '../../live/place.ts';

/** The check that somebody may follow the place, as the first statement of their batch. */
export function beginFollowing(follower: Follower, place: Place, requestId: string): SQL {
  const { userId, sessionId, keyHash } = follower;
  const { orderId, branchId } = placeIds(place);
  return sql`select begin_following(${sessionId}, ${keyHash ?? null}, ${userId}, ${orderId}::int, ${branchId}::int, ${requestId})`;
}
