import { sql } from 'drizzle-orm';
import type { z } from 'zod';
import { statement } from '../../db/statement.ts';
import type { SignedInCall } from '../../http/context.ts';
import { drainSoon } from '../../jobs/drain-outbox.ts';
import { refundSoon } from '../../jobs/settle-refunds.ts';
import { cancelOrder, guardStatus, lockOrder } from './changes.ts';
import { cancelableBy } from './lifecycle.ts';
import type { CanceledOrder } from './schemas.ts';

type Canceled = z.input<typeof CanceledOrder>;

/** Cancels an order of the caller that nobody has begun to pick. @throws AppError 409 with the present status */
export async function cancelOwnOrder(call: SignedInCall, orderId: number): Promise<Canceled> {
  const statuses = cancelableBy('CUSTOMER').map((status) => sql`${status}`);
  const results = await call.batch([
    lockOrder(orderId, sql`user_id = ${call.user.userId}`),
    guardStatus(orderId, sql.join(statuses, sql`, `)),
    ...cancelOrder(orderId),
    statement<Canceled>(sql`select id as order_id, canceled_at, status from orders where id = ${orderId}`),
  ]);
  settleSoon(call, orderId);
  return results.at(-1)?.[0] as Canceled;
}

/** Begins at once, after the response, what the scheduled jobs would do later: refunds and mail. */
export function settleSoon(call: SignedInCall, orderId: number): void {
  refundSoon(call, orderId);
  drainSoon(call);
}
