-- Changes a locked order as its amendment planned, in one transaction with the stock, the promotions and the money that follow from it.
-- `total_amount` rises by what an amendment adds, and never falls: what it takes away is `removed_amount`, which the customer does not pay.
-- Owner's rights: the Worker's role cannot change what was bought.
create or replace function apply_amendment(p_amendment_id integer) returns void
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  amendment order_amendments;
  placed orders;
  slot record;
  snapshot jsonb;
  was record;
  becomes record;
begin
  perform guard_amendment(p_amendment_id);
  select * into amendment from order_amendments where id = p_amendment_id and status in ('OPEN', 'PAYING');
  perform guard(found, 'AMENDMENT_CLOSED');
  select * into placed from orders where id = amendment.order_id;
  snapshot := amended_order(placed.id);
  select * into was from standard_part(placed.id);
  perform set_audit_action('order', 'AMEND');
  delete from hold_lines where cart_id = placed.cart_id;
  delete from slot_holds where cart_id = placed.cart_id;
  insert into stock_movements (inventory_id, delta, reason, note, order_id)
    select moved.id, moved.delta, case when moved.delta < 0 then 'SALE' else 'CANCEL' end, 'Amendment', placed.id
    from (
      select a.inventory_id as id, -a.units as delta from jsonb_to_recordset(amendment.plan -> 'added') as a (inventory_id integer, units integer)
      union all
      select v.id, sum(i.quantity - k.quantity)::integer
      from jsonb_to_recordset(amendment.plan -> 'kept') as k (item_id integer, quantity integer)
      join order_items i on i.id = k.item_id and i.quantity > k.quantity
      join inventory v on v.branch_id = placed.branch_id and v.product_id = i.product_id
      group by v.id
    ) moved order by moved.id;
  perform keep_receipt(placed.id);
  perform change_discounts(placed, amendment.plan);
  perform change_lines(placed, amendment.plan);
  if amendment.plan ->> 'slot' is not null then
    select (amendment.plan -> 'slot' ->> 'id')::integer as id, (amendment.plan -> 'slot' ->> 'date')::date as date,
        slot_starts_at((amendment.plan -> 'slot' ->> 'date')::date, d.start_time, placed.time_zone) as starts_at,
        slot_starts_at((amendment.plan -> 'slot' ->> 'date')::date, d.end_time, placed.time_zone) as ends_at into slot
      from delivery_slots d where d.id = (amendment.plan -> 'slot' ->> 'id')::integer;
    update orders set delivery_slot_id = slot.id, delivery_date = slot.date, window_start = slot.starts_at, window_end = slot.ends_at
      where id = placed.id;
  end if;
  update orders set
      goods_total = (amendment.plan -> 'goods')::numeric, deposit_total = (amendment.plan -> 'deposits')::numeric,
      delivery_fee = (amendment.plan -> 'fee')::numeric,
      total_amount = total_amount + greatest(amendment.difference, 0), removed_amount = removed_amount + greatest(-amendment.difference, 0),
      units_ordered = (select sum(i.quantity) from order_items i where i.order_id = placed.id),
      delivery_address = coalesce(amendment.plan ->> 'address', delivery_address),
      delivery_zone_id = (amendment.plan ->> 'zone_id')::integer, amended_at = clock_timestamp(), updated_at = now()
    where id = placed.id;
  select * into becomes from standard_part(placed.id);
  update order_amendments set status = 'CONFIRMED', confirmed_at = now(), before = snapshot, after = amended_order(placed.id),
      standard_change = becomes.standard - was.standard, deposit_change = becomes.deposit - was.deposit
    where id = p_amendment_id;
  perform settle_amended_money(p_amendment_id);
  perform tell_amended(p_amendment_id);
  perform set_audit_action('order', '');
end $$;
