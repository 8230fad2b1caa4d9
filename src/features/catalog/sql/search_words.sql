-- Every word under which a text is found.
create or replace function search_words(p_text text) returns text[] language sql immutable parallel safe as $$
  select coalesce(array_agg(distinct word), '{}') from search_terms(p_text) term cross join lateral term_words(term) word
$$;
