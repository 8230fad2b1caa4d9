-- A customer's claim about units of an own order, [{item_id, quantity, problem, note}]. The lock on the order ensures that no unit is
-- claimed twice. Approved automatically where the settings allow it; otherwise, or when too little is left to refund, it stays open for
-- a manager.
create or replace function make_claim(p_order_id integer, p_items jsonb, p_wanted text) returns void language plpgsql as $$
declare
  placed orders;
  shop settings;
  item record;
  worth numeric := 0;
  claimed integer;
  claim integer;
begin
  select * into placed from orders
    where id = p_order_id and user_id = current_actor() and placed_at is not null for update;
  perform guard(found, 'NOT_FOUND');
  select * into shop from settings;
  perform guard(placed.status = 'DELIVERED', 'INVALID_STATUS', jsonb_build_object('status', placed.status));
  perform guard(now() <= placed.delivered_at + make_interval(hours => shop.claim_hours), 'CLAIM_WINDOW_OVER',
    jsonb_build_object('claim_hours', shop.claim_hours));

  for item in
    select i.item_id, i.units, l.*, line.quantity as ordered, back.missing as missing_refunded
    from (
      select item_id, sum(quantity)::integer as units
      from jsonb_to_recordset(p_items) as i (item_id integer, quantity integer) group by item_id
    ) i
    left join order_items line on line.id = i.item_id
    left join lateral line_refundable(i.item_id) l on true
    left join lateral paid_back_units(line) back on true
    order by i.item_id
  loop
    perform guard(item.order_id is not distinct from p_order_id, 'NOT_FOUND');
    perform guard(item.units <= item.ordered, 'NOT_ORDERED',
      jsonb_build_object('item_id', item.item_id, 'quantity', item.ordered));
    select coalesce(sum(quantity), 0) into claimed from claim_items where order_item_id = item.item_id;
    perform guard(claimed + item.units <= item.ordered, 'ALREADY_CLAIMED',
      jsonb_build_object('item_id', item.item_id, 'quantity', item.ordered - claimed));
    -- Units refunded by staff count as well, unless they are the missing ones; of a missing line there are none.
    claimed := claimed - item.missing_refunded + (
      select coalesce(sum(l.quantity), 0)::integer from refund_lines l join refunds r on r.id = l.refund_id
      where l.order_item_id = item.item_id and r.reason = 'STAFF' and r.status <> 'FAILED');
    perform guard(claimed + item.units <= item.quantity, 'NOTHING_LEFT_TO_REFUND',
      jsonb_build_object('item_id', item.item_id, 'quantity', greatest(item.quantity - claimed, 0)));
    worth := worth + units_amount(item.paid, item.quantity, claimed, item.units);
  end loop;

  insert into claims (order_id, user_id, wanted, amount) values (p_order_id, current_actor(), p_wanted, worth)
    returning id into claim;
  insert into claim_items (claim_id, order_item_id, quantity, problem, note)
    select claim, i.item_id, i.quantity, i.problem, i.note
    from rows from (jsonb_to_recordset(p_items) as (item_id integer, quantity integer, problem text, note text))
      with ordinality as i (item_id, quantity, problem, note, position)
    order by i.position;
  if worth between 0.01 and shop.claim_auto_approve_under and is_trusted_claimant(current_actor())
      and worth <= (select total from refundable(p_order_id)) then
    perform settle_claim(claim, p_items, null, true);
  end if;
end $$;
