import type { Client } from 'pg';

/** Notifications as the triggers would write them at the time of each event, oldest first; old ones are marked as read. */
export async function writeNotifications(client: Client): Promise<void> {
  await client.query('delete from notifications');
  await client.query(`
    insert into notifications (user_id, type, order_id, data, created_at, read_at)
    select user_id, type, order_id, data, at, case when at < now() - interval '2 days' then at + interval '50 minutes' end
    from (
      select o.user_id, 'ORDER_STATUS' as type, o.id as order_id, e.at, jsonb_build_object(
        'status', e.status, 'order_number', o.order_number, 'fulfillment_type', o.fulfillment_type) as data
      from order_events e join orders o on o.id = e.order_id
      union all
      select o.user_id, 'REFUND', o.id, r.created_at, jsonb_build_object(
        'amount', r.amount::text, 'credit_amount', r.credit_amount::text, 'currency', o.currency, 'order_number', o.order_number, 'reason', r.reason)
      from refunds r join orders o on o.id = r.order_id
      union all
      select o.user_id, 'PAYMENT', o.id, a.created_at, jsonb_build_object('order_number', o.order_number)
      from payment_attempts a join payments p on p.id = a.payment_id join orders o on o.id = p.order_id
      where a.status = 'DECLINED'
      union all
      select c.user_id, 'CLAIM', c.order_id, c.decided_at, jsonb_build_object(
        'claim_id', c.id, 'status', c.status, 'order_number', o.order_number, 'amount', c.approved_amount::text,
        'currency', o.currency, 'reason', c.note)
      from claims c join orders o on o.id = c.order_id
      where c.status <> 'OPEN'
      union all
      select e.user_id, 'CREDIT', null, e.created_at, jsonb_build_object(
        'amount', e.amount::text, 'currency', e.currency, 'reason', e.reason)
      from credit_entries e where e.kind in ('GRANT', 'TAKEN_BACK')
      union all
      select s.actor_user_id, 'STOCK_REQUEST', null, s.reviewed_at, jsonb_build_object(
        'request_id', s.id, 'status', s.status, 'product_name', p.name,
        'quantity', coalesce(s.approved_quantity, s.quantity), 'rejection_reason', s.rejection_reason)
      from stock_requests s join products p on p.id = s.product_id
      where s.status <> 'PENDING'
    ) told
    order by at`);
}
