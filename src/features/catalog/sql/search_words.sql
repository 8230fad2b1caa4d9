-- Every word under which a text is found: those of each reading of its terms, what stands between apostrophes, and each character of
-- a run without spaces.
create or replace function search_words(p_text text) returns text[] language sql immutable parallel safe as $$
  select coalesce(array_agg(distinct word), '{}')
  from search_terms(p_text) term
  cross join lateral (
    select unnest(string_to_array(array_to_string(term_readings(term), ' '), ' ')) as word
    union all
    select left(part, 255) from regexp_split_to_table(term, '[-''`´‘’ʼ′׳‐‑]+') part where term ~ '[''`´‘’ʼ′׳]'
    union all
    select unnest(string_to_array(left(term, 255), null))
      where term ~ '^[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003134f]'
  ) words
  where word <> ''
$$;
