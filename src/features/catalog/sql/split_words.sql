-- Two words of the catalogue that a typed word joins ("cocacola": coca, cola), as a part of a query on name and SKU. Looked up by
-- keys in the vocabulary of typing errors, so the index needs no joined words: `offset 0`
-- keeps PostgreSQL from joining, for which it would read all of the vocabulary.
create or replace function split_words(p_typed text) returns setof text language sql stable as $$
  select '(' || quote_literal(head) || ':A & ' || quote_literal(tail) || ':A)'
  from generate_series(3, length(p_typed) - 3) n
  cross join lateral (select left(p_typed, n) as head, substr(p_typed, n + 1) as tail) parts
  where length(p_typed) between 6 and 40
    and exists (select from search_variants v where v.variant = head and v.word = head offset 0)
    and exists (select from search_variants v where v.variant = tail and v.word = tail offset 0)
  limit 5
$$;
