-- Records that the bank wants something of the customer (3-D Secure) before it answers: stock and slot stay taken for p_minutes, and
-- the idempotency key answers 202 meanwhile. Once the time is over the payment is declined. p_user_id is who acts.
create or replace function require_action(p_user_id integer, p_order_id integer, p_reference text, p_action jsonb,
    p_minutes integer)
  returns table (status text, order_id integer, order_number text, total_paid numeric, payment_reference text,
    decline_reason text, action jsonb)
  language plpgsql rows 1 as $$
#variable_conflict use_column
declare
  waiting payments;
begin
  update payments p set status = 'ACTION_REQUIRED', reference = p_reference,
      action_expires_at = coalesce(p.action_expires_at, now() + make_interval(mins => p_minutes))
    where p.order_id = p_order_id and p.status in ('PENDING', 'ACTION_REQUIRED') returning * into waiting;
  if found and waiting.action_expires_at <= now() then
    return query select d.*, null::jsonb from decline_payment(p_user_id, p_order_id, 'action_expired') d;
    return;
  end if;
  if found then
    action := p_action || jsonb_build_object('expires_at', waiting.action_expires_at);
    update idempotency_keys k set response_status = 202, response_body = jsonb_build_object(
        'order_id', p_order_id, 'order_number', (select o.order_number from orders o where o.id = p_order_id), 'action', action)
      where k.order_id = p_order_id;
  end if;
  return query select s.*, action from settlement_of(p_order_id) s;
end $$;

comment on function require_action is 'nullable: payment_reference, decline_reason, action';
