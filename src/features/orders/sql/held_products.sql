-- The products that the proposals and the planned change of an order hold. Asked before whatever ends those, so that caches hear of it.
create or replace function held_products(p_order_id integer) returns integer[] language sql stable as $$
  select array(
    select v.product_id from orders o join hold_lines h on h.cart_id = o.cart_id join inventory v on v.id = h.inventory_id
    where o.id = p_order_id order by v.product_id)
$$;
