-- A field in all languages, for the search. Null when there is none.
create or replace function all_translations(p_translations jsonb, p_field text) returns text language sql immutable parallel safe as $$
  select case when p_translations <> '{}' then (
    select string_agg(language.texts ->> p_field, ' ') from jsonb_each(p_translations) language (name, texts)) end
$$;
