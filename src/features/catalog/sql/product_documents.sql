-- The search words of products: those of name and SKU with weight A, those of the description with weight B, and the signs of all texts.
-- The words of a term are made once, however many products have it. A product without any is missing.
create or replace function product_documents(p_ids integer[]) returns table (product_id integer, document tsvector)
  language sql stable as $$
  with terms as materialized (
    select p.id, texts.weight, term
    from products p
    cross join lateral (values ('A', concat_ws(' ', searched_name(p), p.sku)), ('B', searched_description(p))) texts (weight, text)
    cross join lateral search_terms(texts.text) term
    where p.id = any (p_ids)
  ), words as materialized (
    select t.term, string_agg(quote_literal(word) || ':1A', ' ') as of_name, string_agg(quote_literal(word) || ':1B', ' ') as of_description
    from (select distinct term from terms) t cross join lateral term_words(t.term) word
    group by t.term
  )
  select p.id, string_agg(p.words, ' ')::tsvector
  from (
    select t.id, case t.weight when 'A' then w.of_name else w.of_description end as words
    from terms t join words w on w.term = t.term
    union all
    select p.id, quoted_lexeme(sign) || ':1B'
    from products p cross join lateral search_signs(concat_ws(' ', p.name, p.sku, p.brand, p.description, p.translated_texts)) sign
    where p.id = any (p_ids)
  ) p
  group by p.id
$$;
