-- An event for each change of a line of a placed order: it changes the order, and so its version.
create or replace function order_item_event() returns trigger language plpgsql as $$
declare
  changed record;
begin
  update orders set version = version + 1 where id = new.order_id and placed_at is not null
    returning id, branch_id, version into changed;
  if not found then
    return null;
  end if;
  insert into public.events (type, entity_type, entity_id, version, order_id, branch_id, data)
    values ('order.item_changed', 'order', changed.id, changed.version, changed.id, changed.branch_id, jsonb_build_object(
      'item_id', new.id, 'product_id', new.product_id, 'name', new.name, 'quantity', new.quantity,
      'picked_status', new.picked_status, 'replacement_product_id', new.replacement_product_id,
      'replacement_name', new.replacement_name, 'replacement_unit_price', new.replacement_unit_price::text));
  return null;
end $$;

create or replace trigger order_item_event after update on order_items for each row
  when (old.* is distinct from new.*) execute function order_item_event();
