-- What a customer wants beyond the order: the units of each product, what it costs today, and how many can be had. `wanted` is all that
-- the order is to have of it. `item_id` is a line of the order that it can be added to: one at the same price and terms.
create or replace function added_lines(p_order orders, p_wanted jsonb)
  returns table (product_id integer, category_id integer, inventory_id integer, item_id integer, units integer, wanted integer, available integer, name text,
    sku text, unit text, image_url text, unit_price numeric, tax_class text, deposit numeric, price_per_kg numeric, nominal_grams integer,
    weight_tolerance_percent numeric, overage_percent numeric)
  language sql stable rows 10 as $$
  select a.product_id, a.category_id, a.inventory_id, (
      select max(i.id) from order_items i
      where i.order_id = p_order.id and i.product_id = a.product_id and i.name = a.name and i.unit_price = a.price
        and i.tax_class = a.tax_class and i.deposit is not distinct from a.deposit and i.overage_percent = a.overage
        and (i.price_per_kg, i.nominal_grams, i.weight_tolerance_percent) is not distinct from (a.kilo, a.grams, a.tolerance)),
    a.units, a.wanted, a.available, a.name, a.sku, a.unit, a.image_url, a.price, a.tax_class, a.deposit, a.kilo, a.grams, a.tolerance, a.overage
  from (
    select w.product_id, p.category_id, v.id as inventory_id, w.quantity - had.units as units, w.quantity as wanted,
      case when p.is_active and p.category_id <> all (hidden_category_ids()) then coalesce(stock.free, 0) else 0 end as available,
      p.name, p.sku, p.unit, p.image_url, p.price, p.tax_class, p.deposit, kg.price_per_kg as kilo,
      case when kg.price_per_kg is not null then p.nominal_grams end as grams,
      case when kg.price_per_kg is not null then p.weight_tolerance_percent end as tolerance,
      case when kg.price_per_kg is not null and pay.mode = 'AUTHORIZE' and s.weight_overage = 'CHARGE'
        then least(p.weight_tolerance_percent, s.authorization_margin_percent) else 0 end as overage
    from jsonb_to_recordset(p_wanted) as w (product_id integer, quantity integer)
    cross join lateral (
      select coalesce(sum(i.quantity), 0)::integer as units from order_items i
      where i.order_id = p_order.id and i.product_id = w.product_id
    ) had
    join payments pay on pay.order_id = p_order.id
    cross join settings s
    left join products p on p.id = w.product_id
    left join lateral (select case p.sold_by when 'WEIGHT' then p.price_per_kg end as price_per_kg) kg on true
    left join inventory v on v.product_id = w.product_id and v.branch_id = p_order.branch_id
    left join lateral stock_of(v.id, v.on_hand, p_order.cart_id) stock on true
    where w.quantity > had.units
  ) a
  order by a.product_id
$$;

comment on function added_lines is 'nullable: category_id, inventory_id, item_id, name, sku, unit, image_url, unit_price, tax_class, deposit, price_per_kg, nominal_grams, weight_tolerance_percent';
