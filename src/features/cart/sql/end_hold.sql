-- Ends the hold of a user's open cart. Returns the products that others can take again.
create or replace function end_hold(p_user_id integer) returns setof integer language plpgsql as $$
declare
  cart integer := (select id from carts where user_id = p_user_id and status in ('ACTIVE', 'CHECKING_OUT'));
begin
  delete from slot_holds where cart_id = cart;
  return query
    with lines as (delete from hold_lines where cart_id = cart returning inventory_id)
    select i.product_id from lines join inventory i on i.id = lines.inventory_id;
end $$;
