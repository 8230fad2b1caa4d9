-- Adds a timeline event and a notification for each status change of a placed order; placing it is the first.
create or replace function order_status_changed() returns trigger language plpgsql as $$
declare
  happened timestamptz := now();
begin
  if old.placed_at is not null then
    happened := greatest(happened, (select max(at) from order_events where order_id = new.id and at >= old.placed_at));
  end if;
  insert into order_events (order_id, status, at) values (new.id, new.status, happened);
  insert into notifications (user_id, type, order_id, data)
    values (new.user_id, 'ORDER_STATUS', new.id,
            jsonb_build_object('status', new.status, 'order_number', new.order_number, 'fulfillment_type', new.fulfillment_type));
  return null;
end $$;

create or replace trigger order_status_changed after update on orders for each row
  when (new.placed_at is not null and (old.placed_at is null or old.status <> new.status))
  execute function order_status_changed();
