-- The lines that a receipt of an order lists: as ordered or, with p_is_picked, as picked. `amount` is what the customer pays for the
-- goods of the line, `deposit` for its containers.
create or replace function receipt_lines(p_order_id integer, p_is_picked boolean)
  returns table (order_item_id integer, name text, sku text, quantity integer, grams integer, unit_price numeric, discount numeric,
    amount numeric, tax_class text, deposit numeric)
  language sql stable rows 10 as $$
  select i.id, case when r.is_replaced then i.replacement_name else i.name end,
    case when r.is_replaced then coalesce(i.replacement_sku, i.sku) else i.sku end,
    case when p_is_picked then l.units else i.quantity end, case when p_is_picked then l.grams end,
    case when p_is_picked then l.unit_price else i.unit_price end,
    case when p_is_picked then l.discount else i.discount end,
    case when p_is_picked then l.amount else i.unit_price * i.quantity - i.discount end,
    case when r.is_replaced then coalesce(i.replacement_tax_class, i.tax_class) else i.tax_class end,
    case when p_is_picked then l.deposit else i.quantity * coalesce(i.deposit, 0) end
  from order_items i
  cross join lateral picked_line(i) l
  cross join lateral (select p_is_picked and l.is_replaced as is_replaced) r
  where i.order_id = p_order_id and not (p_is_picked and i.picked_status = 'MISSING')
$$;
