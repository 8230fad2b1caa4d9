-- What a product is called, in all languages: its words weigh more than those of descriptions.
create or replace function searched_name(p products) returns text language sql stable as $$
  select concat_ws(' ', p.name, p.brand, all_translations(p.translations, 'name'))
$$;
