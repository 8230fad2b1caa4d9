-- Prices units of an order's lines, [{item_id, quantity}]. Refuses lines of other orders and units that were refunded already.
create or replace function priced_units(p_order_id integer, p_items jsonb)
  returns table (order_item_id integer, quantity integer, amount numeric) language plpgsql stable as $$
#variable_conflict use_column
declare
  item record;
  line record;
begin
  for item in
    select i.item_id, sum(i.quantity)::integer as units
    from jsonb_to_recordset(p_items) as i (item_id integer, quantity integer) group by i.item_id order by i.item_id
  loop
    select * into line from line_refundable(item.item_id);
    perform guard(line.order_id is not distinct from p_order_id, 'NOT_FOUND');
    perform guard(item.units <= line.quantity - line.refunded, 'NOTHING_LEFT_TO_REFUND',
      jsonb_build_object('item_id', item.item_id, 'quantity', line.quantity - line.refunded));
    order_item_id := item.item_id;
    quantity := item.units;
    amount := greatest(least(units_amount(line.paid, line.quantity, line.refunded, item.units), line.amount_left), 0);
    return next;
  end loop;
end $$;
