-- Refuses to take units out of an order that staff have paid back already. A line with a refund that failed keeps a unit: the refund
-- names it for ever.
create or replace function guard_refunded_units(p_order_id integer, p_plan jsonb) returns void language plpgsql stable as $$
declare
  line record;
begin
  for line in
    select i.id, i.product_id, k.quantity, k.discount, i.unit_price, i.deposit, r.refunded, r.amount
    from jsonb_to_recordset(p_plan -> 'kept') as k (item_id integer, quantity integer, discount numeric)
    join order_items i on i.id = k.item_id and i.quantity <> k.quantity
    join lateral (
      select greatest(sum(l.quantity) filter (where r.status <> 'FAILED'), 1)::integer as refunded,
        coalesce(sum(l.amount) filter (where r.status <> 'FAILED'), 0) as amount
      from refund_lines l join refunds r on r.id = l.refund_id where l.order_item_id = i.id having count(*) > 0
    ) r on true
  loop
    perform guard(line.quantity >= line.refunded
        and line.quantity * (line.unit_price + coalesce(line.deposit, 0)) - line.discount >= line.amount,
      'NOTHING_LEFT_TO_REFUND', jsonb_build_object('product_id', line.product_id, 'quantity', line.refunded));
  end loop;
end $$;
