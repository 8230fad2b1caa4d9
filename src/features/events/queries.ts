import { type SQL, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { guard, type Statement, statement } from '../../db/statement.ts';
import type { SignedInCall } from '../../http/context.ts';
import { behind, EVENT_COLUMNS } from '../../live/events.ts';
import type { EventRow, EventsQuery } from './schemas.ts';

/** Condition on `orders`: placed, and the caller's own, or one that the caller sees as staff. A key has no orders of its own. */
const isSeenBy = ({ user }: SignedInCall, orderId: number): SQL => sql`exists (
  select from orders where id = ${orderId} and placed_at is not null
    and (user_id = ${user.userId} and ${user.keyHash === undefined}::boolean
      or ${user.role !== 'CUSTOMER'}::boolean and sees_branch(branch_id)))`;

/** @throws AppError 404 when the order does not exist or is another customer's */
export async function eventsOfOrder(call: SignedInCall, orderId: number, query: z.output<typeof EventsQuery>) {
  const [, events] = await call.batch([guard(isSeenBy(call, orderId), 'NOT_FOUND'), eventsPage(orderId, query)]);
  return events;
}

export const eventsPage = (orderId: number, { after, limit }: z.output<typeof EventsQuery>): Statement<EventRow> =>
  statement(sql`
    select ${EVENT_COLUMNS} from settled_events where order_id = ${orderId} and ${behind(after)}
    order by xid, number limit ${limit}`);
