-- Locks an order that its customer wants to change, and refuses what cannot be changed now: started, canceled, past its cut-off, or
-- not paid. Start of picking and cancel take the same lock.
create or replace function amendment_guard(p_user_id integer, p_order_id integer) returns orders language plpgsql as $$
declare
  placed orders;
  paid payments;
begin
  select * into placed from orders where id = p_order_id and user_id = p_user_id and placed_at is not null for update;
  perform guard(found, 'NOT_FOUND');
  perform guard(placed.status = 'CREATED', 'INVALID_STATUS', jsonb_build_object('status', placed.status));
  perform guard(clock_timestamp() < order_closes_at(placed), 'CUT_OFF_PASSED', jsonb_build_object('closes_at', order_closes_at(placed)));
  select * into paid from payments where order_id = p_order_id for no key update;
  perform guard(paid.status in ('CAPTURED', 'AUTHORIZED'), 'INVALID_STATUS', jsonb_build_object('payment_status', paid.status));
  perform guard(not exists (
    select from payment_attempts where payment_id = paid.id and amendment_id is null and status in ('PENDING', 'ACTION_REQUIRED')),
    'PAYMENT_IN_PROGRESS');
  return placed;
end $$;
