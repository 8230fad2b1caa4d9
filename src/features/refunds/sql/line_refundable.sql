-- What units of an order line can be refunded: those that were delivered, those of them refunded already, what was paid for the line in
-- the end, with its deposits, and the amount left. A missing line has quantity 0: it is refunded when the order becomes READY.
create or replace function line_refundable(p_item_id integer)
  returns table (order_id integer, quantity integer, refunded integer, paid numeric, amount_left numeric)
  language plpgsql stable rows 1 as $$
#variable_conflict use_column
begin
  return query
    select i.order_id, paid.units, back.in_bag, paid.amount,
      greatest(i.quantity * (i.unit_price + coalesce(i.deposit, 0)) - i.discount, paid.amount) - back.amount - (
        select coalesce(sum(r.amount), 0) from refunds r where r.order_item_id = i.id and r.status <> 'FAILED')
    from order_items i
    cross join lateral paid_back_units(i) back
    cross join lateral (select l.units, l.amount + l.deposit as amount from picked_line(i) l) paid
    where i.id = p_item_id;
end $$;
