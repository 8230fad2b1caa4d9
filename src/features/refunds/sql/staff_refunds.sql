-- Refund requests of managers, as the API returns them.
create or replace view staff_refunds as
  select q.id, q.order_id, o.order_number, q.amount, o.currency, q.items, coalesce(q.target, case when r.credit_amount = r.amount then 'CREDIT' else 'CARD' end) as "to", q.reason, q.status,
    q.refund_id, r.status as refund_status, coalesce(r.credit_amount, 0.00) as credit_amount,
    q.requested_by, asker.full_name as requester, q.decided_by, q.decided_at, q.created_at, o.branch_id
  from refund_requests q
  join orders o on o.id = q.order_id
  join users asker on asker.id = q.requested_by
  left join refunds r on r.id = q.refund_id;
