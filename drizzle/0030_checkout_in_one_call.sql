-- Checkout by one call for each of its batches. A statement of its own for each step was planned anew each time, under the
-- locks, and each read the cart again.

-- A line of a cart at a branch: what it wants, what it can get, what it costs.
create type priced_line as (id integer, product_id integer, inventory_id integer, quantity integer, available integer,
  price numeric, name text, sku text, unit text, image_url text);
--> statement-breakpoint

-- A cart as it can be bought at a branch at this moment. `missing` lists what falls short, null if nothing does;
-- delivery_fee is null for a pickup.
create type priced_cart as (lines priced_line[], units integer, products integer[], missing jsonb, goods numeric,
  delivery_fee numeric, total numeric, minimum_order_total numeric, currency text);
--> statement-breakpoint

-- Everything of a cart from one look at it. A loop over its few lines costs less than setting up one query for all of it.
create function price_cart(p_cart_id integer, p_branch_id integer, p_fulfillment_type text)
  returns priced_cart language plpgsql stable as $$
declare
  hidden integer[] := hidden_category_ids();
  line priced_line;
  cart priced_cart;
  shop settings;
begin
  cart.lines := '{}';
  cart.products := '{}';
  cart.units := 0;
  cart.goods := 0;
  for line in
    select ci.id, ci.product_id, i.id, ci.quantity,
      case when p.is_active and i.id is not null and p.category_id <> all (hidden)
        then greatest(i.on_hand - coalesce((
          select sum(h.quantity) from hold_lines h
          where h.inventory_id = i.id and h.cart_id <> p_cart_id and h.expires_at > now()), 0), 0)::integer
        else 0 end,
      p.price, p.name, p.sku, p.unit, p.image_url
    from cart_items ci
    join products p on p.id = ci.product_id
    left join inventory i on i.product_id = ci.product_id and i.branch_id = p_branch_id
    where ci.cart_id = p_cart_id
    order by ci.id
  loop
    cart.lines := cart.lines || line;
    cart.units := cart.units + line.quantity;
    cart.goods := cart.goods + line.price * line.quantity;
    if line.inventory_id is not null then
      cart.products := cart.products || line.product_id;
    end if;
    if line.available < line.quantity then
      cart.missing := coalesce(cart.missing, '[]') || jsonb_build_object(
        'product_id', line.product_id, 'requested_quantity', line.quantity, 'available_quantity', line.available);
    end if;
  end loop;
  select * into shop from settings;
  if p_fulfillment_type = 'DELIVERY' then
    cart.delivery_fee := case when cart.goods >= shop.delivery_min then 0.00 else shop.delivery_fee end;
  end if;
  cart.total := cart.goods + coalesce(cart.delivery_fee, 0);
  cart.minimum_order_total := shop.minimum_order_total;
  cart.currency := shop.currency;
  return cart;
end $$;
--> statement-breakpoint

-- Locks what a checkout decides on, in the one order everybody locks it: cart, stock by id, slot. Refuses a cart that no
-- checkout can go on with. Ends the cart's hold, which is renewed or becomes the order.
create function begin_checkout(p_user_id integer, p_cart_id integer, p_branch_id integer, p_slot_id integer)
  returns carts language plpgsql as $$
declare
  cart carts;
begin
  select * into cart from carts
    where id = p_cart_id and user_id = p_user_id and status in ('ACTIVE', 'CHECKING_OUT') for update;
  if not found then
    perform guard(false, 'NOT_FOUND', '{"resource": "cart"}');
  end if;
  if not exists (select from branches where id = p_branch_id and is_active) then
    perform guard(false, 'NOT_FOUND', '{"resource": "branch"}');
  end if;
  if cart.status <> 'ACTIVE' then
    perform guard(false, 'CHECKOUT_IN_PROGRESS');
  end if;
  perform from inventory i join cart_items ci on ci.product_id = i.product_id
    where ci.cart_id = p_cart_id and i.branch_id = p_branch_id
    order by i.id for no key update of i;
  -- For bookings of all its dates, and against a change of its capacity.
  if p_slot_id is not null then
    perform from delivery_slots where id = p_slot_id for no key update;
  end if;
  -- Only a preview holds anything, and it leaves what it showed.
  if cart.shown_for is not null then
    delete from slot_holds where cart_id = p_cart_id;
    delete from hold_lines where cart_id = p_cart_id;
  end if;
  return cart;
end $$;
--> statement-breakpoint

