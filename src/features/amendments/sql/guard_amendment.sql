-- Refuses a change of a locked order that can no longer be made, and locks what it needs: the order as it was planned for, what it adds
-- in stock, a place in its slot, and the customer's use of promotions. Asked before any money moves, and again when it has.
create or replace function guard_amendment(p_amendment_id integer) returns void language plpgsql as $$
declare
  amendment order_amendments;
  placed orders;
  slot record;
  missing jsonb;
begin
  select * into amendment from order_amendments where id = p_amendment_id;
  select * into placed from orders where id = amendment.order_id;
  perform guard(placed.status = 'CREATED', 'INVALID_STATUS', jsonb_build_object('status', placed.status));
  perform guard(amendment.order_version = placed.version, 'STALE_ORDER', jsonb_build_object('version', placed.version));
  perform guard_refunded_units(placed.id, amendment.plan);
  perform from inventory v
    where v.branch_id = placed.branch_id and v.product_id in (
      select a.product_id from jsonb_to_recordset(amendment.plan -> 'added') as a (product_id integer)
      union select i.product_id from order_items i where i.order_id = placed.id)
    order by v.id for no key update;
  select jsonb_agg(jsonb_build_object('product_id', a.product_id, 'requested_quantity', a.wanted,
      'available_quantity', a.wanted - a.units + coalesce(stock.free, 0)) order by a.product_id) into missing
    from jsonb_to_recordset(amendment.plan -> 'added') as a (product_id integer, inventory_id integer, units integer, wanted integer)
    left join inventory v on v.id = a.inventory_id
    left join lateral stock_of(v.id, v.on_hand, placed.cart_id) stock on true
    where coalesce(stock.free, 0) < a.units;
  missing := coalesce(missing, nullif(amendment.missing_items, '[]'));
  perform guard(missing is null, 'INSUFFICIENT_STOCK', jsonb_build_object('missing', missing));
  if amendment.plan ->> 'slot' is not null then
    perform from delivery_slots d where d.id = (amendment.plan -> 'slot' ->> 'id')::integer for no key update;
    select * into slot from slot_window((amendment.plan -> 'slot' ->> 'id')::integer, placed.branch_id,
      (amendment.plan -> 'slot' ->> 'date')::date, placed.cart_id, (amendment.plan -> 'slot' ->> 'booking_days')::integer, placed.time_zone);
    perform guard(coalesce(slot.places_left, 1) > 0, 'SLOT_FULL');
  end if;
  perform guard_promotion_limits(placed.user_id, placed.id, amendment.plan -> 'discounts');
end $$;
