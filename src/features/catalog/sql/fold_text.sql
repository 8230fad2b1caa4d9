-- A text as search compares it: lower case without accents and vowel points, ligatures and letters that accents do not explain
-- written out (œ, æ, ß, ø, đ), without invisible characters, and with a point in decimal numbers. Unfolded before it is put in lower
-- case, because unfolding brings capitals with it; the sign of a trade mark is no part of a word.
create or replace function fold_text(p_text text) returns text language sql immutable parallel safe as $$
  select regexp_replace(
    translate(
      replace(replace(replace(replace(
        regexp_replace(
          lower(normalize(translate(p_text, '™℠', '  '), nfkd)),
          '[\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u064b-\u065f\u00ad\u061c\u180e\u200b-\u200f\u2060-\u2064\ufe00-\ufe0f\ufeff]', '', 'g'),
        'œ', 'oe'), 'æ', 'ae'), 'ß', 'ss'), 'þ', 'th'),
      'øđłðħŧı', 'odldhti'),
    '([0-9]),(?=[0-9])', '\1.', 'g')
$$;
