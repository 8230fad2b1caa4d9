-- How a product is described, in all languages.
create or replace function searched_description(p products) returns text language sql stable as $$
  select concat_ws(' ', p.description, all_translations(p.translations, 'description'))
$$;
