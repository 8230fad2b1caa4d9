-- What to look for, from the closest reading of a text to the widest: every word as typed in name or SKU (1) or
-- anywhere (2), as the beginning of a word (3, 4), with one mistake (5, 6). The last holds all that the others find.
-- Null when the text has no word.
create or replace function search_readings(p_text text) returns tsquery[] language sql stable as $$
  select array[
      string_agg(typed || ':A', ' & '), string_agg(typed, ' & '),
      string_agg(typed || ':*A', ' & '), string_agg(typed || ':*', ' & '),
      string_agg(format('(%s)', concat_ws(' | ', typed || ':*A', corrected_in_name)), ' & '),
      string_agg(format('(%s)', concat_ws(' | ', typed || ':*', corrected)), ' & ')
    ]::tsquery[]
  from (select word, quote_literal(word) as typed from unnest(search_words(p_text)) word limit 16) words
  cross join lateral (
    select string_agg(quote_literal(c) || ':A', ' | ') as corrected_in_name, string_agg(quote_literal(c), ' | ') as corrected
    from search_corrections(word) c
  ) corrections
  having count(*) > 0
$$;
