import { sql } from 'drizzle-orm';
import type { z } from 'zod';
import type { OrderStatus } from '../../db/schema/orders.ts';
import { statement } from '../../db/statement.ts';
import type { SignedInCall } from '../../http/context.ts';
import { drainSoon } from '../../jobs/drain-outbox.ts';
import { refundSoon } from '../../jobs/settle-refunds.ts';
import { cancelOrder, guardStatus, lockOrder, MAILED } from './changes.ts';
import { cancelableBy } from './lifecycle.ts';
import type { CanceledOrder } from './schemas.ts';

type Canceled = z.input<typeof CanceledOrder> & { product_ids: number[] };

/** Cancels an order of the caller that nobody has begun to pick. @throws AppError 409 with the present status */
export async function cancelOwnOrder(call: SignedInCall, orderId: number): Promise<Canceled> {
  const statuses = cancelableBy('CUSTOMER').map((status) => sql`${status}`);
  const results = await call.batch([
    lockOrder(orderId, sql`user_id = ${call.user.userId}`),
    guardStatus(orderId, sql.join(statuses, sql`, `)),
    ...cancelOrder(orderId),
    statement<Canceled>(sql`
      select id as order_id, canceled_at, status,
        (select json_agg(product_id) from order_items where order_id = ${orderId}) as product_ids
      from orders where id = ${orderId}`),
  ]);
  const canceled = results.at(-1)?.[0] as Canceled;
  call.touched(canceled.product_ids);
  settleSoon(call, orderId, 'CANCELED');
  return canceled;
}

/** Begins at once, after the response, what the scheduled jobs would do later: the refunds and mail of this status. */
export function settleSoon(call: SignedInCall, orderId: number, status: OrderStatus): void {
  if (status === 'READY' || status === 'CANCELED') refundSoon(call, orderId);
  if (MAILED.has(status)) drainSoon(call);
}
