-- What to look for, from the closest reading of a text to the widest: every term as typed in name or SKU (1) or
-- anywhere (2), as the beginning of a word (3, 4), with one mistake or a missing space (5, 6). The last holds all that the others find.
-- Null when the text has no word.
create or replace function search_readings(p_text text) returns tsquery[] language plpgsql stable as $$
declare
  readings text[] := array_fill(null::text, array[3]);
  term text;
  synonyms text[];
  near_synonyms text[];
  typed text;
  begun text;
  mistyped text;
begin
  for term, synonyms, near_synonyms in select * from search_units(p_text) loop
    -- Of the words of one reading, a number and a single letter begin no longer word, unless the last of them is still being typed.
    select string_agg(r.typed, ' | '), string_agg(r.begun, ' | '), string_agg(r.mistyped, ' | ') into typed, begun, mistyped
    from unnest(case when synonyms = '{}' and term !~ ' ' then term_readings(term)
      else array(select phrase_reading from unnest(term || synonyms) phrase, phrase_readings(phrase) phrase_reading) end) reading
    cross join lateral (
      select string_agg(word || ':A', ' & ') as typed, string_agg(beginning, ' & ') as begun,
        string_agg('(' || beginning || near || ')', ' & ') as mistyped
      from (
        select quote_literal(w) as word,
          quote_literal(w) || case when w ~ '^([0-9.]+|.)$' and lead(w) over (order by n) is not null then ':A' else ':*A' end as beginning,
          concat((select string_agg(' | ' || quote_literal(c) || ':A', '') from search_corrections(w) c),
            (select string_agg(' | ' || s, '') from split_words(w) s)) as near
        from unnest(string_to_array(reading, ' ')) with ordinality words (w, n)
      ) words
    ) r;
    -- A mistyped synonym counts as a typing error.
    if near_synonyms <> '{}' then
      select mistyped || ' | ' || string_agg('(' || phrase || ')', ' | ') into mistyped from (
        select (select string_agg(quote_literal(w) || ':A', ' & ') from unnest(string_to_array(phrase_reading, ' ')) w) as phrase
        from unnest(near_synonyms) near_phrase, phrase_readings(near_phrase) phrase_reading) phrases;
    end if;
    readings := array[
      concat_ws(' & ', readings[1], '(' || typed || ')'),
      concat_ws(' & ', readings[2], '(' || begun || ')'),
      concat_ws(' & ', readings[3], '(' || mistyped || ')')];
  end loop;
  if readings[1] is null then
    return null;
  end if;
  -- No word holds the colon of a weight, so it can be taken away from the written query.
  return array(
    select asked::tsquery
    from unnest(readings) with ordinality r (reading, n)
    cross join lateral (values (1, reading), (2, replace(replace(reading, ':*A', ':*'), ':A', ''))) as places (place, asked)
    order by n, place);
end $$;
