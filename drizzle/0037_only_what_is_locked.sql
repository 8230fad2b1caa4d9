-- A decision may rest on locked rows alone. A statement that waits for a lock goes on with what it saw before it waited, and
-- the next one sees what was committed meanwhile: rows that nobody has locked. They count as absent.

-- An open cart as a checkout has locked it, and the shelves of its products.
create type locked_cart as (cart carts, shelves integer[]);
--> statement-breakpoint

-- As `begin_checkout`: locks what a checkout decides on, in the one order everybody locks it: cart, stock by id, slot. Refuses a
-- cart that no checkout can go on with. Ends the cart's hold, which is renewed or becomes the order.
create function lock_checkout(p_user_id integer, p_cart_id integer, p_branch_id integer, p_slot_id integer)
  returns locked_cart language plpgsql as $$
declare
  cart carts;
  shelves integer[];
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
  shelves := array(
    select i.id from inventory i join cart_items ci on ci.product_id = i.product_id
    where ci.cart_id = p_cart_id and i.branch_id = p_branch_id
    order by i.id for no key update of i);
  -- For bookings of all its dates, and against a change of its capacity.
  if p_slot_id is not null then
    perform from delivery_slots where id = p_slot_id for no key update;
  end if;
  -- Only a preview holds anything, and it leaves what it showed.
  if cart.shown_for is not null then
    delete from slot_holds where cart_id = p_cart_id;
    delete from hold_lines where cart_id = p_cart_id;
  end if;
  return (cart, shelves);
end $$;
--> statement-breakpoint

-- As before, from these shelves alone. `products` are all of the cart: those without a shelf at this branch may have been held
-- at another one until now.
create function price_cart(p_cart_id integer, p_branch_id integer, p_fulfillment_type text, p_shelves integer[])
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
    left join inventory i on i.product_id = ci.product_id and i.branch_id = p_branch_id and i.id = any (p_shelves)
    where ci.cart_id = p_cart_id
    order by ci.id
  loop
    cart.lines := cart.lines || line;
    cart.units := cart.units + line.quantity;
    cart.goods := cart.goods + line.price * line.quantity;
    cart.products := cart.products || line.product_id;
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

-- As before, with these two.
create or replace function preview_checkout(p_user_id integer, p_cart_id integer, p_fulfillment_type text, p_branch_id integer,
    p_slot_id integer, p_date date, p_minutes integer, p_booking_days integer, p_time_zone text)
  returns table (reserved_until timestamptz, slot_held boolean, cart_total numeric, delivery_fee numeric,
    total_amount numeric, currency text, fulfillment_type text, delivery_date date, missing_items jsonb, products integer[])
  language plpgsql rows 1 set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
declare
  locked locked_cart;
  slot record;
  bought priced_cart;
begin
  locked := lock_checkout(p_user_id, p_cart_id, p_branch_id, p_slot_id);
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

  bought := price_cart(p_cart_id, p_branch_id, p_fulfillment_type, locked.shelves);
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

-- As before, with these two.
create or replace function place_order(p_user_id integer, p_cart_id integer, p_fulfillment_type text, p_branch_id integer,
    p_slot_id integer, p_date date, p_booking_days integer, p_time_zone text, p_address text, p_address_id integer,
    p_token_id integer, p_save_as_default boolean, p_expected_total numeric, p_order_number text, p_key text,
    p_fingerprint text, p_attempt text, p_lease_seconds integer)
  returns table (order_id integer, order_number text, user_id integer, provider text, provider_token text, amount numeric,
    currency text, idempotency_key text, save_as_default boolean, products integer[])
  language plpgsql rows 1 set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
declare
  locked locked_cart;
  cart carts;
  token record;
  address text;
  way record;
  bought priced_cart;
  shown numeric;
begin
  order_id := nextval('orders_id_seq');
  perform claim_key(p_user_id, p_key, p_fingerprint, p_attempt, p_lease_seconds, order_id);
  locked := lock_checkout(p_user_id, p_cart_id, p_branch_id, p_slot_id);
  cart := locked.cart;

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

  bought := price_cart(p_cart_id, p_branch_id, p_fulfillment_type, locked.shelves);
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

