-- What to look for, from the closest reading of a text to the widest: every term as typed in name or SKU (1) or
-- anywhere (2), as the beginning of a word (3, 4), with one mistake (5, 6). The last holds all that the others find.
-- Null when the text has no word.
create or replace function search_readings(p_text text) returns tsquery[] language plpgsql stable as $$
declare
  readings text[] := array_fill(null::text, array[6]);
  term text;
  forms text;
  near_in_name text;
  near text;
begin
  for term in select distinct t from search_terms(p_text) t limit 16 loop
    -- Each word of each form is quoted and followed by a #, which stands for what is asked of it; no word holds that sign.
    forms := (
      select string_agg((select string_agg(quote_literal(word) || '#', ' & ') from unnest(string_to_array(form, ' ')) word), ' | ')
      from unnest(term_readings(term)) form);
    select string_agg(' | ' || quote_literal(c) || ':A', ''), string_agg(' | ' || quote_literal(c), '') into near_in_name, near
      from search_corrections((term_readings(term))[1]) c;
    readings := array[
      concat_ws(' & ', readings[1], '(' || replace(forms, '#', ':A') || ')'),
      concat_ws(' & ', readings[2], '(' || replace(forms, '#', '') || ')'),
      concat_ws(' & ', readings[3], '(' || replace(forms, '#', ':*A') || ')'),
      concat_ws(' & ', readings[4], '(' || replace(forms, '#', ':*') || ')'),
      concat_ws(' & ', readings[5], '(' || replace(forms, '#', ':*A') || coalesce(near_in_name, '') || ')'),
      concat_ws(' & ', readings[6], '(' || replace(forms, '#', ':*') || coalesce(near, '') || ')')];
  end loop;
  return case when readings[1] is not null then readings::tsquery[] end;
end $$;
