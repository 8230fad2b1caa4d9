import { sql } from 'drizzle-orm';
import type { z } from 'zod';
import { lastRow } from '../../db/rows.ts';
import type { PaymentStatus } from '../../db/schema/words.ts';
import { statement } from '../../db/statement.ts';
import { drainSoon } from '../../email/outbox.ts';
import type { SignedInCall } from '../../http/context.ts';
import { refundSoon } from '../payments/refunds.ts';
import { voidSoon } from '../payments/voids.ts';
import { cancelOrder, guardStatus, heldProducts, lockOrder } from './changes.ts';
import type { CanceledOrder } from './schemas.ts';
import { cancelableBy, type OrderStatus, STATUSES } from './statuses.ts';

type Canceled = z.input<typeof CanceledOrder> & { product_ids: number[]; payment_status: PaymentStatus };

/** Cancels the caller's order while picking has not started. @throws AppError 409 with the present status */
export async function cancelOwnOrder(call: SignedInCall, orderId: number): Promise<Canceled> {
  const statuses = cancelableBy('CUSTOMER').map((status) => sql`${status}`);
  const results = await call.batch([
    lockOrder(orderId, sql`user_id = ${call.user.userId}`),
    heldProducts(orderId),
    guardStatus(orderId, sql.join(statuses, sql`, `)),
    ...cancelOrder(orderId),
    statement<Canceled>(sql`
      select id as order_id, canceled_at, status,
        (select json_agg(product_id) from order_items where order_id = ${orderId}) as product_ids,
        (select p.status from payments p where p.order_id = ${orderId}) as payment_status
      from orders where id = ${orderId}`),
  ]);
  const canceled = lastRow(results);
  call.productsChanged([...canceled.product_ids, ...(results[1][0]?.held ?? [])]);
  settleSoon(call, orderId, 'CANCELED', canceled.payment_status);
  return canceled;
}

/** Starts the refunds, voids and the email of this status right after the response, instead of waiting for the scheduled jobs. */
export function settleSoon(call: SignedInCall, orderId: number, status: OrderStatus, paymentStatus: string): void {
  const { effect, isMailed } = STATUSES[status];
  if (effect) (paymentStatus === 'VOIDED' ? voidSoon : refundSoon)(call, orderId);
  if (isMailed) drainSoon(call);
}
