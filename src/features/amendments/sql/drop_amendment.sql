-- The customer does not want an open change any more. One that is being paid for ends by its payment.
create or replace function drop_amendment(p_user_id integer, p_order_id integer, p_amendment_id integer)
  returns table (products integer[]) language plpgsql rows 1 as $$
declare
  dropped order_amendments;
begin
  perform from orders where id = p_order_id and user_id = p_user_id and placed_at is not null for update;
  perform guard(found, 'NOT_FOUND');
  select * into dropped from order_amendments where id = p_amendment_id and order_id = p_order_id for update;
  perform guard(found, 'NOT_FOUND');
  perform guard(dropped.status = 'OPEN', 'AMENDMENT_CLOSED', jsonb_build_object('status', dropped.status));
  perform close_amendment(p_amendment_id, 'DROPPED');
  products := array(select h.product_id from jsonb_to_recordset(dropped.plan -> 'added') as h (product_id integer));
  return next;
end $$;
