-- Locks the inventory rows that the rows of a file mean, in the order in which every transaction locks them: by id.
create or replace function lock_import_shelves(p_rows import_row[]) returns void
  language plpgsql set plan_cache_mode = force_custom_plan as $$
begin
  perform from unnest(p_rows) r
    cross join lateral shelf_of(r.product_id, r.branch_id) shelf
    join inventory i on i.id = shelf.id
    where r.refusal is null order by i.id for no key update of i;
end $$;
