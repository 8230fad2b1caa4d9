-- Lines inserted after their order was placed or delivered come from a data import: they are counted immediately.
create or replace function lines_ordered() returns trigger language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if not exists (select from new_rows n join orders o on o.id = n.order_id where o.placed_at is not null) then
    return null;
  end if;
  update orders o set units_ordered = o.units_ordered + added.units
    from (select order_id, sum(quantity) as units from new_rows group by order_id) added
    where o.id = added.order_id and o.placed_at is not null;
  if exists (select from new_rows n join orders o on o.id = n.order_id where o.status = 'DELIVERED') then
    perform add_sales(array(select id from new_rows));
  end if;
  return null;
end $$;

create or replace trigger lines_ordered after insert on order_items
  referencing new table as new_rows for each statement execute function lines_ordered();
