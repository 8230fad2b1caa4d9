-- Before the prices of these products change as scheduled: carts with a live hold keep the present ones until that hold ends. A change
-- by hand keeps nothing: the customer is told by PRICE_CHANGED.
create or replace function keep_shown_prices(p_product_ids integer[]) returns void language sql as $$
  update cart_items ci set kept_price = p.price, kept_until = h.expires_at
  from hold_lines h
  join inventory i on i.id = h.inventory_id
  join products p on p.id = i.product_id
  where i.product_id = any (p_product_ids) and h.expires_at > now()
    and ci.cart_id = h.cart_id and ci.product_id = i.product_id
    and (ci.kept_until is null or ci.kept_until <= now())
$$;
