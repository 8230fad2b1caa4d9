-- The units a line sold, and for how much after discounts: none for a missing line, the replacement's for a replaced one.
create or replace view sold_lines as
  select i.id, o.branch_id, o.delivered_at, coalesce(i.replacement_product_id, i.product_id) as product_id,
         l.units, l.amount as revenue, i.order_id
  from orders o join order_items i on i.order_id = o.id cross join lateral picked_line(i) l
  where o.status = 'DELIVERED' and i.picked_status <> 'MISSING';
