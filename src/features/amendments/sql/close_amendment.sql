-- Ends a change of a locked order that never came to be, and frees what it held.
create or replace function close_amendment(p_amendment_id integer, p_reason text) returns void language plpgsql as $$
declare
  closed integer;
begin
  update order_amendments set status = 'CLOSED', closed_reason = p_reason
    where id = p_amendment_id and status in ('OPEN', 'PAYING') returning order_id into closed;
  if found then
    perform free_amended(closed);
  end if;
end $$;
