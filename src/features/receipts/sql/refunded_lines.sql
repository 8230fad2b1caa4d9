-- The lines that refunds are for, if they are for lines: what is paid back for goods, and for their containers. A credit note never
-- changes: of a receipt for the lines as ordered it names those, whatever replaced them, with the deposit that was paid back then.
-- What picking pays back is less the units that were refunded before.
create or replace view refunded_lines as
  select l.refund_id, i.order_id, l.id as place, i.id as order_item_id,
    case when c.is_picked then coalesce(i.replacement_name, i.name) else i.name end as name,
    case when c.is_picked then coalesce(i.replacement_sku, i.sku) else i.sku end as sku, l.quantity, l.amount - d.deposit as amount, d.deposit,
    case when c.is_picked then coalesce(i.replacement_tax_class, i.tax_class) else i.tax_class end as tax_class
  from refund_lines l
  join order_items i on i.id = l.order_item_id
  left join receipts c on c.order_id = i.order_id
  cross join lateral (
    select coalesce(l.deposit, least(l.amount,
      l.quantity * coalesce(case i.picked_status when 'REPLACED' then i.replacement_deposit else i.deposit end, 0))) as deposit
  ) d
  union all
  select r.id, i.order_id, 0, i.id, i.name, i.sku,
    case r.reason when 'MISSING' then i.quantity - l.units - back.missing else i.quantity - back.units end, r.amount - d.deposit, d.deposit, i.tax_class
  from refunds r
  join order_items i on i.id = r.order_item_id
  cross join lateral picked_line(i) l
  cross join lateral (
    select coalesce(sum(b.quantity), 0)::integer as units, coalesce(sum(coalesce(b.deposit, b.quantity * i.deposit)), 0) as deposit,
      least(coalesce(sum(b.quantity) filter (where not b.is_picked), 0)::integer, i.quantity - l.units) as missing
    from refund_lines b join refunds f on f.id = b.refund_id and (f.status <> 'FAILED' or f.settled_at > r.created_at)
    where b.order_item_id = i.id and b.refund_id < r.id
  ) back
  cross join lateral (
    select greatest(least(r.amount, i.quantity * coalesce(i.deposit, 0) - back.deposit
      - coalesce(round(l.deposit * (l.units - back.units + back.missing) / nullif(l.units, 0), 2), 0)), 0) as deposit
  ) d;
