-- Plans a change of an order that picking has not started, and holds what it adds: stock as far as it goes, and the place in another slot.
-- Nothing of the order changes. It lapses after p_minutes, and at the order's cut-off. p_branch_id is the delivery source. As in checkout, an
-- order's changes hold for p_renew_minutes from the first of them; one that is previewed after that holds nothing until p_pause_minutes
-- have passed, and is confirmed as far as stock and slot are free then.
create or replace function preview_amendment(p_user_id integer, p_order_id integer, p_version integer, p_lines jsonb, p_slot_id integer,
    p_date date, p_address text, p_postal_code text, p_branch_id integer, p_minutes integer, p_renew_minutes integer,
    p_pause_minutes integer, p_booking_days integer, p_time_zone text)
  returns table (amendment_id integer, total numeric, difference numeric, missing_items jsonb, expires_at timestamptz, products integer[])
  language plpgsql rows 1 as $$
#variable_conflict use_column
declare
  placed orders := amendment_guard(p_user_id, p_order_id);
  present order_amendments;
  area record;
  slot_date date;
  places_left integer;
  new_slot_id integer := coalesce(p_slot_id, placed.delivery_slot_id);
  new_date date := coalesce(p_date, case when new_slot_id = placed.delivery_slot_id then placed.delivery_date end);
  is_rebooked boolean := (new_slot_id, new_date) is distinct from (placed.delivery_slot_id, placed.delivery_date);
  is_moved boolean := is_rebooked or p_address is distinct from placed.delivery_address and p_address is not null;
  zone_id integer := placed.delivery_zone_id;
  fee numeric;
  minimum numeric;
  held_from timestamptz;
  freed integer[] := held_products(p_order_id);
  plan jsonb;
begin
  perform guard(p_version = placed.version, 'STALE_ORDER', jsonb_build_object('version', placed.version));
  select * into present from order_amendments a where a.order_id = p_order_id and a.status in ('OPEN', 'PAYING') for update;
  if found then
    -- One that can no longer be confirmed, or never could, is in nobody's way.
    perform guard(present.status = 'OPEN' and (present.expires_at <= now() or present.order_version <> placed.version
        or present.missing_items <> '[]'),
      'AMENDMENT_OPEN', jsonb_build_object('amendment_id', present.id, 'expires_at', present.expires_at));
    perform close_amendment(present.id, case when present.expires_at <= now() then 'LAPSED' else 'REPLACED' end);
  end if;
  perform guard(placed.fulfillment_type = 'DELIVERY' or coalesce(p_slot_id::text, p_date::text, p_address, p_postal_code) is null, 'NOT_A_DELIVERY');
  if p_address is not null then
    area := delivery_area(p_user_id, 'DELIVERY', p_branch_id, new_slot_id, p_address, null, p_postal_code);
    perform guard(area.is_covered and area.branch_id = placed.branch_id, 'OUT_OF_AREA', jsonb_build_object('postal_code', area.postal_code));
    zone_id := area.zone_id;
  end if;
  placed.cart_id := cart_of_order(placed);
  -- What a lapsed change held counts no more, and may still be there.
  delete from hold_lines h where h.cart_id = placed.cart_id and h.expires_at <= now();
  delete from slot_holds h where h.cart_id = placed.cart_id and h.expires_at <= now();
  perform from inventory v
    where v.branch_id = placed.branch_id and v.product_id in (
      select w.product_id from jsonb_to_recordset(p_lines) as w (product_id integer, quantity integer))
    order by v.id for no key update;
  if is_rebooked then
    perform from delivery_slots d where d.id = new_slot_id for no key update;
    select w.delivery_date, w.places_left into slot_date, places_left
      from slot_window(new_slot_id, placed.branch_id, new_date, placed.cart_id, p_booking_days, p_time_zone) w;
    perform guard(coalesce(places_left, 1) > 0, 'SLOT_FULL');
  end if;
  select coalesce((select d.fee from delivery_slots d where d.id = new_slot_id), z.fee), z.minimum into fee, minimum
    from (select 1) one left join delivery_zones z on z.id = zone_id;
  plan := plan_amendment(placed, p_lines, fee, is_moved);
  perform guard_refunded_units(p_order_id, plan);
  minimum := coalesce(minimum, (select s.minimum_order_total from settings s));
  perform guard((plan -> 'goods')::numeric >= least(placed.goods_total, minimum), 'BELOW_MINIMUM_ORDER', jsonb_build_object(
    'minimum_order_total', minimum::text, 'cart_total', plan ->> 'goods'));
  perform guard(is_moved or plan -> 'added' <> '[]' or exists (
      select from jsonb_to_recordset(plan -> 'kept') as k (item_id integer, quantity integer)
      join order_items i on i.id = k.item_id and i.quantity <> k.quantity), 'NOTHING_TO_AMEND');
  held_from := amendments_hold_from(p_order_id, p_pause_minutes);
  plan := plan || jsonb_build_object('is_held', now() < held_from + make_interval(mins => p_renew_minutes), 'address', p_address, 'zone_id', zone_id, 'slot', case when is_rebooked then jsonb_build_object(
    'id', new_slot_id, 'date', slot_date, 'booking_days', p_booking_days) end);

  expires_at := least(now() + make_interval(mins => p_minutes), order_closes_at(placed),
    case when (plan -> 'is_held')::boolean then held_from + make_interval(mins => p_renew_minutes) end);
  total := (plan -> 'total')::numeric;
  difference := total - placed.goods_total - placed.deposit_total - placed.delivery_fee;
  missing_items := plan -> 'missing';
  insert into order_amendments as a (order_id, order_version, plan, total, difference, missing_items, expires_at)
    values (p_order_id, (select o.version from orders o where o.id = p_order_id), plan, total, difference, missing_items, expires_at)
    returning a.id into amendment_id;
  if (plan -> 'is_held')::boolean then
    perform hold_amended(amendment_id, expires_at);
  end if;
  products := freed || array(select h.product_id from jsonb_to_recordset(plan -> 'added') as h (product_id integer));
  return next;
end $$;
