-- An event when a product runs out at a branch (stock.out), and when there is some again (stock.in).
create or replace function stock_event() returns trigger language plpgsql as $$
begin
  insert into public.events (type, entity_type, entity_id, version, branch_id, data)
    values (case new.on_hand when 0 then 'stock.out' else 'stock.in' end, 'inventory', new.id, new.version, new.branch_id,
      jsonb_build_object('product_id', new.product_id, 'branch_id', new.branch_id, 'on_hand', new.on_hand));
  return null;
end $$;

create or replace trigger stock_event_insert after insert on inventory for each row
  when (new.on_hand > 0) execute function stock_event();
create or replace trigger stock_event_update after update on inventory for each row
  when ((old.on_hand = 0) <> (new.on_hand = 0)) execute function stock_event();
