-- A sign as PostgreSQL reads it in a tsvector and in a tsquery.
create or replace function quoted_lexeme(p_sign text) returns text language sql immutable parallel safe as $$
  select '''' || replace(replace(p_sign, '\', '\\'), '''', '''''') || ''''
$$;
