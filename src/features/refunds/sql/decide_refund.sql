-- The second manager's decision on a pending refund request. Locks the order, then the request. A refund that has become impossible
-- is refused, and the request stays pending.
create or replace function decide_refund(p_request_id integer, p_status text) returns void language plpgsql as $$
declare
  request refund_requests;
begin
  perform from orders o where o.id = (select q.order_id from refund_requests q where q.id = p_request_id) and sees_branch(o.branch_id) for update;
  perform guard(found, 'NOT_FOUND');
  select * into request from refund_requests where id = p_request_id for update;
  perform guard(
    request.requested_by <> current_actor()
      and not exists (select from orders where id = request.order_id and user_id = current_actor()),
    'CANNOT_APPROVE_OWN');
  perform guard(request.status = 'PENDING', 'INVALID_STATUS', jsonb_build_object('status', request.status));
  update refund_requests
    set status = p_status, decided_by = current_actor(), decided_at = now(),
        refund_id = case when p_status = 'APPROVED' then pay_refund_request(request) end
    where id = p_request_id;
end $$;
