-- The words of a text: letters and digits of any script in lower case, without accents and vowel points; "3.8%" is one.
create function search_words(p_text text) returns text[] language sql immutable parallel safe as $$
  select coalesce(array_agg(distinct found[1]), '{}')
  from regexp_matches(
    regexp_replace(normalize(lower(p_text), nfkd), '[\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u064b-\u065f]', '', 'g'),
    '[0-9]+(?:[.,][0-9]+)*%?(?![[:alnum:]])|[[:alnum:]]+', 'g') found
$$;
--> statement-breakpoint

-- A word and what is left of it without one of its letters: two words one mistake apart have one of these in common.
create function word_variants(p_word text) returns setof text language sql immutable parallel safe as $$
  select p_word
  union
  select left(p_word, n - 1) || substr(p_word, n + 1) from generate_series(1, length(p_word)) n
$$;
--> statement-breakpoint

-- Whether one letter wrong, missing, extra, or two neighbours swapped makes one word of the other.
create function is_one_mistake(p_typed text, p_word text) returns boolean language plpgsql immutable parallel safe as $$
declare
  same integer := 0;
  typed text;
  meant text;
begin
  while same < least(length(p_typed), length(p_word)) and substr(p_typed, same + 1, 1) = substr(p_word, same + 1, 1) loop
    same := same + 1;
  end loop;
  typed := substr(p_typed, same + 1);
  meant := substr(p_word, same + 1);
  return substr(typed, 2) = substr(meant, 2)
    or substr(typed, 2) = meant
    or typed = substr(meant, 2)
    or (left(typed, 2) = reverse(left(meant, 2)) and substr(typed, 3) = substr(meant, 3));
end $$;
--> statement-breakpoint

-- Words of the catalogue that a typed word may have meant. Words with digits and very short ones are taken as typed.
create function search_corrections(p_typed text) returns setof text language sql stable as $$
  select word from (
    select distinct v.word from search_variants v
    where p_typed !~ '[0-9]' and length(p_typed) between 3 and 40 and v.variant in (select word_variants(p_typed))
  ) near
  where greatest(length(word), length(p_typed)) >= 4 and word <> p_typed and is_one_mistake(p_typed, word)
  order by word limit 50
$$;
--> statement-breakpoint

-- What to look for, from the closest reading of a text to the widest: every word as typed in name or SKU (1) or
-- anywhere (2), as the beginning of a word (3, 4), with one mistake (5, 6). The last holds all that the others find.
-- Null when the text has no word.
create function search_readings(p_text text) returns tsquery[] language sql stable as $$
  select array[
      string_agg(typed || ':A', ' & '), string_agg(typed, ' & '),
      string_agg(typed || ':*A', ' & '), string_agg(typed || ':*', ' & '),
      string_agg(format('(%s)', concat_ws(' | ', typed || ':*A', corrected_in_name)), ' & '),
      string_agg(format('(%s)', concat_ws(' | ', typed || ':*', corrected)), ' & ')
    ]::tsquery[]
  from (select word, quote_literal(word) as typed from unnest(search_words(p_text)) word limit 16) words
  cross join lateral (
    select string_agg(quote_literal(c) || ':A', ' | ') as corrected_in_name, string_agg(quote_literal(c), ' | ') as corrected
    from search_corrections(word) c
  ) corrections
  having count(*) > 0
$$;
--> statement-breakpoint

-- The categories under one, itself included, that customers see; all of them without one. Empty when it is hidden itself.
create function visible_categories(p_root integer default null) returns setof integer language sql stable as $$
  with recursive tree as (
    select id from categories where p_root is null and parent_id is null or id = p_root
    union
    select c.id from categories c join tree on c.parent_id = tree.id
  )
  select id from tree where id not in (select hidden_categories())
$$;
--> statement-breakpoint

create function index_products(p_ids integer[]) returns void language plpgsql as $$
begin
  delete from product_search s using products p
    where s.product_id = any (p_ids) and p.id = s.product_id and not p.is_active;
  insert into product_search (product_id, category_id, title, sku, document)
    select p.id, p.category_id, lower(p.name), lower(p.sku), (
        select coalesce(string_agg(quote_literal(word) || ':1' || weight, ' '), '')
        from (
          select word, 'A' as weight from unnest(search_words(concat_ws(' ', p.name, p.sku))) word
          union all
          select word, 'B' from unnest(search_words(p.description)) word
        ) words
      )::tsvector
    from products p where p.id = any (p_ids) and p.is_active
    on conflict (product_id) do update
      set category_id = excluded.category_id, title = excluded.title, sku = excluded.sku, document = excluded.document;
  insert into search_variants (variant, word)
    select variant, word
    from (
      select distinct word from products p, unnest(search_words(concat_ws(' ', p.name, p.sku, p.description))) word
      where p.id = any (p_ids) and p.is_active and word !~ '[0-9]' and length(word) between 3 and 40
    ) words
    cross join lateral word_variants(word) variant
    where not exists (select from search_variants known where known.variant = words.word and known.word = words.word)
    order by variant, word
    on conflict do nothing;
end $$;
--> statement-breakpoint

-- Keeps search and counts in step with the products.
create function products_changed() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    perform index_products(array(select id from new_rows));
    insert into product_counts as c (category_id, is_organic, on_sale, products)
      select category_id, is_organic, coalesce(old_price > price, false), count(*)
      from new_rows where is_active group by 1, 2, 3 order by 1, 2, 3
      on conflict (category_id, is_organic, on_sale) do update set products = c.products + excluded.products;
    return null;
  end if;
  perform index_products(changed.ids) from (
    select array_agg(n.id) as ids from new_rows n join old_rows o on o.id = n.id
    where (n.name, n.sku, n.description, n.category_id, n.is_active)
      is distinct from (o.name, o.sku, o.description, o.category_id, o.is_active)
  ) changed where changed.ids is not null;
  insert into product_counts as c (category_id, is_organic, on_sale, products)
    select category_id, is_organic, on_sale, sum(change)
    from (
      select category_id, is_organic, coalesce(old_price > price, false) as on_sale, 1 as change from new_rows where is_active
      union all
      select category_id, is_organic, coalesce(old_price > price, false), -1 from old_rows where is_active
    ) changes
    group by 1, 2, 3 having sum(change) <> 0 order by 1, 2, 3
    on conflict (category_id, is_organic, on_sale) do update set products = c.products + excluded.products;
  return null;
end $$;
--> statement-breakpoint
create trigger products_inserted after insert on products
  referencing new table as new_rows for each statement execute function products_changed();
--> statement-breakpoint
create trigger products_updated after update on products
  referencing old table as old_rows new table as new_rows for each statement execute function products_changed();
