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
  -- How a term, or what means the same, may stand in a text: words, separated by spaces.
  phrases text[];
  corrected text;
  split text;
  anywhere text[];
begin
  for term, synonyms, near_synonyms in select * from search_units(p_text) loop
    phrases := case when synonyms = '{}' and term !~ ' ' then term_readings(term)
      else array(select phrase_reading from unnest(term || synonyms) phrase, phrase_readings(phrase) phrase_reading) end;
    if cardinality(phrases) = 1 and phrases[1] !~ ' ' then
      -- As below, for one word, which most terms are, in a third of the time.
      typed := quote_literal(phrases[1]) || ':A';
      begun := words_begun(phrases[1]);
      -- What begins with the word is found by its beginning.
      corrected := (select string_agg(' | ' || quote_literal(c) || ':A', '') from search_corrections(phrases[1]) c
        where not starts_with(c, phrases[1]));
      -- Two words have six letters.
      split := case when length(phrases[1]) >= 6 then (select string_agg(' | ' || s, '') from split_words(phrases[1]) s) end;
      mistyped := concat('(', begun, corrected, split, ')');
    else
      -- Of the words of one reading, a number and a single letter begin no longer word, unless the last of them is still being typed.
      select string_agg(r.typed, ' | '), string_agg(r.begun, ' | '), string_agg(r.mistyped, ' | ') into typed, begun, mistyped
      from unnest(phrases) reading
      cross join lateral (
        select string_agg(word || ':A', ' & ') as typed, string_agg(beginning, ' & ') as begun,
          string_agg('(' || beginning || near || ')', ' & ') as mistyped
        from (
          select quote_literal(w) as word,
            case when w ~ '^([0-9.]+|.)$' and lead(w) over (order by n) is not null then quote_literal(w) || ':A'
              else words_begun(w) end as beginning,
            concat((select string_agg(' | ' || quote_literal(c) || ':A', '') from search_corrections(w) c where not starts_with(c, w)),
              (select string_agg(' | ' || s, '') from split_words(w) s)) as near
          from unnest(string_to_array(reading, ' ')) with ordinality words (w, n)
        ) words
      ) r;
    end if;
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
  anywhere := array[
    replace(replace(readings[1], ':*A', ':*'), ':A', ''),
    replace(replace(readings[2], ':*A', ':*'), ':A', ''),
    replace(replace(readings[3], ':*A', ':*'), ':A', '')];
  return array[
    readings[1]::tsquery, anywhere[1]::tsquery, readings[2]::tsquery, anywhere[2]::tsquery, readings[3]::tsquery, anywhere[3]::tsquery];
end $$;
