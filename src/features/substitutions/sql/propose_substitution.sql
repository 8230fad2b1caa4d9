-- Offers the customer another product for a line of an order, and holds its stock until the customer answers. The first one starts picking.
-- Returns the proposal's id.
create or replace function propose_substitution(p_order_id integer, p_item_id integer, p_product_id integer, p_quantity integer)
  returns integer language plpgsql as $$
declare
  placed orders;
  line order_items;
  other products;
  units integer;
  until timestamptz;
  available integer;
  made integer;
begin
  select * into placed from orders where id = p_order_id and placed_at is not null and sees_branch(branch_id) for update;
  perform guard(found, 'NOT_FOUND');
  perform settle_proposals(p_order_id);
  select * into line from order_items where id = p_item_id and order_id = p_order_id;
  perform guard(found, 'NOT_FOUND');
  select * into other from products where id = p_product_id;
  perform guard(found, 'PRODUCT_NOT_FOUND');
  perform guard(other.is_active and other.category_id <> all (hidden_category_ids()), 'PRODUCT_INACTIVE');
  perform guard(other.id <> line.product_id, 'UNPROCESSABLE', jsonb_build_object('product_id', other.id));
  units := coalesce(p_quantity, line.quantity);
  perform guard(units <= line.quantity, 'NOT_ORDERED', jsonb_build_object('item_id', line.id, 'quantity', line.quantity));
  perform guard(placed.status in ('CREATED', 'IN_PROGRESS'), 'INVALID_STATUS', jsonb_build_object('status', placed.status));
  perform guard(line.picked_status in ('PENDING', 'MISSING'), 'INVALID_STATUS', jsonb_build_object('picked_status', line.picked_status));
  perform guard(line.substitution_policy <> 'NONE', 'SUBSTITUTION_REFUSED');
  perform guard(not exists (select from substitution_proposals where order_item_id = line.id and status = 'OPEN'), 'PROPOSAL_PENDING');
  until := least(now() + make_interval(mins => (select proposal_minutes from settings)), placed.window_start);
  perform guard(until > now(), 'PROPOSAL_CLOSED');
  perform cart_of_order(placed);
  select stock.free into available
    from (select * from inventory v where v.branch_id = placed.branch_id and v.product_id = other.id for no key update) v
    cross join lateral stock_of(v.id, v.on_hand) stock;
  perform guard(coalesce(available, 0) >= units, 'INSUFFICIENT_STOCK', jsonb_build_object('missing', jsonb_build_array(jsonb_build_object(
    'product_id', other.id, 'requested_quantity', units, 'available_quantity', coalesce(available, 0)))));
  insert into substitution_proposals (order_id, order_item_id, product_id, quantity, unit_price, expires_at, created_by)
    values (p_order_id, line.id, other.id, units, least(line.unit_price, other.price), until, current_actor()) returning id into made;
  perform hold_proposals(p_order_id, other.id);
  update order_items set picked_status = 'PENDING', picked_by = null, picked_at = null where id = line.id and picked_status = 'MISSING';
  update orders set status = 'IN_PROGRESS', updated_at = now() where id = p_order_id;
  insert into notifications (user_id, type, order_id, data)
    values (placed.user_id, 'PROPOSAL', p_order_id, jsonb_build_object('order_number', placed.order_number, 'product_name', line.name,
      'replacement_name', other.name, 'quantity', units));
  return made;
end $$;
