-- Dietary labels as bits, each word at its place in this list, which is that of `DIETARY` in src/db/schema/words.ts.
create or replace function dietary_bits(p_words text[]) returns integer language sql immutable parallel safe as $$
  select case when p_words = '{}' then 0 else coalesce((
    select bit_or(1 << (place - 1)::integer)
    from unnest('{kosher-dairy,kosher-meat,parve,kosher-passover,vegan,vegetarian,gluten-free,lactose-free,sugar-free,halal}'::text[])
      with ordinality known (word, place)
    where word = any (p_words)), 0) end
$$;
