-- Every word under which a text is found: those of each reading of its terms and of what stands between apostrophes; of a run
-- without spaces each character and each pair. A word with its numbers in it is left out, because a query also asks for it with
-- them apart: a word of its own for each SKU would make the index slow for the letters that SKUs begin with.
create or replace function search_words(p_text text) returns text[] language sql immutable parallel safe as $$
  select coalesce(array_agg(distinct word), '{}')
  from search_terms(p_text) term
  cross join lateral (
    select unnest(array[letter, letter || lead(letter, 1, '') over (order by place)]) as word
      from unnest(string_to_array(term, null)) with ordinality letters (letter, place)
      where term ~ ('^[' || unspaced_letters() || ']')
    union all
    select unnest(string_to_array(array_to_string(term_readings(part), ' '), ' '))
      from (select term as part union all select regexp_split_to_table(term, '''+') where term ~ '''') parts
      where term !~ ('^[' || unspaced_letters() || ']')
  ) words
  where word !~ '[0-9]' or numbers_apart(word) = word
$$;