-- As before, but a change that began before the one that it waited for leaves its trace as well.
create or replace function change_cart(p_user_id integer, p_deed text, p_branch_id integer, p_max_quantity integer,
    p_item_id integer default null, p_product_id integer default null, p_quantity integer default null)
  returns table (id integer, user_id integer, total_amount numeric, reserved_until timestamptz, items json, freed integer[])
  language plpgsql rows 1 set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
declare
  cart carts;
  product integer := p_product_id;
  replaced integer;
  in_cart integer;
  wanted integer := p_quantity;
  freed_products integer[] := '{}';
begin
  loop
    select * into cart from carts c where c.user_id = p_user_id and c.status in ('ACTIVE', 'CHECKING_OUT') for update;
    exit when found;
    insert into carts (user_id) values (p_user_id) on conflict do nothing returning * into cart;
    exit when found;
  end loop;
  if cart.status <> 'ACTIVE' then
    perform guard(false, 'CHECKOUT_IN_PROGRESS');
  end if;

  if p_deed in ('SET', 'REMOVE') then
    select ci.product_id into replaced from cart_items ci where ci.id = p_item_id and ci.cart_id = cart.id;
    if not found then
      perform guard(false, 'NOT_FOUND');
    end if;
    product := coalesce(p_product_id, replaced);
  end if;
  if p_deed in ('ADD', 'SET') then
    select ci.quantity into in_cart from cart_items ci where ci.cart_id = cart.id and ci.product_id = product;
    if p_deed = 'ADD' then
      wanted := p_quantity + coalesce(in_cart, 0);
    end if;
    perform check_offer(cart.id, product, wanted, p_branch_id, p_max_quantity);
    if in_cart is null then
      insert into cart_items (cart_id, product_id, quantity) values (cart.id, product, wanted);
    else
      update cart_items ci set quantity = wanted where ci.cart_id = cart.id and ci.product_id = product;
    end if;
  end if;
  if p_deed = 'REMOVE' or p_deed = 'SET' and product <> replaced then
    delete from cart_items ci where ci.id = p_item_id;
  elsif p_deed = 'CLEAR' then
    delete from cart_items ci where ci.cart_id = cart.id;
  end if;

  -- Only a preview holds anything, and it leaves what it showed.
  if cart.shown_for is not null then
    freed_products := array(select end_hold(p_user_id));
  end if;
  -- Not for a cart that was made just now. Another transaction's instant may lie after the beginning of this one.
  if cart.updated_at <> now() then
    update carts c set updated_at = now(), shown_total = null, shown_for = null where c.id = cart.id;
  end if;
  return query select c.*, freed_products from open_cart(p_user_id, p_branch_id) c;
end $$;
--> statement-breakpoint

-- As before, but a cart that is paid for between the two looks is followed by a new one.
create or replace function read_cart(p_user_id integer, p_branch_id integer)
  returns table (id integer, user_id integer, total_amount numeric, reserved_until timestamptz, items json)
  language plpgsql rows 1 as $$
#variable_conflict use_column
begin
  loop
    return query select c.* from open_cart(p_user_id, p_branch_id) c;
    exit when found;
    insert into carts (user_id) values (p_user_id) on conflict do nothing;
  end loop;
end $$;
--> statement-breakpoint

-- As before, but a session that ends while its use is written down is not alive.
create or replace function begin_request(p_session_id integer, p_user_id integer, p_roles text[], p_request_id text)
  returns integer language plpgsql as $$
declare
  role text;
  is_active boolean;
  is_stale boolean;
  done text;
begin
  select u.role, u.is_active, s.last_used_at < now() - interval '5 minutes'
    into role, is_active, is_stale
    from sessions s join users u on u.id = s.user_id
    where s.id = p_session_id and s.user_id = p_user_id and s.revoked_at is null and s.expires_at > now();
  if is_active is not true then
    raise exception using errcode = 'MS401', message = 'AUTH_REQUIRED';
  end if;
  if not role = any (p_roles) then
    raise exception using errcode = 'MS403', message = 'AUTHORIZATION_ERROR';
  end if;
  done := set_config('app.actor_id', p_user_id::text, true);
  done := set_config('app.request_id', p_request_id, true);
  if is_stale then
    update sessions set last_used_at = now() where id = p_session_id and revoked_at is null;
    if not found then
      raise exception using errcode = 'MS401', message = 'AUTH_REQUIRED';
    end if;
  end if;
  return p_user_id;
