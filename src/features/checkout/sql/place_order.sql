-- First transaction of a confirm: claims the key, checks cart, slot, stock and total, takes stock and slot, and leaves an order that
-- is not visible yet, with a pending payment. All that it decides on stays locked until the commit. Prices are not locked, so they are
-- read once, for the checks, the lines and the total alike. With p_use_credit, store credit is spent first, and the card is charged
-- the rest; an order that credit pays in full is placed at once.
-- By index alone, whatever the size of the tables when the plan was made (docs/decisions/0041).
create or replace function place_order(p_user_id integer, p_cart_id integer, p_fulfillment_type text, p_branch_id integer,
    p_slot_id integer, p_date date, p_booking_days integer, p_time_zone text, p_address text, p_address_id integer,
    p_token_id integer, p_save_as_default boolean, p_expected_total numeric, p_order_number text, p_key text,
    p_fingerprint text, p_attempt text, p_lease_seconds integer, p_use_credit boolean default false, p_postal_code text default null,
    p_age_confirmed boolean default false)
  returns table (order_id integer, order_number text, user_id integer, provider text, provider_token text, amount numeric,
    currency text, idempotency_key text, save_as_default boolean, products integer[], status text, total numeric,
    provider_customer text, mode text)
  language plpgsql rows 1 set plan_cache_mode = force_generic_plan
  set enable_seqscan = off set enable_mergejoin = off set enable_hashjoin = off as $$
#variable_conflict use_column
declare
  known jsonb;
  locked locked_cart;
  cart carts;
  token record;
  address text;
  area record;
  fulfilment_window record;
  priced_cart priced_cart;
  was_shown boolean;
  expected_total numeric;
  minimum numeric;
  credit numeric := 0;
  margin numeric := 0;
  margin_percent numeric := 0;
  overage_percent numeric := 0;
