-- The lines that the receipt of an order was issued with, also after an amendment has changed those of the order.
create or replace function issued_lines(p_order_id integer)
  returns table (order_item_id integer, name text, sku text, quantity integer, grams integer, unit_price numeric, discount numeric,
    amount numeric, tax_class text, deposit numeric)
  language sql stable rows 10 as $$
  select l.* from amended_receipts k
    cross join lateral jsonb_to_recordset(k.lines) as l (order_item_id integer, name text, sku text, quantity integer, grams integer,
      unit_price numeric, discount numeric, amount numeric, tax_class text, deposit numeric)
    where k.order_id = p_order_id
  union all
  select l.* from receipts c cross join lateral receipt_lines(c.order_id, c.is_picked) l
    where c.order_id = p_order_id and not exists (select from amended_receipts k where k.order_id = p_order_id)
$$;
