-- The signs of a text, each once: what is neither part of a word nor white space.
create or replace function search_signs(p_text text) returns setof text language sql immutable parallel safe as $$
  select distinct sign from string_to_table(regexp_replace(p_text, '[[:alnum:][:space:]]+', '', 'g'), null) sign
$$;
