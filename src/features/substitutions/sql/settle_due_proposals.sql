-- Writes down the proposals that have lapsed, of a few orders at a time; the lines of these orders are missing. Returns how many orders.
create or replace function settle_due_proposals(p_limit integer) returns integer language plpgsql as $$
declare
  due integer[];
begin
  due := array(
    select o.id from orders o
    where o.id in (select order_id from substitution_proposals where status = 'OPEN' and expires_at <= now())
    order by o.id limit p_limit for update skip locked);
  perform settle_proposals(id) from unnest(due) as id;
  return cardinality(due);
end $$;
