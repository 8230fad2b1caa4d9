-- Records that an authorised payment cannot be had with this card, at its renewal or its capture: the customer is told, and may name
-- another card. The order is locked first, as by everybody who changes it.
-- p_key is the authorisation that the provider was asked about: another one may have taken its place meanwhile. Null: whichever there is.
create or replace function payment_failed(p_order_id integer, p_reason text, p_key text default null) returns boolean language plpgsql as $$
declare
  stranded orders;
begin
  select * into stranded from orders where id = p_order_id for update;
  update payments set status = 'FAILED', decline_reason = p_reason
    where order_id = p_order_id and status = 'AUTHORIZED' and idempotency_key = coalesce(p_key, idempotency_key);
  if not found then
    return false;
  end if;
  insert into notifications (user_id, type, order_id, data)
    values (stranded.user_id, 'PAYMENT', p_order_id, jsonb_build_object('order_number', stranded.order_number));
  insert into outbox (kind, payload)
    select 'PAYMENT_FAILED', jsonb_build_object(
      'kind', 'PAYMENT_FAILED',
      'to', jsonb_build_object('email', u.email, 'name', u.full_name, 'language', u.language),
      'params', jsonb_build_object('order_number', stranded.order_number))
    from users u where u.id = stranded.user_id;
  return true;
end $$;
