-- The search words of a product: those of name and SKU with weight A, those of the description with weight B.
create or replace function product_document(p_name text, p_sku text, p_description text) returns tsvector
  language sql immutable parallel safe as $$
  select coalesce(string_agg(quote_literal(word) || ':1' || weight, ' '), '')::tsvector
  from (
    select word, 'A' as weight from unnest(search_words(concat_ws(' ', p_name, p_sku))) word
    union all
    select word, 'B' from unnest(search_words(p_description)) word
  ) words
$$;
