-- The price per unit of measure: per kilogram of goods sold by weight, else by the net content of a piece. Per 100 g or 100 ml of less
-- than a kilogram or litre. Null without a net content. A single expression, so that PostgreSQL inlines it into each query.
create or replace function unit_price_of(p_product products) returns json language sql stable as $$
  select case when p_product.sold_by = 'WEIGHT' or p_product.net_content_unit is not null then json_build_object(
    'amount', round(case
      when p_product.sold_by = 'WEIGHT' then p_product.price_per_kg
      when p_product.net_content_unit in ('g', 'ml')
        then p_product.price / (p_product.net_content_amount / case when p_product.net_content_amount < 1000 then 100 else 1000 end)
      when p_product.net_content_unit in ('kg', 'l') and p_product.net_content_amount < 1
        then p_product.price / (p_product.net_content_amount * 10)
      else p_product.price / p_product.net_content_amount end, 2)::text,
    'per', case
      when p_product.sold_by = 'WEIGHT' then 'kg'
      when p_product.net_content_unit in ('g', 'ml') and p_product.net_content_amount < 1000 then '100' || p_product.net_content_unit
      when p_product.net_content_unit = 'g' or p_product.net_content_unit = 'kg' and p_product.net_content_amount >= 1 then 'kg'
      when p_product.net_content_unit = 'ml' or p_product.net_content_unit = 'l' and p_product.net_content_amount >= 1 then 'l'
      when p_product.net_content_unit = 'kg' then '100g'
      when p_product.net_content_unit = 'l' then '100ml'
      else p_product.net_content_unit end) end
$$;

comment on function unit_price_of is 'nullable: unit_price_of';