end $$;
--> statement-breakpoint

-- As before. Of a product or branch that is made while the file is read in, no shelf was made: it was not there.
create or replace function import_inventory(p_rows jsonb)
  returns table (row_number integer, action text, refusal text, number integer) language plpgsql as $$
#variable_conflict use_column
declare
  made integer[];
  shelves integer[];
begin
  with new_shelf as (
    insert into inventory (product_id, branch_id, reorder_point)
      select j.product_id, j.branch_id, coalesce(j.reorder_point, 0) from judge_inventory_rows(p_rows) j
        where j.refusal is null and j.inventory_id is null
        order by j.product_id, j.branch_id
      on conflict (product_id, branch_id) do nothing
      returning id
  )
  select coalesce(array_agg(id), '{}') into made from new_shelf;

  shelves := array(
    select i.id from inventory i
    where i.id in (select j.inventory_id from judge_inventory_rows(p_rows) j)
    order by i.id for update);

  update inventory i set reorder_point = j.reorder_point, updated_at = now()
    from judge_inventory_rows(p_rows) j
    where i.id = j.inventory_id and i.id = any (shelves) and j.refusal is null and j.reorder_point <> i.reorder_point;

  return query
  with judged as materialized (
    select j.row_number, j.inventory_id, j.difference, j.held, j.first_row,
        case when j.refusal is null and not coalesce(j.inventory_id = any (shelves), false)
          then 'PRODUCT_NOT_FOUND' else j.refusal end as refusal
      from judge_inventory_rows(p_rows) j
  ), moved as (
    insert into stock_movements (inventory_id, delta, reason)
      select j.inventory_id, j.difference, 'BULK_IMPORT' from judged j
        where j.refusal is null and j.difference <> 0 order by j.inventory_id
  )
  select j.row_number, case when j.inventory_id = any (made) then 'created' else 'updated' end, j.refusal,
      case j.refusal when 'DUPLICATE_ROW' then j.first_row else j.held end
    from judged j order by j.row_number;
end $$;
--> statement-breakpoint

-- As before, but all shelves are locked before the first of them changes.
create or replace function review_stock_requests(p_items jsonb)
  returns table (item_position integer, refusal text) language plpgsql as $$
declare
  item record;
begin
  perform from stock_requests
    where id in (select (value ->> 'request_id')::integer from jsonb_array_elements(p_items))
    order by id for update;
  -- Before any stock moves: what a movement changes in the lists is locked to the end, and others come to it with all their
  -- shelves. A request that is refused below makes no shelf here.
  insert into inventory (product_id, branch_id)
    select distinct r.product_id, r.branch_id
      from jsonb_to_recordset(p_items) as i (request_id integer, status text, approved_quantity integer)
      join stock_requests r on r.id = i.request_id
      where i.status = 'APPROVED' and r.status = 'PENDING' and coalesce(i.approved_quantity, r.quantity) >= 0
        and (r.actor_user_id <> current_actor() or exists (select from users where id = current_actor() and role = 'ADMIN'))
      order by r.product_id, r.branch_id
    on conflict (product_id, branch_id) do nothing;
  perform from inventory v
    where (v.product_id, v.branch_id) in (
      select r.product_id, r.branch_id from stock_requests r
      where r.id in (select (value ->> 'request_id')::integer from jsonb_array_elements(p_items)))
    order by v.id for update;
  for item in
    select i.*
      from jsonb_to_recordset(p_items) as i (
        position integer, request_id integer, status text, approved_quantity integer, rejection_reason text)
      left join stock_requests r on r.id = i.request_id
      order by r.product_id, r.branch_id, i.position
  loop
    begin
      perform review_stock_request(item.request_id, item.status, item.approved_quantity, item.rejection_reason);
    exception when sqlstate 'MSGRD' then
      item_position := item.position;
      refusal := sqlerrm;
      return next;
    end;
  end loop;
end $$;
