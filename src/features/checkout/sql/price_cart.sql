-- What a cart holds and costs now, read once: its lines with what it can take of each, the goods, the deposits, the delivery fee, the total.
-- `goods` is after the discounts of promotions. A deposit is no purchase: it counts neither towards free delivery nor towards the
-- minimum order, and no promotion discounts it.
-- p_fee and p_minimum, of the slot or the zone, replace those of the settings; such a fee is flat.
-- Only the inventory rows in p_shelves, which the caller has locked, count as stock. A loop over the few lines of a cart costs
-- less than setting up one query for all of it.
create or replace function price_cart(p_cart_id integer, p_branch_id integer, p_fulfillment_type text, p_shelves integer[],
    p_fee numeric default null, p_minimum numeric default null)
  returns priced_cart language plpgsql stable as $$
declare
  is_current boolean := prices_are_current();
  hidden integer[] := hidden_category_ids();
  line priced_line;
  cart priced_cart;
  shop record;
  -- Variables of their own: appending to an array inside a row copies the whole array each time.
  lines priced_line[] := '{}';
  products integer[] := '{}';
  owner record;
  fee numeric;
  free_from numeric;
  priced basket_discounts;
begin
  cart.units := 0;
  cart.goods := 0;
  cart.deposit_total := 0.00;
  cart.discounts := '[]';
  for line in
    select ci.id, ci.product_id, i.id, ci.quantity,
      case when p.is_active and p.category_id <> all (hidden) then coalesce(stock.free, 0) else 0 end,
      case when ci.kept_until > now() then ci.kept_price else p.price end, p.name, p.sku, p.unit, p.image_url, p.tax_class,
      p.deposit, p.category_id, 0.00,
      case when p.sold_by <> 'WEIGHT' then null when ci.kept_until > now() then round(ci.kept_price * 1000 / p.nominal_grams, 2)
        else p.price_per_kg end, p.nominal_grams, p.weight_tolerance_percent, p.age_restricted
    from cart_items ci
    join products p on p.id = ci.product_id
    left join inventory i on i.product_id = ci.product_id and i.branch_id = p_branch_id and i.id = any (p_shelves)
    left join lateral stock_of(i.id, i.on_hand, p_cart_id) stock on true
    where ci.cart_id = p_cart_id
    order by ci.id
  loop
    lines := lines || line;
    cart.units := cart.units + line.quantity;
    cart.goods := cart.goods + line.price * line.quantity;
    if line.deposit is not null then
      cart.deposit_total := cart.deposit_total + line.deposit * line.quantity;
    end if;
    products := products || line.product_id;
    if line.age_restricted is not null then
      cart.restricted := cart.restricted || line.product_id;
    end if;
    if line.price_per_kg is not null then
      cart.is_weighed := true;
    end if;
    if line.available < line.quantity then
      cart.missing := coalesce(cart.missing, '[]') || jsonb_build_object(
        'product_id', line.product_id, 'requested_quantity', line.quantity, 'available_quantity', line.available);
    end if;
  end loop;
  cart.products := products;
  select s.delivery_fee, s.delivery_min, s.minimum_order_total, s.currency, s.payment_mode,
      exists (select from running_promotions) as has_promotions into shop from settings s;
  fee := coalesce(p_fee, shop.delivery_fee);
  free_from := case when p_fee is null then shop.delivery_min end;
  if shop.has_promotions then
    select c.user_id, c.coupon_id into owner from carts c where c.id = p_cart_id;
    priced := discount_basket(owner.user_id, p_branch_id, owner.coupon_id, basket_of(lines),
      case when p_fulfillment_type = 'DELIVERY' then fee * 100 end::bigint, (free_from * 100)::bigint);
  end if;
  if (priced).applied is not null then
    for i in 1 .. cardinality(lines) loop
      lines[i].discount := ((priced).lines[i] / 100.0)::numeric(12, 2);
    end loop;
    cart.goods := (cart.goods - (priced).goods / 100.0)::numeric(14, 2);
    cart.discounts := (priced).applied;
  end if;
  cart.lines := lines;
  if p_fulfillment_type = 'DELIVERY' then
    cart.delivery_fee := (delivery_fee_of(cart.goods, fee, free_from) - coalesce((priced).delivery / 100.0, 0))::numeric(12, 2);
  end if;
  cart.total := cart.goods + cart.deposit_total + coalesce(cart.delivery_fee, 0);
  cart.minimum_order_total := coalesce(p_minimum, shop.minimum_order_total);
  cart.currency := shop.currency;
  cart.payment_mode := shop.payment_mode;
  return cart;
end $$;
