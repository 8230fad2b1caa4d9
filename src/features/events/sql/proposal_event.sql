-- An event for each proposal of another product, and for its answer: it changes the order, and so its version.
create or replace function proposal_event() returns trigger language plpgsql as $$
declare
  changed record;
begin
  update orders set version = version + 1 where id = new.order_id and placed_at is not null
    returning id, branch_id, version into changed;
  if not found then
    return null;
  end if;
  insert into public.events (type, entity_type, entity_id, version, order_id, branch_id, data)
    values ('order.proposal_changed', 'order', changed.id, changed.version, changed.id, changed.branch_id, jsonb_build_object(
      'item_id', new.order_item_id, 'proposal_id', new.id, 'status', new.status, 'product_id', new.product_id, 'quantity', new.quantity));
  return null;
end $$;

create or replace trigger proposal_event_insert after insert on substitution_proposals for each row execute function proposal_event();
create or replace trigger proposal_event_update after update on substitution_proposals for each row
  when (old.status <> new.status) execute function proposal_event();
