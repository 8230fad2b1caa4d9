-- The words of a text: letters and digits of any script in lower case, without accents and vowel points; "3.8%" is one.
-- Folded before they are put in lower case, because folding brings capitals with it. The sign of a trade mark is no part of a word.
-- A word is cut at 255 letters: PostgreSQL refuses a lexeme of 2,047 bytes, and a letter may unfold into six.
create or replace function search_words(p_text text) returns text[] language sql immutable parallel safe as $$
  select coalesce(array_agg(distinct left(found[1], 255)), '{}')
  from regexp_matches(
    regexp_replace(lower(normalize(translate(p_text, '™℠', '  '), nfkd)), '[\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u064b-\u065f]', '', 'g'),
    '[0-9]+(?:[.,][0-9]+)*%?(?![[:alnum:]])|[[:alnum:]]+', 'g') found
$$;
