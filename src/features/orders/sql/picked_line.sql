-- What an order line delivers and costs as picked; while it is pending, as ordered. The only place that knows: order, receipt, capture,
-- refunds and analytics read it. Goods sold by weight cost their weight, at most what they were shown for and the line's overage.
-- A discount is in proportion to the units.
create or replace function picked_line(p_line order_items)
  returns table (units integer, is_replaced boolean, grams integer, unit_price numeric, discount numeric, amount numeric, deposit numeric)
  language sql immutable rows 1 as $$
  select bag.units, bag.is_replaced, bag.grams, bag.unit_price, cost.discount, cost.gross - cost.discount,
    bag.units * coalesce(case when bag.is_replaced then p_line.replacement_deposit else p_line.deposit end, 0)
  from (
    select case p_line.picked_status when 'MISSING' then 0 when 'PENDING' then p_line.quantity
        else coalesce(p_line.picked_quantity, p_line.quantity) end as units,
      p_line.picked_status = 'REPLACED' as is_replaced,
      case when p_line.picked_status in ('PICKED', 'REPLACED') then p_line.picked_grams end as grams,
      case p_line.picked_status when 'REPLACED' then p_line.replacement_unit_price else p_line.unit_price end as unit_price,
      case p_line.picked_status when 'REPLACED' then p_line.replacement_price_per_kg else p_line.price_per_kg end as price_per_kg,
      case p_line.picked_status when 'REPLACED' then 0 else p_line.overage_percent end as overage_percent
  ) bag
  cross join lateral (
    select case when bag.price_per_kg is null or bag.grams is null then bag.unit_price * bag.units
      else least(round(bag.price_per_kg * bag.grams / 1000, 2), round(bag.unit_price * bag.units * (1 + bag.overage_percent / 100), 2))
      end as gross
  ) goods
  cross join lateral (
    select goods.gross, least(round(p_line.discount * bag.units / p_line.quantity, 2), goods.gross) as discount
  ) cost
$$;
