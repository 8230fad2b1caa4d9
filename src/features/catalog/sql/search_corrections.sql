-- Words of the catalogue that a typed word may have meant: none of them holds a digit, so a number is taken as typed, and one
-- digit among letters may be the mistake. Very short words are taken as typed.
create or replace function search_corrections(p_typed text) returns setof text language sql stable as $$
  select word from (
    select distinct v.word from search_variants v
    where p_typed !~ '[0-9].*[0-9]' and length(p_typed) between 3 and 40 and v.variant in (select word_variants(p_typed))
  ) near
  where greatest(length(word), length(p_typed)) >= 4 and word <> p_typed and is_one_mistake(p_typed, word)
  order by word limit 50
$$;
