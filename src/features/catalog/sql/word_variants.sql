-- A word and its variants with one letter removed: two words one mistake apart share one of them.
create or replace function word_variants(p_word text) returns setof text language sql immutable parallel safe as $$
  select p_word
  union
  select left(p_word, n - 1) || substr(p_word, n + 1) from generate_series(1, length(p_word)) n
$$;
