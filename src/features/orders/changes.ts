import { type SQL, sql } from 'drizzle-orm';
import { guard, type Statement, setAuditAction, statement } from '../../db/statement.ts';
import { type OrderStatus, STATUSES } from './statuses.ts';

/** Locks a placed order for the rest of the batch; refuses with 404 when it does not exist. */
export const lockOrder = (orderId: number, scope: SQL = sql`true`): Statement =>
  guard(
    sql`(select id from orders where id = ${orderId} and placed_at is not null and sees_branch(branch_id) and ${scope}
         for update) is not null`,
    'NOT_FOUND',
  );

/** Refuses the batch, with the present status, unless the locked order has one of these statuses. */
export const guardStatus = (orderId: number, statuses: SQL): Statement =>
  guard(
    sql`(select status in (${statuses}) from orders where id = ${orderId})`,
    'INVALID_STATUS',
    sql`(select jsonb_build_object('status', status) from orders where id = ${orderId})`,
  );

/** The products that the proposals and the planned change of a locked order hold. Ask before what may end those. */
export const heldProducts = (orderId: number): Statement<{ held: number[] }> =>
  statement(sql`select held_products(${orderId}) as held`);

/** Sets the status of a locked order and the columns that depend on it; triggers write the timeline and the notification. */
export function setStatus(orderId: number, status: OrderStatus): Statement[] {
  return [
    statement(sql`
      update orders set
        status = ${status},
        status_before_delay = case when ${status} = 'DELAYED' then status end,
        delivered_at = case when ${status} = 'DELIVERED' then now() else delivered_at end,
        canceled_at = case when ${status} = 'CANCELED' then now() else canceled_at end,
        updated_at = now()
      where id = ${orderId}`),
    ...(STATUSES[status].isMailed ? [mailStatus(orderId)] : []),
  ];
}

/** Cancels a locked order: returns its stock and its promotions, refunds the part of the payment that is not refunded yet, or voids it. */
export const cancelOrder = (orderId: number): Statement[] => [
  setAuditAction('order', 'CANCEL'),
  statement(sql`select withdraw_proposals(${orderId})`),
  statement(sql`
    select v.id from inventory v
    where v.id in (select inventory_id from (${takenBy(orderId)}) taken) order by v.id for update`),
  statement(sql`
    insert into stock_movements (inventory_id, delta, reason, order_id)
    select inventory_id, sum(quantity), 'CANCEL', ${orderId}::int from (${takenBy(orderId)}) taken
    group by inventory_id order by inventory_id`),
  statement(sql`select release_promotions(${orderId})`),
  ...setStatus(orderId, 'CANCELED'),
  statement(sql`update batch_orders set is_open = false where order_id = ${orderId} and is_open`),
  statement(sql`
    select make_refund(${orderId}, due.total, null, 'CANCEL') from refundable(${orderId}) due where due.total > 0`),
  // What was only reserved is voided.
  statement(sql`
    with voided as (
      update payments p set status = 'VOIDED', released_amount = o.total_amount - p.credit_amount from orders o
      where o.id = p.order_id and p.order_id = ${orderId} and p.status in ('AUTHORIZED', 'FAILED')
      returning p.id, p.provider, p.reference, p.idempotency_key
    )
    select void_payment(id, provider, reference, idempotency_key) from voided`),
];

/** The stock in the order's bags: none for what is missing, the replacement for a replaced line. */
const takenBy = (orderId: number): SQL => sql`
  select v.id as inventory_id, l.units as quantity
  from orders o
  join order_items i on i.order_id = o.id
  join lateral picked_line(i) l on l.units > 0
  join inventory v on v.branch_id = o.branch_id and v.product_id = coalesce(i.replacement_product_id, i.product_id)
  where o.id = ${orderId}`;

/**
 * Settles what picking did not deliver of a locked order that becomes READY: refunds missing units, lower weights and cheaper replacements, each
 * line once, or records how much of the authorised amount is to be captured.
 */
export const settlePicking = (orderId: number): Statement[] => [
  statement(sql`select intend_capture(${orderId})`),
  statement(sql`select refund_picking(${orderId})`),
];

const mailStatus = (orderId: number): Statement =>
  statement(sql`
    insert into outbox (kind, payload)
    select 'ORDER_STATUS', jsonb_build_object(
      'kind', 'ORDER_STATUS',
      'to', jsonb_build_object('email', u.email, 'name', u.full_name, 'language', u.language),
      'params', jsonb_build_object('order_number', o.order_number, 'status', o.status))
    from orders o join users u on u.id = o.user_id where o.id = ${orderId}`);
