-- Records the result of picking a line, and returns the products whose stock that changed or may have freed. A replacement moves stock; picking again
-- first reverts the earlier one. Without p_quantity, all units of the line. p_as_of is when the line was picked.
create or replace function pick_line(p_order_id integer, p_item_id integer, p_status text, p_replacement_id integer, p_quantity integer,
    p_grams integer, p_reason text, p_override_reason text, p_as_of timestamptz default now())
  returns integer[] language plpgsql as $$
declare
  line order_items;
  other products;
  units integer;
  permitted integer;
  price numeric;
  status text;
  freed integer[];
  products integer[];
begin
  select o.status into status from orders o where o.id = p_order_id and o.placed_at is not null and sees_branch(o.branch_id) for update;
  perform guard(found, 'NOT_FOUND');
  freed := held_products(p_order_id);
  select * into line from order_items where id = p_item_id and order_id = p_order_id;
  perform guard(found, 'NOT_FOUND');
  if p_replacement_id is not null then
    select * into other from products p where p.id = p_replacement_id;
    perform guard(found, 'PRODUCT_NOT_FOUND');
    perform guard(other.is_active and other.category_id <> all (hidden_category_ids()), 'PRODUCT_INACTIVE');
    perform guard(other.id <> line.product_id, 'UNPROCESSABLE', jsonb_build_object('product_id', other.id));
  end if;
  perform settle_proposals(p_order_id);
  -- Staff pick an order in progress. What its customer approves, which is in this transaction, counts also while it waits.
  perform guard(status in ('CREATED', 'IN_PROGRESS') or status in ('MISSING', 'DELAYED') and exists (
      select from substitution_proposals p where p.order_item_id = line.id and p.status = 'APPROVED' and p.answered_at = now()),
    'INVALID_STATUS', jsonb_build_object('status', status));
  permitted := line.quantity;
  units := coalesce(p_quantity, permitted);
  if p_replacement_id is not null then
    permitted := guard_substitution(line, p_replacement_id);
    units := coalesce(p_quantity, permitted);
    -- What the customer agreed to counts each time the line is recorded, weighed or not.
    price := least(line.unit_price, other.price, (
      select p.unit_price from substitution_proposals p
      where p.order_item_id = line.id and p.product_id = other.id and p.status = 'APPROVED' order by p.id desc limit 1));
  end if;
  perform guard(units > 0, 'USE_MISSING');
  perform guard(units <= permitted, 'NOT_ORDERED', jsonb_build_object('item_id', line.id, 'quantity', permitted));
  perform withdraw_proposals(p_order_id, p_item_id);
  if p_grams is not null then
    perform guard_weight(p_grams, units, case when p_replacement_id is null then line.nominal_grams else other.nominal_grams end,
      case when p_replacement_id is null then line.weight_tolerance_percent else other.weight_tolerance_percent end, p_override_reason);
  end if;
  perform from inventory v
    where v.id in (select inventory_id from pick_shelves(p_item_id, p_replacement_id, units)) order by v.id for update;
  products := array(select product_id from pick_shelves(p_item_id, p_replacement_id, units));
  -- A trigger refuses to take units that are held by customers in checkout.
  if exists (
    select from pick_shelves(p_item_id, p_replacement_id, units) change left join inventory v on v.id = change.inventory_id
    where coalesce(v.on_hand, 0) + change.delta < 0
  ) then
    perform guard(false, 'INSUFFICIENT_STOCK', jsonb_build_object('missing', jsonb_agg(jsonb_build_object(
        'product_id', change.product_id, 'requested_quantity', -change.delta, 'available_quantity', coalesce(stock.free, 0)))))
      from pick_shelves(p_item_id, p_replacement_id, units) change
      left join inventory v on v.id = change.inventory_id
      left join lateral stock_of(v.id, v.on_hand) stock on true
      where coalesce(v.on_hand, 0) + change.delta < 0;
  end if;
  insert into stock_movements (inventory_id, delta, reason, note, order_id)
    select inventory_id, delta, reason, p_reason, p_order_id from pick_shelves(p_item_id, p_replacement_id, units) order by inventory_id;
  if p_replacement_id is distinct from line.replacement_product_id and p_replacement_id is not null then
    insert into notifications (user_id, type, order_id, data)
      select o.user_id, 'REPLACEMENT', o.id, jsonb_build_object(
        'order_number', o.order_number, 'product_name', line.name, 'replacement_name', other.name, 'quantity', units,
        'refund_amount', ((line.unit_price - price
          + coalesce(line.deposit, 0) - least(coalesce(line.deposit, 0), coalesce(other.deposit, 0))) * units)::text,
        'currency', o.currency)
      from orders o where o.id = p_order_id;
  end if;
  update order_items set
      picked_status = p_status,
      picked_quantity = case when p_status in ('PICKED', 'REPLACED') then units end,
      picked_grams = case when p_status in ('PICKED', 'REPLACED') then p_grams end,
      override_reason = case when p_grams is not null then p_override_reason end,
      picked_as_of = p_as_of,
      picked_reason = p_reason,
      picked_by = case when p_status <> 'PENDING' then current_actor() end,
      picked_at = case when p_status <> 'PENDING' then p_as_of end,
      replacement_product_id = other.id,
      replacement_name = other.name,
      replacement_unit_price = price,
      replacement_sku = other.sku,
      replacement_tax_class = other.tax_class,
      replacement_deposit = case when other.id is not null then least(coalesce(line.deposit, 0), coalesce(other.deposit, 0)) end,
      replacement_price_per_kg = case other.sold_by when 'WEIGHT' then other.price_per_kg end,
      replacement_nominal_grams = case other.sold_by when 'WEIGHT' then other.nominal_grams end,
      replacement_tolerance_percent = case other.sold_by when 'WEIGHT' then other.weight_tolerance_percent end
    where id = p_item_id;
  -- The first recorded line starts picking.
  update orders o set status = case o.status when 'CREATED' then 'IN_PROGRESS' else o.status end, updated_at = now() where o.id = p_order_id;
  return products || freed;
end $$;
