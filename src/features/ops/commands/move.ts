import { type SQL, sql } from 'drizzle-orm';
import { lastRow } from '../../../db/rows.ts';
import type { Role } from '../../../db/schema/words.ts';
import { guard, type Statement, statement } from '../../../db/statement.ts';
import type { SignedInCall } from '../../../http/context.ts';
import { cancelOrder, lockOrder, refundPicking, setStatus } from '../../orders/changes.ts';
import { settleSoon } from '../../orders/commands.ts';
import { movesOf, type OrderStatus, STATUSES } from '../../orders/statuses.ts';
import { staffOrder } from '../queries.ts';
import type { StaffOrderRow } from '../schemas.ts';

/**
 * Changes the status of an order.
 * @throws AppError 409 with the present status and the moves allowed to the caller, or NOTHING_TO_DELIVER
 */
export async function moveOrder(call: SignedInCall, orderId: number, to: OrderStatus): Promise<StaffOrderRow> {
  const allowed = sql`array(${allowedMoves(orderId, call.user.role)})`;
  const results = await call.batch([
    lockOrder(orderId),
    guard(
      sql`${to} = any (${allowed})`,
      'INVALID_STATUS_TRANSITION',
      sql`(select jsonb_build_object('status', status, 'allowed', to_jsonb(${allowed})) from orders where id = ${orderId})`,
    ),
    ...entering(orderId, to),
    staffOrder(orderId),
  ]);
  const order = lastRow(results);
  call.productsChanged(
    to === 'CANCELED' ? order.items.map((item) => item.replacement_product_id ?? item.product_id) : [],
  );
  settleSoon(call, orderId, to);
  return order;
}

/** Sets the status and applies its effect from `STATUSES`. */
function entering(orderId: number, status: OrderStatus): Statement[] {
  switch (STATUSES[status].effect) {
    case 'CANCEL':
      return cancelOrder(orderId);
    case 'SETTLE_PICKING':
      return [
        markUnpickedMissing(orderId),
        guardNotEmpty(orderId),
        ...setStatus(orderId, status),
        refundPicking(orderId),
      ];
    default:
      return setStatus(orderId, status);
  }
}

/** Lines still pending count as missing: a manager may send an order out incomplete. */
const markUnpickedMissing = (orderId: number): Statement =>
  statement(sql`update order_items set picked_status = 'MISSING', picked_by = current_actor(), picked_at = now()
                where order_id = ${orderId} and picked_status = 'PENDING'`);

/** An order with only missing lines must be canceled (which refunds the delivery fee too), not sent out. */
const guardNotEmpty = (orderId: number): Statement =>
  guard(
    sql`exists (select from order_items where order_id = ${orderId} and picked_status <> 'MISSING')`,
    'NOTHING_TO_DELIVER',
  );

/** The moves allowed from the order's present status for this role. */
const allowedMoves = (orderId: number, role: Role): SQL => sql`
  select move.to
  from orders o
  join jsonb_to_recordset(${JSON.stringify(movesOf(role))}::jsonb)
    as move ("from" text, "to" text, fulfillment text, "when" text) on move.from = o.status
  cross join (
    select count(*) filter (where picked_status = 'PENDING') as pending,
           count(*) filter (where picked_status = 'MISSING') as missing
    from order_items where order_id = ${orderId}
  ) lines
  where o.id = ${orderId} and coalesce(move.fulfillment = o.fulfillment_type, true) and case move.when
    when 'ALL_FOUND' then lines.pending = 0 and lines.missing = 0
    when 'SOME_MISSING' then lines.missing > 0
    when 'WAS_BEFORE_DELAY' then o.status_before_delay = move.to
    else move.when is null
  end
  order by move.to`;
