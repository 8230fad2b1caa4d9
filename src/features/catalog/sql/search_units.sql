-- What a text asks for: its terms, at most sixteen, where a word or phrase that has synonyms is one of them, with what means the same.
-- The longest phrase counts. A single term that is no synonym may be a mistyped one: `near_synonyms`.
create or replace function search_units(p_text text)
  returns table (term text, synonyms text[], near_synonyms text[]) language plpgsql stable as $$
#variable_conflict use_column
declare
  terms text[] := array(select t from search_terms(p_text) with ordinality terms (t, place) order by place limit 16);
  at integer := 1;
  reach integer;
  known boolean := exists (select from search_synonyms);
begin
  if not known then
    return query select distinct t, '{}'::text[], '{}'::text[] from unnest(terms) t;
    return;
  end if;
  while at <= cardinality(terms) loop
    reach := least(cardinality(terms) - at + 1, 6);
    loop
      term := array_to_string(terms[at : at + reach - 1], ' ');
      synonyms := array(
        select distinct phrase from search_synonyms s, unnest(s.phrases) phrase
        where s.phrases @> array[term] and phrase <> term order by phrase limit 40);
      exit when synonyms <> '{}' or reach = 1;
      reach := reach - 1;
    end loop;
    near_synonyms := case when synonyms <> '{}' then '{}' else array(
      select distinct phrase from search_corrections(term) meant
        join search_synonyms s on s.phrases @> array[meant], unnest(s.phrases) phrase
      where phrase <> meant order by phrase limit 40) end;
    return next;
    at := at + reach;
  end loop;
end $$;
