-- What to look for when a text has no word but signs, in the place of `search_readings`: products that have all of them, wherever they
-- stand. Null when it has none.
create or replace function sign_readings(p_text text) returns tsquery[] language sql immutable as $$
  select case when count(*) > 0 then array_fill(string_agg(quoted_lexeme(sign), ' & ')::tsquery, array[6]) end
  from search_signs(p_text) sign
$$;