-- Takes or renews the hold of a cart, as far as stock and slot go, and remembers the total it shows. Missing stock and a
-- full slot are told, not refused; an impossible slot is refused.
create function preview_checkout(p_user_id integer, p_cart_id integer, p_fulfillment_type text, p_branch_id integer,
    p_slot_id integer, p_date date, p_minutes integer, p_booking_days integer, p_time_zone text)
  returns table (reserved_until timestamptz, slot_held boolean, cart_total numeric, delivery_fee numeric,
    total_amount numeric, currency text, fulfillment_type text, delivery_date date, missing_items jsonb, products integer[])
  language plpgsql rows 1 set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
declare
  slot record;
  bought priced_cart;
begin
  perform begin_checkout(p_user_id, p_cart_id, p_branch_id, p_slot_id);
  reserved_until := now() + make_interval(mins => p_minutes);
  slot_held := false;
  delivery_date := p_date;
  if p_slot_id is not null then
    select * into slot from slot_window(p_slot_id, p_branch_id, p_date, p_cart_id, p_booking_days, p_time_zone);
    if not found then
      perform guard(false, 'INVALID_SLOT');
    end if;
    delivery_date := slot.delivery_date;
    slot_held := coalesce(slot.places_left, 1) > 0;
    if slot_held then
      insert into slot_holds (cart_id, slot_id, delivery_date, expires_at)
        values (p_cart_id, p_slot_id, slot.delivery_date, reserved_until);
    end if;
  end if;

  bought := price_cart(p_cart_id, p_branch_id, p_fulfillment_type);
  if bought.goods = 0 then
    perform guard(false, 'CART_EMPTY');
  end if;
  insert into hold_lines (inventory_id, cart_id, quantity, expires_at)
    select l.inventory_id, p_cart_id, least(l.quantity, l.available), reserved_until
    from unnest(bought.lines) l where l.available > 0;
  update carts set shown_total = bought.total, shown_for = p_fulfillment_type || ':' || p_branch_id where id = p_cart_id;

  cart_total := bought.goods;
  delivery_fee := bought.delivery_fee;
  total_amount := bought.total;
  currency := bought.currency;
  fulfillment_type := p_fulfillment_type;
  missing_items := coalesce(bought.missing, '[]');
  products := bought.products;
  return next;
end $$;
--> statement-breakpoint

-- A claim names the order that it is about to make: told to the end of the transaction, that is true.
alter table idempotency_keys alter constraint idempotency_keys_order_id_orders_id_fk deferrable initially deferred;
--> statement-breakpoint
grant usage on sequence orders_id_seq to mami_app;
--> statement-breakpoint

-- Claims an idempotency key for a confirm, or refuses with the row of whoever did. A key whose answer is older than a day
-- counts for nothing.
create function claim_key(p_user_id integer, p_key text, p_fingerprint text, p_attempt text, p_lease_seconds integer,
    p_order_id integer) returns void language plpgsql as $$
declare
  claimed_until timestamptz := now() + make_interval(secs => p_lease_seconds);
begin
  insert into idempotency_keys as k (user_id, key, fingerprint, attempt, leased_until, order_id)
    values (p_user_id, p_key, p_fingerprint, p_attempt, claimed_until, p_order_id)
    on conflict (user_id, key) do update set
      fingerprint = excluded.fingerprint, attempt = excluded.attempt, leased_until = excluded.leased_until,
      order_id = excluded.order_id, response_status = null, response_body = null, created_at = now()
    where k.created_at < now() - interval '24 hours' and k.response_status is not null;
  if not found then
    perform guard(false, 'IDEMPOTENCY_IN_PROGRESS', jsonb_build_object('known', jsonb_build_object(
        'fingerprint', fingerprint, 'status', response_status, 'body', response_body, 'order_id', order_id,
        'seconds_left', ceil(extract(epoch from leased_until - now()))::integer)))
      from idempotency_keys where user_id = p_user_id and key = p_key;
  end if;
end $$;
--> statement-breakpoint

-- Where a delivery goes, as one line: p_address, else that of p_address_id, else the default one.
create function checkout_address(p_user_id integer, p_address text, p_address_id integer)
  returns text language plpgsql stable as $$
declare
  line text := p_address;
begin
  if line is null then
    select concat_ws(', ', a.address_line, a.city || ' ' || a.postal_code, a.country) into line from addresses a
      where a.user_id = p_user_id and case when p_address_id is null then a.is_default else a.id = p_address_id end;
    if not found then
      perform guard(p_address_id is null, 'ADDRESS_NOT_FOUND');
      perform guard(false, 'ADDRESS_REQUIRED');
    end if;
  end if;
  return line;
