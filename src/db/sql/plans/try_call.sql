-- Runs a query that answers one row as JSON, and answers a refusal as an array with what PostgreSQL says of it: the statement
-- succeeds, so Neon's proxy keeps its connection without a transaction around it. What the query did until then is rolled back, and
-- its locks are gone. The query takes its values from one array, `($1)[1]` and so on.
-- Not caught, so errors of the statement: 57014 (canceled, or statement_timeout), which would undo the cancelling; what ends the
-- connection; and deferred constraints, which are checked at the commit.
create or replace function try_call(p_text text, p_values text) returns json language plpgsql as $$
declare
  query text := 'call_' || to_hex(hashtextextended(p_text, 0));
  answer json;
  code text;
  message text;
  detail text;
  violated text;
  relation text;
begin
  loop
    begin
      if octet_length(p_values) > 20000 then
        -- A file that is imported: planned for it, rather than copied into the text of an `execute`.
        execute p_text into answer using p_values::text[];
      else
        execute 'execute ' || query || '(' || quote_literal(p_values) || ')' into answer;
      end if;
      return answer;
    exception
      when invalid_sql_statement_name then
        perform keep_plan(query, '(text[])', p_text);
      when others then
        get stacked diagnostics code = returned_sqlstate, message = message_text, detail = pg_exception_detail,
          violated = constraint_name, relation = table_name;
        return json_build_array(json_build_object('code', code, 'message', message, 'detail', nullif(detail, ''),
          'constraint', nullif(violated, ''), 'table', nullif(relation, '')));
    end;
  end loop;
end $$;
