import { type SQL, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { type Statement, statement } from '../../db/statement.ts';
import type { SignedInCall } from '../../http/context.ts';
import { FINISHED_LIST } from '../orders/order-rows.ts';
import { IS_STUCK } from '../payments/stuck.ts';
import type { Alert } from './schemas.ts';

const OF_EACH_KIND = 20;

const COLUMNS = sql.raw('type, severity, entity_type, entity_id, order_id, branch_id, created_at, text');

type AlertRow = z.input<typeof Alert>;

/** Current alerts for staff, most severe and newest first, limited per type. */
export async function alerts(call: SignedInCall): Promise<AlertRow[]> {
  const [rows] = await call.batch([presentAlerts(call.config.timeZone)]);
  return rows;
}

export function presentAlerts(timeZone: string): Statement<AlertRow> {
  const kinds = KINDS.map(
    (kind) => sql`(
      select * from (${kind}) as kind (${COLUMNS}) where sees_branch(branch_id) limit ${sql.raw(String(OF_EACH_KIND))})`,
  );
  return statement(sql`
    select type || ':' || entity_id as id, 'alert' as kind, alert.*, to_char(created_at at time zone ${timeZone}, 'HH24:MI') as time
    from (${sql.join(kinds, sql` union all `)}) as alert
      (${COLUMNS})
    order by array_position(array['critical', 'warning', 'info'], severity), created_at desc, type, entity_id`);
}

/** A READY pickup is never late (the shop is not waiting for anything); a delivery is late once its window has ended. */
const LATE_ORDERS = sql`
  select 'ORDER_LATE', 'critical', 'order', o.id, o.id, o.branch_id,
    case when o.status in ('READY', 'OUT_FOR_DELIVERY') then o.window_end else o.window_start end,
    format('Order %s is late: it is still %s', o.order_number, o.status)
  from orders o
  where o.placed_at is not null and o.status not in (${FINISHED_LIST}) and o.window_start < now()
    and case when o.status = 'READY' and o.fulfillment_type = 'PICKUP' then false
             when o.status in ('READY', 'OUT_FOR_DELIVERY') then o.window_end < now()
             else true end
  order by o.window_start, o.id`;

const LOW_STOCK = sql.raw(`
  select 'LOW_STOCK', case when v.on_hand = 0 then 'critical' else 'warning' end, 'inventory', v.id, null::int, v.branch_id,
    v.updated_at, format('%s at %s: %s left, reorder at %s', p.name, b.name, v.on_hand, v.reorder_point)
  from inventory v
  join products p on p.id = v.product_id and p.is_active
  join branches b on b.id = v.branch_id and b.is_active
  where v.on_hand <= v.reorder_point
  order by v.on_hand - v.reorder_point, v.id`);

/** Payments, and attempts to pay anew. */
const STUCK_PAYMENTS = sql`
  select 'PAYMENT_STUCK', 'critical', 'payment', pay.id, pay.order_id, o.branch_id, stuck.created_at,
    format('The payment of order %s has had no result for over 15 minutes', o.order_number)
  from (
    select id, created_at from payments where ${IS_STUCK}
    union all
    select payment_id, created_at from payment_attempts where ${IS_STUCK}
  ) stuck
  join payments pay on pay.id = stuck.id join orders o on o.id = pay.order_id
  order by stuck.created_at, pay.id`;

const LATE_CHARGES = sql.raw(`
  select 'LATE_CHARGE', 'critical', 'payment', pay.id, pay.order_id, o.branch_id, pay.created_at,
    format('Order %s was charged after it was released, and the charge is not voided: refund it by hand', o.order_number)
  from payments pay join orders o on o.id = pay.order_id
  where pay.status = 'DECLINED' and (pay.decline_reason = 'late_charge_kept'
    or pay.decline_reason = 'late_charge' and pay.created_at < now() - interval '25 minutes')
  order by pay.created_at, pay.id`);

const STUCK_CAPTURES = sql.raw(`
  select 'CAPTURE_STUCK', 'critical', 'payment', pay.id, pay.order_id, o.branch_id, pay.capture_due_at,
    case pay.status when 'FAILED' then format('The payment of order %s was refused when it was taken: ask for another card', o.order_number)
      else format('The payment of order %s has not been taken for over 15 minutes', o.order_number) end
  from payments pay join orders o on o.id = pay.order_id
  where pay.status in ('AUTHORIZED', 'FAILED') and pay.capture_amount is not null
    and (pay.status = 'FAILED' or pay.capture_due_at < now() - interval '15 minutes')
  order by pay.capture_due_at, pay.id`);

const LAPSED_AUTHORIZATIONS = sql.raw(`
  select 'AUTHORIZATION_LAPSED', 'critical', 'payment', pay.id, pay.order_id, o.branch_id,
    least(coalesce(pay.capture_before, now()), now()),
    format('The money reserved for order %s is gone or could not be reserved anew: the customer must choose another card', o.order_number)
  from payments pay join orders o on o.id = pay.order_id
  where pay.status in ('AUTHORIZED', 'FAILED') and pay.capture_amount is null
    and (pay.status = 'FAILED' or pay.capture_before <= now())
  order by pay.capture_before, pay.id`);

const FAILED_VOIDS = sql.raw(`
  select 'VOID_FAILED', 'critical', 'payment', pay.id, pay.order_id, o.branch_id, v.settled_at,
    format('The provider refused to release money of order %s: see whether it was charged, and refund it by hand', o.order_number)
  from payment_voids v join payments pay on pay.id = v.payment_id join orders o on o.id = pay.order_id
  where v.status = 'FAILED' and v.settled_at > now() - interval '7 days'
  order by v.settled_at desc, v.id`);

const DISPUTED_PAYMENTS = sql.raw(`
  select 'PAYMENT_DISPUTED', 'critical', 'payment', pay.id, pay.order_id, o.branch_id, pay.disputed_at,
    format('The customer disputes the payment of order %s: answer at the payment provider', o.order_number)
  from payments pay join orders o on o.id = pay.order_id
  where pay.disputed_at > now() - interval '90 days'
  order by pay.disputed_at desc, pay.id`);

const STUCK_REFUNDS = sql.raw(`
  select 'REFUND_STUCK', 'warning', 'refund', r.id, r.order_id, o.branch_id, r.created_at,
    format('A refund of %s %s for order %s is not paid yet', r.amount, o.currency, o.order_number)
  from refunds r join orders o on o.id = r.order_id
  where r.status = 'PENDING' and r.created_at < now() - interval '15 minutes'
  order by r.created_at, r.id`);

const FAILED_REFUNDS = sql.raw(`
  select 'REFUND_FAILED', 'critical', 'refund', r.id, r.order_id, o.branch_id, coalesce(r.settled_at, r.created_at),
    format('A refund of %s %s for order %s was rejected: pay it by hand', r.amount, o.currency, o.order_number)
  from refunds r join orders o on o.id = r.order_id
  where r.status = 'FAILED'
  order by r.settled_at desc, r.id`);

const STUCK_MAIL = sql.raw(`
  select 'MAIL_STUCK', 'warning', 'outbox', m.id, null::int, null::int, m.created_at,
    format('A mail (%s) has not been sent yet after %s tries', m.kind, m.attempts)
  from outbox m
  where m.status = 'PENDING' and m.created_at < now() - interval '15 minutes'
  order by m.created_at, m.id`);

const FAILED_MAIL = sql.raw(`
  select 'MAIL_FAILED', 'critical', 'outbox', m.id, null::int, null::int, m.created_at,
    format('A mail (%s) could not be sent', m.kind)
  from outbox m
  where m.status = 'FAILED' and m.created_at > now() - interval '7 days'
  order by m.created_at desc, m.id`);

const WAITING_REQUESTS = sql.raw(`
  select 'STOCK_REQUEST_WAITING', case when s.created_at < now() - interval '4 hours' then 'warning' else 'info' end,
    'stock_request', s.id, null::int, s.branch_id, s.created_at,
    format('A stock request for %s at %s waits for a review', p.name, b.name)
  from stock_requests s
  join products p on p.id = s.product_id
  join branches b on b.id = s.branch_id
  where s.status = 'PENDING'
  order by s.id`);

const WAITING_CLAIMS = sql.raw(`
  select 'CLAIM_WAITING', case when c.created_at < now() - interval '24 hours' then 'warning' else 'info' end,
    'claim', c.id, c.order_id, o.branch_id, c.created_at,
    format('A claim of %s %s about order %s waits for a decision', c.amount, o.currency, o.order_number)
  from claims c join orders o on o.id = c.order_id
  where c.status = 'OPEN'
  order by c.id`);

const WAITING_REFUNDS = sql.raw(`
  select 'REFUND_WAITING', case when q.created_at < now() - interval '4 hours' then 'warning' else 'info' end,
    'refund_request', q.id, q.order_id, o.branch_id, q.created_at,
    format('A refund of %s %s for order %s waits for a second manager', q.amount, o.currency, o.order_number)
  from refund_requests q join orders o on o.id = q.order_id
  where q.status = 'PENDING'
  order by q.id`);

const DISABLED_WEBHOOKS = sql.raw(`
  select 'WEBHOOK_DISABLED', 'warning', 'webhook', w.id, null::int, null::int, w.disabled_at,
    format('Events are no longer sent to %s: %s', w.url, w.disabled_reason)
  from webhooks w
  where w.disabled_at is not null
  order by w.disabled_at desc, w.id`);

const KINDS: readonly SQL[] = [
  LATE_ORDERS,
  LOW_STOCK,
  STUCK_PAYMENTS,
  LATE_CHARGES,
  STUCK_CAPTURES,
  LAPSED_AUTHORIZATIONS,
  FAILED_VOIDS,
  DISPUTED_PAYMENTS,
  STUCK_REFUNDS,
  FAILED_REFUNDS,
  STUCK_MAIL,
  FAILED_MAIL,
  WAITING_REQUESTS,
  WAITING_CLAIMS,
  WAITING_REFUNDS,
  DISABLED_WEBHOOKS,
];
