-- The lines of a cart as promotions see them.
create or replace function cart_basket(p_cart_id integer) returns basket_line[] language sql stable as $$
  select coalesce(array_agg((ci.product_id, p.category_id, p.price * 100, ci.quantity)::basket_line order by ci.id), '{}')
  from cart_items ci join products p on p.id = ci.product_id where ci.cart_id = p_cart_id
$$;
