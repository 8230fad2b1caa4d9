-- Ledger: an inventory row that is inserted with stock writes the movement that its stock is the sum of.
create or replace function open_shelves() returns trigger language plpgsql as $$
begin
  if exists (select from new_rows where on_hand > 0) then
    insert into stock_movements (inventory_id, delta, reason)
      select n.id, n.on_hand,
          case current_setting('app.action_inventory', true) when 'BULK_IMPORT' then 'BULK_IMPORT' else 'INITIAL' end
        from new_rows n where n.on_hand > 0 order by n.id;
  end if;
  return null;
end $$;

create or replace trigger open_shelves after insert on inventory
  referencing new table as new_rows for each statement execute function open_shelves();
