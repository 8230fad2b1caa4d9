-- Takes or renews the hold of a cart, as far as stock and slot go, and remembers the total it shows. Missing stock and a
-- full slot are reported, not refused; an impossible slot is refused. A hold is renewed for p_renew_minutes from its first preview;
-- after that the customer holds nothing for p_pause_minutes (reserved_until is null). There is one open cart at a time, and make_cart
-- hands the times on to the next one.
-- By index alone, whatever the size of the tables when the plan was made (docs/decisions/0041).
create or replace function preview_checkout(p_user_id integer, p_cart_id integer, p_fulfillment_type text, p_branch_id integer,
    p_slot_id integer, p_date date, p_minutes integer, p_renew_minutes integer, p_pause_minutes integer, p_booking_days integer, p_time_zone text,
    p_address text default null, p_address_id integer default null, p_postal_code text default null)
  returns table (reserved_until timestamptz, slot_held boolean, cart_total numeric, delivery_fee numeric,
    total_amount numeric, deposit_total numeric, minimum_order_total numeric, currency text, fulfillment_type text, delivery_date date, missing_items jsonb, discounts jsonb, products integer[])
  language plpgsql rows 1 set plan_cache_mode = force_generic_plan
  set enable_seqscan = off set enable_mergejoin = off set enable_hashjoin = off as $$
#variable_conflict use_column
declare
  locked locked_cart;
  area record;
  slot record;
  slot_fee numeric;
  was_kept boolean;
  priced_cart priced_cart;
  began timestamptz;
  renewable_until timestamptz;
begin
  area := delivery_area(p_user_id, p_fulfillment_type, p_branch_id, p_slot_id, p_address, p_address_id, p_postal_code);
  locked := lock_checkout(p_user_id, p_cart_id, area.branch_id, p_slot_id);
  if not area.is_covered then
    perform guard(false, 'OUT_OF_AREA', jsonb_build_object('postal_code', area.postal_code));
  end if;
  began := (locked.cart).hold_began_at;
  if began is null or now() >= (locked.cart).held_until + make_interval(mins => p_pause_minutes) then
    began := now();
  end if;
  renewable_until := began + make_interval(mins => p_renew_minutes);
  if now() < renewable_until then
    reserved_until := least(now() + make_interval(mins => p_minutes), renewable_until);
  end if;
  slot_held := false;
  delivery_date := p_date;
  if p_slot_id is not null then
    slot := slot_window(p_slot_id, area.branch_id, p_date, p_cart_id, p_booking_days, p_time_zone);
    delivery_date := slot.delivery_date;
    slot_fee := slot.fee;
    slot_held := coalesce(slot.places_left, 1) > 0 and reserved_until is not null;
    if slot_held then
      insert into slot_holds (cart_id, slot_id, delivery_date, expires_at)
        values (p_cart_id, p_slot_id, slot.delivery_date, reserved_until);
    end if;
  end if;

  was_kept := forget_kept_prices(p_cart_id);
  priced_cart := price_cart(p_cart_id, area.branch_id, p_fulfillment_type, locked.shelves, coalesce(slot_fee, area.fee), area.minimum);
  if priced_cart.units = 0 then
    perform guard(false, 'CART_EMPTY');
  end if;
  insert into hold_lines (inventory_id, cart_id, quantity, expires_at)
    select l.inventory_id, p_cart_id, least(l.quantity, l.available), reserved_until
    from unnest(priced_cart.lines) l where l.available > 0 and reserved_until is not null;
  update carts set shown_total = priced_cart.total, shown_currency = priced_cart.currency,
      shown_for = p_fulfillment_type || ':' || p_branch_id, shown_minimum = priced_cart.minimum_order_total,
      shown_zone_id = area.zone_id, shown_slot_id = p_slot_id, shown_date = delivery_date, hold_began_at = began,
      held_until = coalesce(reserved_until, held_until)
    where id = p_cart_id;

  cart_total := priced_cart.goods + priced_cart.deposit_total;
  deposit_total := priced_cart.deposit_total;
  delivery_fee := priced_cart.delivery_fee;
  total_amount := priced_cart.total;
  minimum_order_total := priced_cart.minimum_order_total;
  currency := priced_cart.currency;
  fulfillment_type := p_fulfillment_type;
  missing_items := coalesce(priced_cart.missing, '[]');
  discounts := priced_cart.discounts;
  products := priced_cart.products;
  return next;
end $$;

comment on function preview_checkout is 'nullable: reserved_until, delivery_fee, delivery_date';
