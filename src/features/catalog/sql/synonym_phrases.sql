-- Words and phrases as a search compares them, each once: the terms of each, with one space between.
create or replace function synonym_phrases(p_words text[]) returns text[] language sql immutable parallel safe as $$
  select coalesce(array_agg(distinct phrase order by phrase), '{}')
  from unnest(p_words) word, lateral (select string_agg(term, ' ') as phrase from search_terms(word) term) terms
  where phrase is not null
$$;
