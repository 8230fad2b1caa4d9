-- All texts of the translations of a product, for the search that matches signs. Null without translations.
create or replace function translated_texts(p_translations jsonb) returns text language sql immutable parallel safe as $$
  select case when p_translations <> '{}' then (
    select string_agg(texts.text, ' ')
    from jsonb_each(p_translations) language (name, fields), jsonb_each_text(language.fields) texts (field, text)) end
$$;

comment on function translated_texts is 'nullable: translated_texts';