begin
  order_id := nextval('orders_id_seq');
  known := claim_key(p_user_id, 'CHECKOUT', p_key, p_fingerprint, p_attempt, p_lease_seconds, order_id);
  if known is not null then
    perform guard(false, 'IDEMPOTENCY_IN_PROGRESS', jsonb_build_object('known', known));
  end if;
  area := delivery_area(p_user_id, p_fulfillment_type, p_branch_id, p_slot_id, p_address, p_address_id, p_postal_code);
  locked := lock_checkout(p_user_id, p_cart_id, area.branch_id, p_slot_id);
  cart := locked.cart;

  select t.provider, t.provider_token, t.provider_customer, t.is_active into token
    from payment_tokens t where t.id = p_token_id and t.user_id = p_user_id;
  if not found and p_token_id is not null then
    perform guard(false, 'PAYMENT_TOKEN_NOT_FOUND');
  end if;
  if not token.is_active then
    perform guard(false, 'PAYMENT_TOKEN_INACTIVE');
  end if;
  if p_fulfillment_type = 'DELIVERY' then
    address := checkout_address(p_user_id, p_address, p_address_id);
    if not area.is_covered then
      perform guard(false, 'OUT_OF_AREA', jsonb_build_object('postal_code', area.postal_code));
    end if;
  end if;

  -- What a preview showed counts for its own terms alone.
  was_shown := coalesce(cart.shown_for = p_fulfillment_type || ':' || p_branch_id, false);
  if not was_shown then
    perform forget_kept_prices(p_cart_id);
  end if;
  if p_fulfillment_type = 'DELIVERY' then
    -- The date that was shown, not a week later because it can no longer be booked.
    fulfilment_window := slot_window(p_slot_id, area.branch_id,
      coalesce(p_date, case when was_shown and cart.shown_slot_id = p_slot_id then cart.shown_date end),
      p_cart_id, p_booking_days, p_time_zone);
  else
    -- Two service hours.
    select null::integer as slot_id, null::date as delivery_date, w.start as window_start,
        w.start + interval '2 hours' as window_end, null::integer as places_left, null::numeric as fee into fulfilment_window
      from settings s, lateral (select pickup_starts_at(s.opens_at, s.closes_at, p_time_zone) as start) w;
  end if;
  priced_cart := price_cart(p_cart_id, area.branch_id, p_fulfillment_type, locked.shelves, coalesce(fulfilment_window.fee, area.fee),
    area.minimum);
  if priced_cart.units = 0 then
    perform guard(false, 'CART_EMPTY');
  end if;
  if not p_age_confirmed and priced_cart.restricted is not null then
    perform guard(false, 'AGE_CONFIRMATION_REQUIRED', jsonb_build_object('product_ids', (
      select jsonb_agg(id order by id) from unnest(priced_cart.restricted) id)));
  end if;
  if fulfilment_window.places_left <= 0 then
    perform guard(false, 'SLOT_FULL');
  end if;
  if priced_cart.missing is not null then
    perform guard(false, 'INSUFFICIENT_STOCK', jsonb_build_object('missing', priced_cart.missing));
  end if;
  -- p_branch_id is the delivery source whichever branch delivers: a total shown for another address counts as well.
  minimum := priced_cart.minimum_order_total;
  if was_shown and cart.shown_zone_id is not distinct from area.zone_id then
    minimum := least(minimum, cart.shown_minimum);
  end if;
  if priced_cart.goods < minimum then
    perform guard(false, 'BELOW_MINIMUM_ORDER', jsonb_build_object(
      'minimum_order_total', minimum::text, 'cart_total', priced_cart.goods::numeric(14, 2)::text));
  end if;
  expected_total := coalesce(p_expected_total, case when was_shown then cart.shown_total end);
  -- A coupon that was shown, or that no preview has priced yet, and is used up.
  if cart.coupon_id is not null and expected_total is distinct from priced_cart.total then
    perform guard_coupon(cart.coupon_id, p_user_id);
  end if;
  if expected_total <> priced_cart.total or was_shown and cart.shown_currency <> priced_cart.currency then
    perform guard(false, 'PRICE_CHANGED', jsonb_build_object(
      'previous_total', expected_total::numeric(14, 2)::text, 'total', priced_cart.total::numeric(14, 2)::text));
  end if;

  insert into orders (id, order_number, user_id, cart_id, fulfillment_type, branch_id, goods_total, delivery_fee, deposit_total,
      total_amount, currency, units_ordered, delivery_address, delivery_zone_id, delivery_slot_id, delivery_date, window_start, window_end, time_zone)
    values (order_id, p_order_number, p_user_id, p_cart_id, p_fulfillment_type, area.branch_id, priced_cart.goods,
      coalesce(priced_cart.delivery_fee, 0), priced_cart.deposit_total, priced_cart.total, priced_cart.currency, priced_cart.units,
      address, area.zone_id, fulfilment_window.slot_id, fulfilment_window.delivery_date, fulfilment_window.window_start, fulfilment_window.window_end,
      p_time_zone);
  if priced_cart.discounts <> '[]' then
    -- An order of this customer may have been changed since the cart was priced.
    perform guard_promotion_limits(p_user_id, order_id, priced_cart.discounts);
    -- In the order in which promotions are locked.
    insert into order_discounts (order_id, promotion_id, user_id, name, amount, position)
      select order_id, d.promotion_id, p_user_id, d.name, d.amount, d.position
      from rows from (jsonb_to_recordset(priced_cart.discounts) as (promotion_id integer, name text, amount numeric))
        with ordinality as d (promotion_id, name, amount, position) order by d.promotion_id;
  end if;
  insert into stock_movements (inventory_id, delta, reason, order_id)
    select l.inventory_id, -l.quantity, 'SALE', order_id from unnest(priced_cart.lines) l;
  if p_use_credit then
    credit := spend_credit(p_user_id, order_id, priced_cart.total, priced_cart.currency);
  end if;
  if p_token_id is null and credit < priced_cart.total then
    perform guard(false, 'PAYMENT_TOKEN_REQUIRED', jsonb_build_object(
      'credit_amount', credit::numeric(14, 2)::text, 'total', priced_cart.total::numeric(14, 2)::text));
  end if;
  -- What weighing may add is reserved beside the total. A line is charged more only as far as that reaches.
  if priced_cart.is_weighed and priced_cart.payment_mode = 'AUTHORIZE' and credit < priced_cart.total then
    select s.authorization_margin_percent, case s.weight_overage when 'CHARGE' then s.authorization_margin_percent else 0 end
      into margin_percent, overage_percent from settings s;
    select coalesce(sum(round(l.price * l.quantity * (1 + margin_percent / 100), 2) - l.price * l.quantity), 0) into margin
      from unnest(priced_cart.lines) l where l.price_per_kg is not null;
  end if;
  insert into order_items (order_id, product_id, name, sku, unit, image_url, unit_price, quantity, discount, tax_class, deposit,
      price_per_kg, nominal_grams, weight_tolerance_percent, overage_percent, substitution_policy, substitution_ids, age_restricted)
    select order_id, l.product_id, l.name, l.sku, l.unit, l.image_url, l.price, l.quantity, l.discount, l.tax_class, l.deposit,
      l.price_per_kg,
      case when l.price_per_kg is not null then l.nominal_grams end,
      case when l.price_per_kg is not null then l.weight_tolerance_percent end,
      case when l.price_per_kg is not null then least(l.weight_tolerance_percent, overage_percent) else 0 end,
      coalesce(ci.substitution_policy, u.substitution_policy), ci.substitution_ids,
      l.age_restricted
    from unnest(priced_cart.lines) l join cart_items ci on ci.id = l.id join users u on u.id = p_user_id order by l.id;
  provider := case when credit < priced_cart.total then token.provider else 'credit' end;
  amount := priced_cart.total - credit + margin;
  insert into payments (order_id, payment_token_id, provider, idempotency_key, amount, margin_amount, credit_amount, currency, mode,
      save_as_default)
    values (order_id, p_token_id, provider, p_order_number, amount, margin, credit, priced_cart.currency, priced_cart.payment_mode,
      p_save_as_default);
  update carts set status = 'CHECKING_OUT', updated_at = now() where id = p_cart_id;
  status := 'PENDING';
  if amount = 0 then
    status := a.status from accept_payment(p_user_id, order_id, 'credit_' || p_order_number) a;
  end if;

  order_number := p_order_number;
  user_id := p_user_id;
  provider_token := token.provider_token;
  currency := priced_cart.currency;
  idempotency_key := p_order_number;
  save_as_default := p_save_as_default;
  products := priced_cart.products;
  total := priced_cart.total;
  provider_customer := token.provider_customer;
  mode := priced_cart.payment_mode;
  return next;
end $$;

comment on function place_order is 'nullable: provider_customer';