end $$;
--> statement-breakpoint

-- First batch of a confirm: claims the key, decides, takes stock and slot, and leaves an order that nobody sees yet with a
-- pending payment. What it decides on stays locked until the commit; prices are not, so that all of it (the judgement, the
-- lines, the total) comes from one look at them.
create function place_order(p_user_id integer, p_cart_id integer, p_fulfillment_type text, p_branch_id integer,
    p_slot_id integer, p_date date, p_booking_days integer, p_time_zone text, p_address text, p_address_id integer,
    p_token_id integer, p_save_as_default boolean, p_expected_total numeric, p_order_number text, p_key text,
    p_fingerprint text, p_attempt text, p_lease_seconds integer)
  returns table (order_id integer, order_number text, user_id integer, provider text, provider_token text, amount numeric,
    currency text, idempotency_key text, save_as_default boolean, products integer[])
  language plpgsql rows 1 set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
declare
  cart carts;
  token record;
  address text;
  way record;
  bought priced_cart;
  shown numeric;
begin
  order_id := nextval('orders_id_seq');
  perform claim_key(p_user_id, p_key, p_fingerprint, p_attempt, p_lease_seconds, order_id);
  cart := begin_checkout(p_user_id, p_cart_id, p_branch_id, p_slot_id);

  select t.provider, t.provider_token, t.is_active into token
    from payment_tokens t where t.id = p_token_id and t.user_id = p_user_id;
  if not found then
    perform guard(false, 'PAYMENT_TOKEN_NOT_FOUND');
  end if;
  if not token.is_active then
    perform guard(false, 'PAYMENT_TOKEN_INACTIVE');
  end if;
  if p_fulfillment_type = 'DELIVERY' then
    address := checkout_address(p_user_id, p_address, p_address_id);
  end if;

  bought := price_cart(p_cart_id, p_branch_id, p_fulfillment_type);
  if bought.goods = 0 then
    perform guard(false, 'CART_EMPTY');
  end if;
  if p_fulfillment_type = 'DELIVERY' then
    select * into way from slot_window(p_slot_id, p_branch_id, p_date, p_cart_id, p_booking_days, p_time_zone);
    if not found then
      perform guard(false, 'INVALID_SLOT');
    end if;
    if way.places_left <= 0 then
      perform guard(false, 'SLOT_FULL');
    end if;
  else
    -- Two service hours.
    select null::integer as slot_id, null::date as delivery_date, w.start as window_start,
        w.start + interval '2 hours' as window_end into way
      from settings s, lateral (select pickup_starts_at(s.opens_at, s.closes_at, p_time_zone) as start) w;
  end if;
  if bought.missing is not null then
    perform guard(false, 'INSUFFICIENT_STOCK', jsonb_build_object('missing', bought.missing));
  end if;
  if bought.goods < bought.minimum_order_total then
    perform guard(false, 'BELOW_MINIMUM_ORDER', jsonb_build_object(
      'minimum_order_total', bought.minimum_order_total::text, 'cart_total', bought.goods::numeric(14, 2)::text));
  end if;
  shown := coalesce(
    p_expected_total, case when cart.shown_for = p_fulfillment_type || ':' || p_branch_id then cart.shown_total end);
  if shown <> bought.total then
    perform guard(false, 'PRICE_CHANGED', jsonb_build_object(
      'previous_total', shown::numeric(14, 2)::text, 'total', bought.total::numeric(14, 2)::text));
  end if;

  insert into orders (id, order_number, user_id, cart_id, fulfillment_type, branch_id, goods_total, delivery_fee, total_amount,
      currency, units_ordered, delivery_address, delivery_slot_id, delivery_date, window_start, window_end)
    values (order_id, p_order_number, p_user_id, p_cart_id, p_fulfillment_type, p_branch_id, bought.goods,
      coalesce(bought.delivery_fee, 0), bought.total, bought.currency, bought.units,
      address, way.slot_id, way.delivery_date, way.window_start, way.window_end);
  insert into order_items (order_id, product_id, name, sku, unit, image_url, unit_price, quantity)
    select order_id, l.product_id, l.name, l.sku, l.unit, l.image_url, l.price, l.quantity
    from unnest(bought.lines) l order by l.id;
  insert into stock_movements (inventory_id, delta, reason, order_id)
    select l.inventory_id, -l.quantity, 'SALE', order_id from unnest(bought.lines) l;
  insert into payments (order_id, payment_token_id, provider, idempotency_key, amount, currency, save_as_default)
    values (order_id, p_token_id, token.provider, p_order_number, bought.total, bought.currency, p_save_as_default);
  update carts set status = 'CHECKING_OUT', updated_at = now() where id = p_cart_id;

  order_number := p_order_number;
  user_id := p_user_id;
  provider := token.provider;
  provider_token := token.provider_token;
  amount := bought.total;
  currency := bought.currency;
  idempotency_key := p_order_number;
  save_as_default := p_save_as_default;
  products := bought.products;
  return next;
