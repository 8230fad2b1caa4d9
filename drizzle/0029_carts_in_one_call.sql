-- A cart changes by one call: a statement of its own for each step was planned anew each time, under the cart's lock.

-- Categories that hide what stands in them: mostly none, which one look at a small table tells.
create function hidden_category_ids() returns integer[] language plpgsql stable as $$
begin
  if exists (select from categories where not is_active) then
    return array(select hidden_categories());
  end if;
  return '{}';
end $$;
--> statement-breakpoint

-- As before, in PL/pgSQL: an SQL function with a subquery is never inlined, and is set up anew by each statement.
create or replace function free_for_cart(p_inventory_id integer, p_on_hand integer, p_cart_id integer)
  returns integer language plpgsql stable strict as $$
begin
  return greatest(p_on_hand - coalesce((
    select sum(h.quantity) from hold_lines h
    where h.inventory_id = p_inventory_id and h.cart_id <> p_cart_id and h.expires_at > now()), 0), 0);
end $$;
--> statement-breakpoint

-- Refuses to put more of a product into a cart than the shop can sell. Deliveries ship from one branch: its stock counts.
create function check_offer(p_cart_id integer, p_product_id integer, p_wanted integer, p_branch_id integer,
    p_max_quantity integer) returns void language plpgsql stable as $$
declare
  offered integer;
  details jsonb;
begin
  select greatest(coalesce(i.on_hand, 0) - coalesce((
      select sum(h.quantity) from hold_lines h
      where h.inventory_id = i.id and h.cart_id <> p_cart_id and h.expires_at > now()), 0), 0) into offered
    from products p left join inventory i on i.product_id = p.id and i.branch_id = p_branch_id
    where p.id = p_product_id and p.is_active and p.category_id <> all (hidden_category_ids());
  if not found then
    perform guard(false, 'PRODUCT_INACTIVE');
  end if;
  if p_wanted <= least(offered, p_max_quantity) then
    return;
  end if;
  details := jsonb_build_object(
    'product_id', p_product_id, 'requested_quantity', p_wanted, 'available_quantity', offered);
  perform guard(p_wanted <= p_max_quantity, 'QUANTITY_TOO_LARGE', details);
  perform guard(exists (
      select from inventory i join branches b on b.id = i.branch_id and b.is_active
      where i.product_id = p_product_id and free_for_cart(i.id, i.on_hand, p_cart_id) > 0
    ), 'OUT_OF_STOCK_ANYWHERE', details);
  perform guard(false, 'OUT_OF_STOCK_DELIVERY_BRANCH', details);
end $$;
--> statement-breakpoint

-- Every change of a cart: locks the open one (or makes it), judges and changes its lines, ends the hold of a checkout that
-- was begun, and answers the cart with the products that others can take again.
-- p_deed: ADD p_quantity of p_product_id to what is there; SET the line p_item_id to p_quantity (of p_product_id, if given);
-- REMOVE that line; CLEAR them all.
create function change_cart(p_user_id integer, p_deed text, p_branch_id integer, p_max_quantity integer,
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
  -- Not for a cart that was made just now.
  if cart.updated_at < now() then
    update carts c set updated_at = now(), shown_total = null, shown_for = null where c.id = cart.id;
  end if;
  return query select c.*, freed_products from open_cart(p_user_id, p_branch_id) c;
end $$;
--> statement-breakpoint

-- As before, with the lines read where they are shown.
create or replace function open_cart(p_user_id integer, p_branch_id integer)
  returns table (id integer, user_id integer, total_amount numeric, reserved_until timestamptz, items json)
  language plpgsql stable rows 1 set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
declare
  hidden integer[] := hidden_category_ids();
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
      from (
        select ci.id, ci.product_id, ci.quantity, p.price, p.name, p.sku, p.unit, p.image_url,
          case when p.is_active and i.id is not null and p.category_id <> all (hidden)
            then greatest(i.on_hand - coalesce((
              select sum(h.quantity) from hold_lines h
              where h.inventory_id = i.id and h.cart_id <> c.id and h.expires_at > now()), 0), 0)::integer
            else 0 end as available
        from cart_items ci
        join products p on p.id = ci.product_id
        left join inventory i on i.product_id = ci.product_id and i.branch_id = p_branch_id
        where ci.cart_id = c.id
        offset 0
      ) l
    ) lines
    where c.user_id = p_user_id and c.status in ('ACTIVE', 'CHECKING_OUT');
end $$;
