-- A word and what is left of it without one of its letters: two words one mistake apart have one of these in common.
create or replace function word_variants(p_word text) returns setof text language sql immutable parallel safe as $$
  select p_word
  union
  select left(p_word, n - 1) || substr(p_word, n + 1) from generate_series(1, length(p_word)) n
$$;
