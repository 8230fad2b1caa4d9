-- The lines of an order with the units that stay of each when its customer wants p_wanted, [{product_id, quantity}] (null: all of them).
-- Of a product with several lines the newest go first. Units that stay keep their price and their part of the discount.
create or replace function kept_lines(p_order_id integer, p_wanted jsonb)
  returns table (item_id integer, product_id integer, ordered integer, units integer, unit_price numeric, price_per_kg numeric,
    overage_percent numeric, deposit numeric, discount numeric)
  language sql stable rows 10 as $$
  select l.id, l.product_id, l.quantity, kept.units, l.unit_price, l.price_per_kg, l.overage_percent, l.deposit,
    round(l.discount * kept.units / l.quantity, 2)
  from (
    select i.*, sum(i.quantity) over (partition by i.product_id)::integer as total,
      coalesce(sum(i.quantity) over newest, 0)::integer - i.quantity as newer
    from order_items i where i.order_id = p_order_id
    window newest as (partition by i.product_id order by i.id desc)
  ) l
  left join jsonb_to_recordset(p_wanted) as w (product_id integer, quantity integer) on w.product_id = l.product_id
  cross join lateral (
    select l.quantity - least(l.quantity, greatest(l.total - coalesce(w.quantity, case when p_wanted is null then l.total else 0 end) - l.newer, 0)) as units
  ) kept
  order by l.id
$$;
