-- Adds the words of synonyms to the vocabulary of typing errors: a mistyped synonym need not be a word of any product.
create or replace function learn_synonyms(p_ids integer[]) returns void language sql as $$
  insert into search_variants (variant, word)
    select variant, word
    from (
      select distinct word from search_synonyms s, unnest(s.phrases) phrase, unnest(search_words(phrase)) word
      where s.id = any (p_ids) and word !~ '[0-9]' and length(word) between 3 and 40
    ) words
    cross join lateral word_variants(word) variant
    order by variant, word
    on conflict do nothing
$$;
