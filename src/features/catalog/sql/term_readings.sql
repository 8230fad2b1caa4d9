-- How a typed term may stand in a text: each reading is one or more words, all of which must be there. Joined ("cocacola"), at its
-- hyphens ("coca cola"), with numbers apart from letters ("24 x 330 ml"), and with one letter
-- where œ, æ, ß or þ stands for two, which is how a typing error counts them. An apostrophe separates nothing. A run without
-- spaces is read by pairs of its characters. A word is cut at 255 letters: PostgreSQL refuses a lexeme of 2,047 bytes.
create or replace function term_readings(p_term text) returns text[] language plpgsql immutable parallel safe as $$
declare
  plain text;
  spelled text;
  joined text;
  parted text;
  readings text[];
begin
  if p_term ~ '^[a-z]+$' then
    return array[left(p_term, 255)];
  end if;
  if p_term ~ ('^[' || unspaced_letters() || ']') then
    return array[case when length(p_term) = 1 then p_term else (
      select string_agg(substr(p_term, n, 2), ' ') from generate_series(1, least(length(p_term), 64) - 1) n) end];
  end if;
  plain := replace(p_term, '''', '');
  spelled := replace(replace(replace(replace(plain, 'œ', 'oe'), 'æ', 'ae'), 'ẟ', 'ss'), 'þ', 'th');
  joined := replace(spelled, '-', '');
  parted := regexp_replace(spelled, '-+', ' ', 'g');
  readings := array[joined];
  if parted <> joined then
    readings := readings || parted;
  end if;
  if joined ~ '[0-9]' then
    readings := readings || array(
      select distinct apart from unnest(readings) reading, numbers_apart(reading) apart where apart <> all (readings));
  end if;
  if spelled <> plain then
    readings := readings || translate(plain, 'œæẟþ-', 'oast');
  end if;
  if length(spelled) > 255 then
    readings := array(select regexp_replace(reading, '([^ ]{255})[^ ]+', '\1', 'g') from unnest(readings) reading);
  end if;
  return readings;
end $$;
