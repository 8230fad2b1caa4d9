-- Ids of categories whose products are not on sale. Usually there are none, which an index without entries shows: PostgreSQL would
-- read a small table instead, for every list, product and purchase.
create or replace function hidden_category_ids() returns integer[] language plpgsql stable set enable_seqscan = off as $$
begin
  if exists (select from categories where not is_active) then
    return array(select hidden_categories());
  end if;
  return '{}';
end $$;
