-- Adds the words of listed products to the vocabulary of typing errors, numbers apart.
create or replace function learn_words(p_ids integer[]) returns void language sql as $$
  insert into search_variants (variant, word)
    select variant, word
    from (
      select distinct word from product_search s, unnest(tsvector_to_array(s.document)) word
      where s.product_id = any (p_ids) and s.is_active and word !~ '[0-9]' and length(word) between 3 and 40
    ) words
    cross join lateral word_variants(word) variant
    where not exists (select from search_variants known where known.variant = words.word and known.word = words.word)
    order by variant, word
    on conflict do nothing
$$;
