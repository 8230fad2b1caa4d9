-- What live holds keep of an inventory row, and what a customer can still take of it: on hand less those holds. A customer's own
-- cart (p_except_cart) keeps nothing from that customer. The one place for this rule; PostgreSQL inlines it wherever it stands in
-- a FROM clause, so it costs what the written-out subquery would.
create or replace function stock_of(p_inventory_id integer, p_on_hand integer, p_except_cart integer default null)
  returns table (held integer, free integer) language sql stable rows 1 as $$
  select live.held, greatest(p_on_hand - live.held, 0)
  from (
    select coalesce(sum(h.quantity), 0)::integer as held from hold_lines h
    where h.inventory_id = p_inventory_id and h.cart_id is distinct from p_except_cart and h.expires_at > now()
  ) live
$$;
