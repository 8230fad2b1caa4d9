-- Writes down changes of orders that lapsed. Their holds have lapsed with them.
create or replace function lapse_amendments(p_limit integer) returns integer language plpgsql as $$
declare
  lapsed integer;
begin
  with due as materialized (
    select id from order_amendments where status = 'OPEN' and expires_at <= now() order by expires_at, id limit p_limit for update skip locked
  ), closed as (
    update order_amendments a set status = 'CLOSED', closed_reason = 'LAPSED' from due where a.id = due.id returning 1
  )
  select count(*) into lapsed from closed;
  return lapsed;
end $$;
