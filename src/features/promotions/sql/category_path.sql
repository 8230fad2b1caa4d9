-- A category with all those above it.
create or replace function category_path(p_id integer) returns integer[] language plpgsql stable as $$
declare
  path integer[] := array[p_id];
  above integer := (select parent_id from categories where id = p_id);
begin
  while above is not null and above <> all (path) loop
    path := path || above;
    above := (select parent_id from categories where id = above);
  end loop;
  return path;
end $$;
