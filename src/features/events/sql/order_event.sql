-- An event for each change of a placed order; placing it is the first. An order that is not placed exists for nobody.
create or replace function order_event() returns trigger language plpgsql as $$
declare
  kind text := case when old.placed_at is null then 'order.created' when old.status <> new.status then 'order.status_changed' end;
begin
  if kind is null then
    if to_jsonb(old) - '{updated_at,units_ordered,version}'::text[] = to_jsonb(new) - '{updated_at,units_ordered,version}'::text[] then
      return null;
    end if;
    kind := case when old.amended_at is distinct from new.amended_at then 'order.amended' else 'order.updated' end;
  end if;
  insert into public.events (type, entity_type, entity_id, version, order_id, branch_id, data)
    values (kind, 'order', new.id, new.version, new.id, new.branch_id, jsonb_build_object(
      'order_number', new.order_number, 'status', new.status,
      'previous_status', case when kind <> 'order.created' then old.status end,
      'fulfillment_type', new.fulfillment_type, 'branch_id', new.branch_id, 'total_amount', new.total_amount::text,
      'currency', new.currency));
  return null;
end $$;

create or replace trigger order_event after update on orders for each row
  when (new.placed_at is not null) execute function order_event();
