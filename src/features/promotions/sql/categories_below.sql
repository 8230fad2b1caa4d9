-- These categories with all their subcategories; null for null.
create or replace function categories_below(p_ids integer[]) returns integer[] language plpgsql stable as $$
begin
  if p_ids is null then
    return null;
  end if;
  return array(
    with recursive below as (
      select unnest(p_ids) as id
      union
      select c.id from categories c join below on c.parent_id = below.id
    )
    select id from below);
end $$;
