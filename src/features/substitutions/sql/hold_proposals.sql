-- Sets the hold of an order's open proposals of one product to what they need; the caller has locked the order. Takes the lock on the shelf.
create or replace function hold_proposals(p_order_id integer, p_product_id integer) returns void language plpgsql as $$
declare
  cart integer;
  shelf integer;
  needed record;
begin
  select o.cart_id, v.id into cart, shelf
    from orders o left join inventory v on v.branch_id = o.branch_id and v.product_id = p_product_id where o.id = p_order_id;
  perform from inventory where id = shelf for no key update;
  select sum(p.quantity) as units, max(p.expires_at) as until into needed
    from substitution_proposals p
    where p.order_id = p_order_id and p.product_id = p_product_id and p.status = 'OPEN' and p.expires_at > now();
  delete from hold_lines where inventory_id = shelf and cart_id = cart;
  if needed.units > 0 then
    insert into hold_lines (inventory_id, cart_id, quantity, expires_at) values (shelf, cart, needed.units, needed.until);
  end if;
end $$;
