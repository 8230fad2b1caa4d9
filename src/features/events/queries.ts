import { type SQL, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { guard, statement } from '../../db/statement.ts';
import type { SignedInCall } from '../../http/context.ts';
import type { EventRow, EventsQuery } from './schemas.ts';

const EVENT_COLUMNS = sql.raw('id, position, type, entity_type, entity_id, version, data, created_at');

/** Condition on `settled_events`: behind this position; everything, without one. */
function behind(position: string | null | undefined): SQL {
  const [xid, number] = position?.split('-') ?? [];
  return xid && number ? sql`(xid, number) > (${xid}::xid8, ${number}::bigint)` : sql`true`;
}

/** Condition on `orders`: placed, and the caller's own unless the caller is staff. */
const isSeenBy = ({ user }: SignedInCall, orderId: number): SQL => sql`exists (
  select from orders where id = ${orderId} and placed_at is not null
    and (${user.role !== 'CUSTOMER'}::boolean or user_id = ${user.userId}))`;

/** @throws AppError 404 when the order does not exist or is another customer's */
export async function eventsOfOrder(call: SignedInCall, orderId: number, query: z.output<typeof EventsQuery>) {
  const [, events] = await call.batch([
    guard(isSeenBy(call, orderId), 'NOT_FOUND'),
    statement<EventRow>(sql`
      select ${EVENT_COLUMNS} from settled_events where order_id = ${orderId} and ${behind(query.after)}
      order by xid, number limit ${query.limit}`),
  ]);
  return events;
}
