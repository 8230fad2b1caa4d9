-- Updates the lists when a product sells out, is back in stock or is new at a branch: rare among stock changes. Old and new rows
-- are compared by grouping, not by a join: a pooled connection caches the plan for one row, and with it a join of 10,000 rows takes
-- nine seconds.
create or replace function shelves_changed() returns trigger language plpgsql as $$
declare
  changed integer[];
begin
  if tg_op = 'INSERT' then
    changed := array(select distinct product_id from new_rows where on_hand > 0);
  -- What does not touch zero, as nearly every sale, is told from the rest in two short scans.
  elsif exists (select from new_rows where on_hand = 0) or exists (select from old_rows where on_hand = 0) then
    changed := array(
      select distinct product_id
      from (select id, product_id, on_hand > 0 as is_stocked from new_rows
            union select id, product_id, on_hand > 0 from old_rows) states
      group by id, product_id having count(*) > 1);
  end if;
  if changed <> '{}' then
    perform list_products(changed, false);
  end if;
  return null;
end $$;

create or replace trigger shelves_inserted after insert on inventory
  referencing new table as new_rows for each statement execute function shelves_changed();

create or replace trigger shelves_updated after update on inventory
  referencing old table as old_rows new table as new_rows for each statement execute function shelves_changed();
