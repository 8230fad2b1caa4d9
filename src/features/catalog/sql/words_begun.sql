-- The words of names that begin with this one, as a part of a query. Each by itself if they are few: that takes less time than a
-- beginning. Those of numbers and of single letters are no part of the vocabulary.
create or replace function words_begun(p_word text) returns text language sql stable as $$
  select case when p_word ~ '^[0-9]' or length(p_word) < 2 or count(*) > 2 then quote_literal(p_word) || ':*A'
    else concat('(', quote_literal(p_word), ':A', string_agg(' | ' || quote_literal(word) || ':A', ''), ')') end
  from (
    select l.word from search_lexemes l
    where l.word collate "C" > p_word and l.word collate "C" < p_word || chr(1114111) order by l.word collate "C" limit 3
  ) longer
$$;
