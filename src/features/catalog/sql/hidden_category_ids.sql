-- Categories that hide what stands in them: mostly none, which one look at a small table tells.
create or replace function hidden_category_ids() returns integer[] language plpgsql stable as $$
begin
  if exists (select from categories where not is_active) then
    return array(select hidden_categories());
  end if;
  return '{}';
end $$;
