-- Every word under which a text with this term is found: those of each reading of it and of what stands between apostrophes; of a run
-- without spaces each character and each pair. A word with its numbers in it is left out, because a query also asks for it with
-- them apart: a word of its own for each SKU would make the index slow for the letters that SKUs begin with.
create or replace function term_words(p_term text) returns setof text language sql immutable parallel safe as $$
  select word
  from (
    select unnest(array[letter, letter || lead(letter, 1, '') over (order by place)]) as word
      from unnest(string_to_array(p_term, null)) with ordinality letters (letter, place)
      where p_term ~ ('^[' || unspaced_letters() || ']')
    union all
    select unnest(string_to_array(array_to_string(term_readings(part), ' '), ' '))
      from (select p_term as part union all select regexp_split_to_table(p_term, '''+') where p_term ~ '''') parts
      where p_term !~ ('^[' || unspaced_letters() || ']')
  ) words
  where word <> '' and (word !~ '[0-9]' or numbers_apart(word) = word)
$$;
