-- A text as names are compared: without invisible characters, white space collapsed, in one Unicode form, case folded. "Café" is
-- the same name whether its é is one character or two. Unique indexes and stored columns contain these keys, so changing this
-- function's results needs a migration that rebuilds them. Written in steps, because most texts need few of them.
create or replace function text_key(p_text text) returns text language plpgsql immutable strict parallel safe as $$
declare
  key text := p_text;
begin
  if octet_length(key) = length(key) then
    return lower(btrim(regexp_replace(key, '[\t-\r][\t-\r ]*| [\t-\r ]+', ' ', 'g')));
  end if;
  key := regexp_replace(key,
    '[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e0fff]',
    '', 'g');
  key := btrim(regexp_replace(key,
    '[\t-\r\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000][\t-\r\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000 ]*| [\t-\r\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000 ]+',
    ' ', 'g'));
  if key is not nfc normalized then
    key := normalize(key, nfc);
  end if;
  key := lower(upper(key collate "und-x-icu"));
  return case when key is nfc normalized then key else normalize(key, nfc) end;
end $$;
