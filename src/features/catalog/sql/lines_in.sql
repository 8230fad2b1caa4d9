-- Lines as JSON, [{product_id, name, …}], with their names in a language, as line_name. In PL/pgSQL, which keeps its plan.
create or replace function lines_in(p_lines jsonb, p_language text) returns jsonb language plpgsql stable as $$
begin
  return (
    select jsonb_agg(l.line || jsonb_build_object('name', line_name(l.line ->> 'name', p.name, p.translations, p_language)) order by l.place)
    from jsonb_array_elements(p_lines) with ordinality l (line, place)
    left join products p on p.id = (l.line ->> 'product_id')::integer);
end $$;
