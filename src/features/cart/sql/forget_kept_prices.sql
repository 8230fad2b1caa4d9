-- With the hold of a cart ends what its preview showed.
create or replace function forget_kept_prices(p_cart_id integer) returns boolean language plpgsql as $$
begin
  update cart_items set kept_price = null, kept_until = null where cart_id = p_cart_id and kept_until is not null;
  return found;
end $$;
