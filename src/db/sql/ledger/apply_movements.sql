-- Ledger, partitioned by month: inserting movements is the one way to change on-hand stock, so on hand always equals their sum. What open_shelves inserts
-- stands on the shelf already.
-- Owner's rights: the Worker's role may not update on_hand itself.
create or replace function apply_movements() returns trigger language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  update inventory i
    set on_hand = i.on_hand + moved.delta, updated_at = now()
    from (select inventory_id, sum(delta)::integer as delta from new_rows group by inventory_id) moved
    where i.id = moved.inventory_id and moved.delta <> 0;
  if exists (
    select from (select inventory_id from new_rows group by inventory_id having sum(delta) < 0) taken
    join inventory i on i.id = taken.inventory_id
    cross join lateral stock_of(i.id, i.on_hand) stock
    where i.on_hand < stock.held
  ) then
    raise exception using errcode = '23514', constraint = 'inventory_holds_fit', message = 'on hand would fall under what is held';
  end if;
  return null;
end $$;

create or replace trigger apply_movements after insert on stock_movements
  referencing new table as new_rows for each statement when (pg_trigger_depth() = 0) execute function apply_movements();
