-- Allergens as bits, each word at its place in this list, which is that of `ALLERGENS` in src/db/schema/words.ts.
create or replace function allergen_bits(p_words text[]) returns integer language sql immutable parallel safe as $$
  select case when p_words = '{}' then 0 else coalesce((
    select bit_or(1 << (place - 1)::integer)
    from unnest('{gluten,crustaceans,eggs,fish,peanuts,soybeans,milk,nuts,celery,mustard,sesame,sulphites,lupin,molluscs}'::text[])
      with ordinality known (word, place)
    where word = any (p_words)), 0) end
$$;
