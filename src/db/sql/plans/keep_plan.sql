-- Prepares a query under a name, `kind_hash`, for the life of the connection, which keeps the 64 of each kind that it prepared last, fewer
-- of long ones: a plan takes some 120 bytes of memory for a character of its query.
create or replace function keep_plan(p_name text, p_types text, p_text text) returns void language plpgsql as $$
declare
  kind text := split_part(p_name, '_', 1);
  kept text;
begin
  for kept in
    select name
    from (
      select name, row_number() over later as place, sum(length(statement)) over later as characters
      from pg_prepared_statements where split_part(name, '_', 1) = kind
      window later as (order by prepare_time desc rows unbounded preceding)
    ) known
    where place > 63 or characters > 120000
  loop
    execute 'deallocate ' || kept;
  end loop;
  execute 'prepare ' || p_name || p_types || ' as ' || p_text;
end $$;
