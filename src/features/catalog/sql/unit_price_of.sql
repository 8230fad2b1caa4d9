-- The price per unit of measure: per kilogram of goods sold by weight, else by the net content of a piece. Per 100 g or 100 ml of less
-- than a kilogram or litre. Null without a net content.
create or replace function unit_price_of(p_product products) returns json language sql immutable as $$
  select json_build_object('amount', round(measure.price / measure.size, 2)::text, 'per', measure.per)
  from (
    select p_product.price_per_kg as price, 1::numeric as size, 'kg' as per where p_product.sold_by = 'WEIGHT'
    union all
    select p_product.price, case when content.is_small then content.base / 100 else content.base / content.whole end,
      case when content.is_small then '100' || content.small else content.large end
    from (
      select p_product.net_content_amount * case p_product.net_content_unit when 'kg' then 1000 when 'l' then 1000 else 1 end as base,
        case p_product.net_content_unit when 'unit' then 1 else 1000 end as whole,
        case when p_product.net_content_unit in ('g', 'kg') then 'g' else 'ml' end as small,
        case when p_product.net_content_unit in ('g', 'kg') then 'kg' when p_product.net_content_unit = 'unit' then 'unit' else 'l' end
          as large,
        p_product.net_content_unit <> 'unit'
          and p_product.net_content_amount * case p_product.net_content_unit when 'kg' then 1000 when 'l' then 1000 else 1 end < 1000
          as is_small
    ) content
    where p_product.sold_by <> 'WEIGHT' and p_product.net_content_unit is not null
  ) measure
$$;

comment on function unit_price_of is 'nullable: unit_price_of';
