-- Sets units_ordered in the update that places the order, which saves a second update.
create or replace function count_units() returns trigger language plpgsql as $$
begin
  new.units_ordered := (select coalesce(sum(quantity), 0) from order_items where order_id = new.id);
  return new;
end $$;

create or replace trigger count_units before update on orders for each row
  when (old.placed_at is null and new.placed_at is not null and new.units_ordered = 0) execute function count_units();
