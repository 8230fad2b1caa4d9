-- Ends a change of a locked order that never came to be, and frees what it held.
create or replace function close_amendment(p_amendment_id integer, p_reason text) returns void language plpgsql as $$
declare
  cart integer := (select o.cart_id from orders o join order_amendments a on a.order_id = o.id where a.id = p_amendment_id);
begin
  update order_amendments set status = 'CLOSED', closed_reason = p_reason where id = p_amendment_id and status in ('OPEN', 'PAYING');
  if found then
    delete from hold_lines where cart_id = cart;
    delete from slot_holds where cart_id = cart;
  end if;
end $$;
