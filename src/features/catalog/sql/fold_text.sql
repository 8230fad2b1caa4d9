-- A text as search compares it: as names are compared (`text_key`), without accents, vowel points and lengthened Arabic, with one
-- kind of apostrophe (a geresh and the gershayim inside a Hebrew word are apostrophes), one kind of hyphen and a point in decimal
-- numbers. Letters that accents do not explain lose their stroke. Letters that stand for two (œ, æ, ß, þ) stay one here, ß as ẟ
-- because text_key would write it out: `term_readings` knows both ways. The sign of a trade mark is no part of a word.
create or replace function fold_text(p_text text) returns text language plpgsql immutable parallel safe as $$
declare
  folded text := text_key(translate(p_text, '™℠ßẞ´', '  ẟẟ'''));
begin
  if octet_length(folded) > length(folded) then
    folded := regexp_replace(folded, '([א-ת])["״“”„″](?=[א-ת])', '\1''', 'g');
    folded := regexp_replace(lower(normalize(folded, nfkd)),
      '[\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u0640\u064b-\u065f\u0670\u30a0\u30fb]', '', 'g');
    folded := normalize(translate(folded, 'øđłðħŧıς×‐‒–—−־‘’‛ʹʻʼ′׳', 'odldhtiσx------'''''''''''''''''), nfc);
  end if;
  -- "1,000 g" is a thousand, "1,5 l" and "0,330 l" are decimals.
  folded := regexp_replace(translate(folded, '`', ''''), '(?<![0-9.,])([1-9][0-9]{0,2}),(?=[0-9]{3}(?![0-9]))', '\1', 'g');
  return regexp_replace(folded, '([0-9]),(?=[0-9])', '\1.', 'g');
end $$;
