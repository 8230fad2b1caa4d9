import { type SQL, sql } from 'drizzle-orm';
import { lastRow, lastTwo } from '../../../db/rows.ts';
import type { Role } from '../../../db/schema/words.ts';
import { guard, type Statement, statement } from '../../../db/statement.ts';
import type { SignedInCall } from '../../../http/context.ts';
import { cancelOrder, heldProducts, lockOrder, setStatus, settlePicking } from '../../orders/changes.ts';
import { settleSoon } from '../../orders/commands.ts';
import { movesOf, type OrderStatus, STATUSES } from '../../orders/statuses.ts';
import { capture, type DueCapture, dueCapture, recordOf } from '../../payments/capture.ts';
import { noteDispute } from '../../payments/settle.ts';
import { staffOrder } from '../queries.ts';
import type { StaffOrderRow } from '../schemas.ts';

/**
 * Changes the status of an order.
 * @throws AppError 409 with the present status and the moves allowed to the caller, NOTHING_TO_DELIVER or PAYMENT_NOT_CAPTURED
 */
export async function moveOrder(call: SignedInCall, orderId: number, to: OrderStatus): Promise<StaffOrderRow> {
  const allowed = sql`array(${allowedMoves(orderId, call.user.role)})`;
  const results = await call.batch([
    lockOrder(orderId),
    heldProducts(orderId),
    statement(sql`select settle_proposals(${orderId})`),
    ...(to === 'READY' ? [guardAnswered(orderId)] : []),
    guard(
      sql`${to} = any (${allowed})`,
      'INVALID_STATUS_TRANSITION',
      sql`(select jsonb_build_object('status', status, 'allowed', to_jsonb(${allowed})) from orders where id = ${orderId})`,
    ),
    ...(LEAVING_READY.has(to) ? [guardCaptured(orderId, to)] : []),
    ...entering(orderId, to),
    dueCapture(orderId),
    staffOrder(orderId, call.language),
  ]);
  const [[due], [moved]] = lastTwo(results);
  const order = (due && (await captureNow(call, due))) ?? moved;
  if (!order) throw new Error('a moved order without its row');
  const returned = to === 'CANCELED' ? order.items.map((item) => item.replacement_product_id ?? item.product_id) : [];
  call.productsChanged([...returned, ...(results[1][0]?.held ?? [])]);
  settleSoon(call, orderId, to, order.payment_status);
  return order;
}

/** Sets the status and applies its effect from `STATUSES`. */
function entering(orderId: number, status: OrderStatus): Statement[] {
  switch (STATUSES[status].effect) {
    case 'CANCEL':
      return cancelOrder(orderId);
    case 'SETTLE_PICKING':
      return [
        guardWeighed(orderId),
        markUnpickedMissing(orderId),
        guardNotEmpty(orderId),
        ...setStatus(orderId, status),
        ...settlePicking(orderId),
      ];
    default:
      return setStatus(orderId, status);
  }
}

/** Takes the authorised money before the response, so that the order can leave at once; the job does it when this fails. */
async function captureNow(call: SignedInCall, due: DueCapture): Promise<StaffOrderRow | undefined> {
  const result = await capture(call, due);
  if (!result) return undefined;
  const results = await call.batch([recordOf(due, result), staffOrder(due.order_id, call.language)]);
  await noteDispute(call, due, result);
  return lastRow(results);
}

const LEAVING_READY: ReadonlySet<OrderStatus> = new Set(STATUSES.READY.exits.map((exit) => exit.to));

/** Nothing leaves the shop unpaid. Whether a capture has happened is known soon; one that was refused leaves the way to cancel. */
const guardCaptured = (orderId: number, to: OrderStatus): Statement =>
  guard(
    sql`not exists (
      select from orders o join payments p on p.order_id = o.id
      where o.id = ${orderId} and o.status = 'READY' and p.status in ('AUTHORIZED', 'FAILED')
        and not (${to} = 'CANCELED' and p.status = 'FAILED'))`,
    'PAYMENT_NOT_CAPTURED',
    sql`(select jsonb_build_object('payment_status', status) from payments where order_id = ${orderId})`,
  );

/** The customer may still want what was proposed. */
const guardAnswered = (orderId: number): Statement => {
  const open = sql`select order_item_id from substitution_proposals where order_id = ${orderId} and status = 'OPEN'`;
  return guard(
    sql`not exists (${open})`,
    'PROPOSAL_PENDING',
    sql`jsonb_build_object('item_ids', to_jsonb(array(${open} order by order_item_id)))`,
  );
};

/** What is sold by weight has no price before it is weighed. */
const guardWeighed = (orderId: number): Statement => {
  const unweighed = sql`
    select id from order_items where order_id = ${orderId} and picked_grams is null
      and (picked_status = 'PICKED' and price_per_kg is not null or replacement_price_per_kg is not null)`;
  return guard(
    sql`not exists (${unweighed})`,
    'WEIGHT_REQUIRED',
    sql`jsonb_build_object('item_ids', to_jsonb(array(${unweighed} order by id)))`,
  );
};

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
