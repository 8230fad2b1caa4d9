-- Words with their numbers apart from their letters: "24x330ml" is "24 x 330 ml". A word in which they take turns more often is a
-- code and stays whole, for its pieces would find everything.
create or replace function numbers_apart(p_words text) returns text language sql immutable parallel safe as $$
  select string_agg(
    case when regexp_count(word, '[0-9](?=[[:alpha:]])|[[:alpha:]](?=[0-9])') between 1 and 3
      then regexp_replace(word, '([0-9])(?=[[:alpha:]])|([[:alpha:]])(?=[0-9])', '\1\2 ', 'g')
      else word end,
    ' ' order by place)
  from unnest(string_to_array(p_words, ' ')) with ordinality words (word, place)
$$;
