-- How a typed term may stand in a text: each reading is one or more words, all of which must be there. Joined ("cocacola"), at its
-- hyphens ("coca cola"), and with numbers apart from their units ("1.5 l"); an apostrophe or geresh separates nothing. A run without
-- spaces is read by pairs of its characters. A word is cut at 255 letters: PostgreSQL refuses a lexeme of 2,047 bytes, and a letter
-- may unfold into six.
create or replace function term_readings(p_term text) returns text[] language sql immutable parallel safe as $$
  select case
    when p_term ~ '^[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003134f]' then array[
      case when length(p_term) = 1 then p_term
        else (select string_agg(substr(p_term, n, 2), ' ' order by n) from generate_series(1, least(length(p_term), 64) - 1) n) end]
    else array(
      select left(reading, 255) from (
        select regexp_replace(p_term, '[''`´‘’ʼ′׳]+', '', 'g') as plain
      ) term
      cross join lateral (values
        (1, regexp_replace(plain, '[-‐‑]+', '', 'g')),
        (2, regexp_replace(plain, '[-‐‑]+', ' ', 'g')),
        (3, regexp_replace(regexp_replace(plain, '[-‐‑]+', ' ', 'g'), '(^| )([0-9]+(?:\.[0-9]+)*)([^0-9. %])', '\1\2 \3', 'g'))
      ) as readings (place, reading) group by reading order by min(place))
  end
$$;
