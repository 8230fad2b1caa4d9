-- The lines that refunds are for, if they are for lines: what is paid back for goods, and for their containers.
create or replace view refunded_lines as
  select l.refund_id, i.order_id, l.id as place, i.id as order_item_id, coalesce(i.replacement_name, i.name) as name,
    coalesce(i.replacement_sku, i.sku) as sku, l.quantity, l.amount - d.deposit as amount, d.deposit,
    case when c.is_picked then coalesce(i.replacement_tax_class, i.tax_class) else i.tax_class end as tax_class
  from refund_lines l
  join order_items i on i.id = l.order_item_id
  left join receipts c on c.order_id = i.order_id
  cross join lateral (
    select least(l.amount, l.quantity * coalesce(case i.picked_status when 'REPLACED' then i.replacement_deposit else i.deposit end, 0))
      as deposit
  ) d
  union all
  select r.id, i.order_id, 0, i.id, i.name, i.sku,
    case r.reason when 'MISSING' then i.quantity - l.units else i.quantity end, r.amount - d.deposit, d.deposit, i.tax_class
  from refunds r
  join order_items i on i.id = r.order_item_id
  cross join lateral picked_line(i) l
  cross join lateral (select least(r.amount, i.quantity * coalesce(i.deposit, 0) - l.deposit) as deposit) d;
