-- Runs a query that answers one JSON value, with a plan that is kept for the life of the connection under a hash of its text:
-- Neon's protocol sends every statement as text, and PostgreSQL would plan it each time. The plan fits any values.
create or replace function read_planned(p_text text, p_values text[]) returns json language plpgsql
  set plan_cache_mode = force_generic_plan as $$
declare
  query text := 'read_' || to_hex(hashtextextended(p_text, 0));
  literals text := '';
  value text;
  answer json;
begin
  foreach value in array p_values loop
    literals := literals || ',' || quote_nullable(value);
  end loop;
  if literals <> '' then
    literals := '(' || substr(literals, 2) || ')';
  end if;
  begin
    execute 'execute ' || query || literals into answer;
  exception when invalid_sql_statement_name then
    perform keep_plan(query, '', p_text);
    execute 'execute ' || query || literals into answer;
  end;
  return answer;
end $$;
