-- Frees what a change of a locked order held, but not what proposals of staff hold under the same cart.
create or replace function free_amended(p_order_id integer) returns void language plpgsql as $$
declare
  cart integer := (select o.cart_id from orders o where o.id = p_order_id);
begin
  delete from slot_holds where cart_id = cart;
  delete from hold_lines h where h.cart_id = cart and not exists (
    select from inventory v join substitution_proposals s on s.product_id = v.product_id
    where v.id = h.inventory_id and s.order_id = p_order_id and s.status = 'OPEN');
end $$;
