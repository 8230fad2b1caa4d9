-- Adds the words of listed products to the vocabularies: those of beginnings, and of typing errors, numbers apart.
create or replace function learn_words(p_ids integer[]) returns void language sql as $$
  with words as materialized (
    select distinct word from product_search s, unnest(tsvector_to_array(s.document)) word
    where s.product_id = any (p_ids) and word !~ '^[0-9]' and length(word) >= 3
  ), learned as (
    insert into search_lexemes (word)
      select word from words
      where not exists (select from search_lexemes known where known.word collate "C" = words.word)
      order by word
      on conflict do nothing
  )
  insert into search_variants (variant, word)
    select variant, word
    from words
    cross join lateral word_variants(word) variant
    where word !~ '[0-9]' and length(word) <= 40
      and not exists (select from search_variants known where known.variant = words.word and known.word = words.word)
    order by variant, word
    on conflict do nothing
$$;
