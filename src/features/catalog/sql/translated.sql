-- A text in a language, or as it is.
create or replace function translated(p_text text, p_translations jsonb, p_language text, p_field text) returns text
  language sql immutable parallel safe as $$
  select case when p_language is null then p_text else coalesce(p_translations -> p_language ->> p_field, p_text) end
$$;
