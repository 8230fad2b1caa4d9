-- After a change of the lines of a locked cart: ends the hold of a checkout that was begun and forgets what it showed. Returns the
-- products that others can take again.
create or replace function cart_changed(p_cart carts) returns integer[] language plpgsql as $$
declare
  freed integer[] := '{}';
begin
  -- Only a preview holds anything, and it leaves what it showed.
  if p_cart.shown_for is not null then
    freed := array(select end_hold(p_cart.user_id));
    perform forget_kept_prices(p_cart.id);
  end if;
  -- Not for a cart that was made just now. Another transaction's instant may lie after the beginning of this one.
  if p_cart.updated_at <> now() then
    update carts set updated_at = now(), shown_total = null, shown_currency = null, shown_for = null where id = p_cart.id;
  end if;
  return freed;
end $$;