end $$;
--> statement-breakpoint

-- How the payment of an order stands.
create function settlement_of(p_order_id integer)
  returns table (status text, order_id integer, order_number text, total_paid numeric, payment_reference text,
    decline_reason text)
  language plpgsql stable rows 1 as $$
#variable_conflict use_column
begin
  return query
    select p.status, o.id, o.order_number, p.amount, p.reference, p.decline_reason
    from payments p join orders o on o.id = p.order_id where o.id = p_order_id;
end $$;
--> statement-breakpoint

-- Makes a card the default one, unless it was removed meanwhile. The owner is locked: otherwise the customer choosing another
-- default at the same moment could make this one the second.
create function choose_default_card(p_user_id integer, p_token_id integer) returns void language plpgsql as $$
begin
  perform from users where id = p_user_id for no key update;
  if exists (select from payment_tokens where id = p_token_id and is_active) then
    update payment_tokens set is_default = false where user_id = p_user_id and is_default and id <> p_token_id;
    update payment_tokens set is_default = true where id = p_token_id and not is_default;
  end if;
end $$;
--> statement-breakpoint

-- The charge went through: the order exists from now on, if nobody has written it down before. The payment is the first row
-- touched: of two settling at once, the second finds nothing left to do.
-- The confirmation goes into the outbox; with p_mail_lease it is claimed for whoever calls, and answered as `mail`.
create function capture_payment(p_order_id integer, p_reference text, p_mail_lease interval default null)
  returns table (status text, order_id integer, order_number text, total_paid numeric, payment_reference text,
    decline_reason text, mail json)
  language plpgsql rows 1 set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
declare
  paid payments;
  placed orders;
begin
  update payments p set status = 'CAPTURED', reference = p_reference, captured_at = now()
    where p.order_id = p_order_id and p.status = 'PENDING' returning * into paid;
  if not found then
    return query select s.*, null::json from settlement_of(p_order_id) s;
    return;
  end if;
  update orders set placed_at = now(), updated_at = now() where id = p_order_id returning * into placed;
  update carts set status = 'CHECKED_OUT', updated_at = now() where id = placed.cart_id;
  update idempotency_keys k set response_status = 201, response_body = jsonb_build_object(
      'order_id', placed.id, 'order_number', placed.order_number, 'total_paid', placed.total_amount::text,
      'payment_reference', p_reference)
    where k.order_id = p_order_id;
  insert into outbox as o (kind, payload, attempts, next_attempt_at)
    select 'ORDER_CONFIRMED', jsonb_build_object(
        'kind', 'ORDER_CONFIRMED',
        'to', jsonb_build_object('email', u.email, 'name', u.full_name),
        'params', jsonb_build_object(
          'order_number', placed.order_number, 'currency', placed.currency, 'total_amount', placed.total_amount::text,
          'delivery_fee', placed.delivery_fee::text, 'items', (
            select jsonb_agg(jsonb_build_object(
              'name', i.name, 'quantity', i.quantity, 'line_total', (i.unit_price * i.quantity)::text) order by i.id)
            from order_items i where i.order_id = p_order_id))),
        case when p_mail_lease is null then 0 else 1 end, now() + coalesce(p_mail_lease, interval '0')
      from users u where u.id = placed.user_id
    returning json_build_object('id', o.id, 'message_key', o.message_key, 'payload', o.payload, 'attempts', o.attempts)
      into mail;
  if paid.save_as_default then
    perform choose_default_card(placed.user_id, paid.payment_token_id);
  end if;

  status := 'CAPTURED';
  order_id := p_order_id;
  order_number := placed.order_number;
  total_paid := placed.total_amount;
  payment_reference := p_reference;
  if p_mail_lease is null then
    mail := null;
  end if;
  return next;
end $$;
