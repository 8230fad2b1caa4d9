-- The lines that a receipt of an order lists: as ordered or, with p_is_picked, as picked. `amount` is what the customer pays for the
-- goods of the line, `deposit` for its containers.
create or replace function receipt_lines(p_order_id integer, p_is_picked boolean)
  returns table (order_item_id integer, name text, sku text, quantity integer, unit_price numeric, discount numeric, amount numeric,
    tax_class text, deposit numeric)
  language sql stable rows 10 as $$
  select i.id, case when r.is_replaced then i.replacement_name else i.name end,
    case when r.is_replaced then coalesce(i.replacement_sku, i.sku) else i.sku end,
    i.quantity, price.unit, least(i.discount, price.unit * i.quantity), greatest(price.unit * i.quantity - i.discount, 0),
    case when r.is_replaced then coalesce(i.replacement_tax_class, i.tax_class) else i.tax_class end,
    i.quantity * coalesce(case when r.is_replaced then i.replacement_deposit else i.deposit end, 0)
  from order_items i
  cross join lateral (select p_is_picked and i.picked_status = 'REPLACED' as is_replaced) r
  cross join lateral (select case when r.is_replaced then i.replacement_unit_price else i.unit_price end as unit) price
  where i.order_id = p_order_id and not (p_is_picked and i.picked_status = 'MISSING')
$$;
