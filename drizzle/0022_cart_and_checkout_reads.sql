-- What carts and checkout read, as functions: PL/pgSQL keeps their plans for the life of a connection, where the same text
-- sent as a statement is planned each time, which took longer than running it, and under the locks of the batch.

-- What one cart can take of an inventory row: on hand less what live holds of other carts keep.
create function free_for_cart(p_inventory_id integer, p_on_hand integer, p_cart_id integer)
  returns integer language sql stable as $$
  select greatest(p_on_hand - coalesce((
    select sum(h.quantity) from hold_lines h
    where h.inventory_id = p_inventory_id and h.cart_id <> p_cart_id and h.expires_at > now()), 0), 0)::integer
$$;
--> statement-breakpoint

-- One row for each line of a cart: what it wants, and what it can get at the branch. Nothing of what is not on sale.
create function cart_lines(p_cart_id integer, p_branch_id integer)
  returns table (id integer, product_id integer, quantity integer, inventory_id integer, price numeric, name text, sku text,
    unit text, image_url text, available integer)
  language plpgsql stable rows 10 as $$
#variable_conflict use_column
begin
  return query
    select ci.id, ci.product_id, ci.quantity, i.id, p.price, p.name::text, p.sku::text, p.unit::text, p.image_url::text,
      case when p.is_active and i.id is not null and p.category_id not in (select hidden_categories())
        then free_for_cart(i.id, i.on_hand, p_cart_id) else 0 end
    from cart_items ci
    join products p on p.id = ci.product_id
    left join inventory i on i.product_id = ci.product_id and i.branch_id = p_branch_id
    where ci.cart_id = p_cart_id
    order by ci.id;
end $$;
--> statement-breakpoint

-- What the whole cart costs now; delivery_fee is null for a pickup.
create function cart_totals(p_cart_id integer, p_fulfillment_type text)
  returns table (goods numeric, delivery_fee numeric, total numeric, minimum_order_total numeric, currency text)
  language plpgsql stable rows 1 as $$
#variable_conflict use_column
begin
  return query
    select priced.goods, priced.fee, priced.goods + coalesce(priced.fee, 0), priced.minimum_order_total, priced.currency::text
    from (
      select g.goods, s.minimum_order_total, s.currency,
        case when p_fulfillment_type = 'PICKUP' then null
          when g.goods >= s.delivery_min then 0.00 else s.delivery_fee end as fee
      from settings s, (
        select coalesce(sum(p.price * ci.quantity), 0) as goods
        from cart_items ci join products p on p.id = ci.product_id where ci.cart_id = p_cart_id
      ) g
    ) priced;
end $$;
--> statement-breakpoint

-- A slot on its date (the next one by default) with what others left of it: no row when the shop cannot deliver then.
create function slot_window(p_slot_id integer, p_branch_id integer, p_date date, p_cart_id integer, p_booking_days integer,
    p_time_zone text)
  returns table (slot_id integer, delivery_date date, window_start timestamptz, window_end timestamptz, places_left integer)
  language plpgsql stable rows 1 as $$
#variable_conflict use_column
begin
  return query
    select d.id, chosen.date, slot_starts_at(chosen.date, d.start_time, p_time_zone),
      slot_starts_at(chosen.date, d.end_time, p_time_zone),
      d.capacity - slot_places_taken(d.id, chosen.date, p_cart_id)
    from delivery_slots d
    join settings s on d.start_time >= s.opens_at and d.end_time <= s.closes_at
    cross join lateral (
      select coalesce(p_date, slot_next_date(d.day_of_week, d.start_time, p_time_zone)) as date
    ) chosen
    where d.id = p_slot_id and d.branch_id = p_branch_id and d.is_active
      and extract(dow from chosen.date) = d.day_of_week
      and chosen.date <= (now() at time zone p_time_zone)::date + p_booking_days
      and slot_starts_at(chosen.date, d.start_time, p_time_zone) > now();
end $$;
--> statement-breakpoint

-- The open cart of a user, as the API shows it.
create function open_cart(p_user_id integer, p_branch_id integer)
  returns table (id integer, user_id integer, total_amount numeric, reserved_until timestamptz, items json)
  language plpgsql stable rows 1 as $$
#variable_conflict use_column
begin
  return query
    select c.id, c.user_id, coalesce(lines.total, 0)::numeric(14, 2),
      (select min(h.expires_at) from hold_lines h where h.cart_id = c.id and h.expires_at > now()),
      coalesce(lines.items, '[]')
    from carts c
    cross join lateral (
      select sum(l.price * l.quantity) as total,
        json_agg(json_build_object(
          'id', l.id, 'product_id', l.product_id, 'quantity', l.quantity, 'unit_price', l.price,
          'line_total', l.price * l.quantity, 'product_name', l.name, 'product_image', l.image_url,
          'sku', l.sku, 'unit', l.unit, 'available_quantity', l.available, 'is_available', l.available >= l.quantity
        ) order by l.id) as items
      from cart_lines(c.id, p_branch_id) l
    ) lines
    where c.user_id = p_user_id and c.status in ('ACTIVE', 'CHECKING_OUT');
end $$;
--> statement-breakpoint

-- What a cart is offered of a product: how much it holds already, what it could take at the branch, and whether any branch
-- has some. No row for what is not on sale.
create function cart_offer(p_cart_id integer, p_product_id integer, p_branch_id integer)
  returns table (product_id integer, in_cart integer, available integer, is_anywhere boolean)
  language plpgsql stable rows 1 as $$
#variable_conflict use_column
begin
  return query
    select p.id,
      coalesce((select ci.quantity from cart_items ci where ci.cart_id = p_cart_id and ci.product_id = p.id), 0),
      coalesce((select free_for_cart(i.id, i.on_hand, p_cart_id) from inventory i
        where i.product_id = p.id and i.branch_id = p_branch_id), 0),
      exists (select from inventory i where i.product_id = p.id and free_for_cart(i.id, i.on_hand, p_cart_id) > 0)
    from products p
    where p.id = p_product_id and p.is_active and p.category_id not in (select hidden_categories());
end $$;
--> statement-breakpoint

-- Ends the hold of a user's open cart. Answers the products that others can take again.
create function end_hold(p_user_id integer) returns setof integer language plpgsql as $$
declare
  cart integer := (select id from carts where user_id = p_user_id and status in ('ACTIVE', 'CHECKING_OUT'));
begin
  delete from slot_holds where cart_id = cart;
  return query
    with lines as (delete from hold_lines where cart_id = cart returning inventory_id)
    select i.product_id from lines join inventory i on i.id = lines.inventory_id;
end $$;
