drop trigger products_inserted on products;
--> statement-breakpoint
drop trigger products_updated on products;
--> statement-breakpoint
drop function products_changed();
--> statement-breakpoint
drop function index_products(integer[]);
--> statement-breakpoint

-- Prices are counted by the shekel below 100, by ten shekels above.
create function price_band(p_price numeric) returns integer language sql immutable parallel safe as $$
  select (case when p_price < 100 then floor(p_price) else 90 + floor(p_price / 10) end)::integer
$$;
--> statement-breakpoint

-- The words of a product for search: those of name and SKU weigh A, those of the description B.
create function product_document(p_name text, p_sku text, p_description text) returns tsvector
  language sql immutable parallel safe as $$
  select coalesce(string_agg(quote_literal(word) || ':1' || weight, ' '), '')::tsvector
  from (
    select word, 'A' as weight from unnest(search_words(concat_ws(' ', p_name, p_sku))) word
    union all
    select word, 'B' from unnest(search_words(p_description)) word
  ) words
$$;
--> statement-breakpoint

-- Adds the words of products to the vocabulary.
create function learn_words(p_ids integer[]) returns void language sql as $$
  insert into search_variants (variant, word)
    select variant, word
    from (
      select distinct word from products p, unnest(search_words(concat_ws(' ', p.name, p.sku, p.description))) word
      where p.id = any (p_ids) and p.is_active and word !~ '[0-9]' and length(word) between 3 and 40
    ) words
    cross join lateral word_variants(word) variant
    where not exists (select from search_variants known where known.variant = words.word and known.word = words.word)
    order by variant, word
    on conflict do nothing
$$;
--> statement-breakpoint

-- Brings the rows that lists look at, and the counts of them, in step with the products. What was counted for a product
-- stands in its row and is taken back from there, so the counts always are those of the rows. The rows are locked
-- before anything is read: whoever comes second sees what the first one did.
create function list_products(p_ids integer[], p_words boolean) returns void language plpgsql as $$
begin
  perform from product_search where product_id = any (p_ids) order by product_id for update;
  with was as materialized (
    select * from product_search where product_id = any (p_ids)
  ), shelved as (
    select i.product_id, array_agg(i.branch_id order by i.branch_id) as branches, bool_or(b.is_active) as anywhere
    from inventory i join branches b on b.id = i.branch_id
    where i.product_id = any (p_ids) and i.on_hand > 0
    group by i.product_id
  ), listed as (
    insert into product_search as s (product_id, category_id, scopes, price, price_band, is_organic, on_sale, rating,
                                     updated_at, is_active, title, sku, document)
      select p.id, p.category_id,
        case when p.is_active
          then '{0}'::integer[] || case when shelved.anywhere then '{-1}'::integer[] end || shelved.branches
          else '{}' end,
        p.price, price_band(p.price), p.is_organic, coalesce(p.old_price > p.price, false), coalesce(p.rating_average, 0),
        p.updated_at, p.is_active, lower(p.name), lower(p.sku),
        case when p_words then product_document(p.name, p.sku, p.description) else '' end
      from products p left join shelved on shelved.product_id = p.id
      where p.id = any (p_ids)
      order by p.id
    on conflict (product_id) do update
      set category_id = excluded.category_id, scopes = excluded.scopes, price = excluded.price,
          price_band = excluded.price_band, is_organic = excluded.is_organic, on_sale = excluded.on_sale,
          rating = excluded.rating, updated_at = excluded.updated_at, is_active = excluded.is_active,
          title = excluded.title, sku = excluded.sku,
          document = case when p_words then excluded.document else s.document end
    returning scopes, category_id, is_organic, on_sale, price_band
  )
  insert into product_counts as c (scope, category_id, is_organic, on_sale, price_band, products)
    select scope, category_id, is_organic, on_sale, price_band, sum(change)
    from (
      select scope, category_id, is_organic, on_sale, price_band, -1 as change from was cross join unnest(was.scopes) scope
      union all
      select scope, category_id, is_organic, on_sale, price_band, 1 from listed cross join unnest(listed.scopes) scope
    ) changes
    group by 1, 2, 3, 4, 5 having sum(change) <> 0 order by 1, 2, 3, 4, 5
    on conflict (scope, category_id, is_organic, on_sale, price_band) do update set products = c.products + excluded.products;
  if p_words then
    perform learn_words(p_ids);
  end if;
end $$;
--> statement-breakpoint

create function products_changed() returns trigger language plpgsql as $$
declare
  changed integer[];
begin
  if tg_op = 'INSERT' then
    perform list_products(array(select id from new_rows), true);
    return null;
  end if;
  changed := array(
    select n.id from new_rows n join old_rows o on o.id = n.id
    where (n.name, n.sku, n.description) is distinct from (o.name, o.sku, o.description));
  if changed <> '{}' then
    perform list_products(changed, true);
  end if;
  changed := array(
    select n.id from new_rows n join old_rows o on o.id = n.id
    where n.id <> all (changed)
      and (n.category_id, n.price, n.old_price, n.is_organic, n.is_active, n.rating_average, n.updated_at)
        is distinct from (o.category_id, o.price, o.old_price, o.is_organic, o.is_active, o.rating_average, o.updated_at));
  if changed <> '{}' then
    perform list_products(changed, false);
  end if;
  return null;
end $$;
--> statement-breakpoint
create trigger products_inserted after insert on products
  referencing new table as new_rows for each statement execute function products_changed();
--> statement-breakpoint
create trigger products_updated after update on products
  referencing old table as old_rows new table as new_rows for each statement execute function products_changed();
--> statement-breakpoint

-- A shelf that ran out, or was filled again, or is new: rare among the changes of stock.
create function shelves_changed() returns trigger language plpgsql as $$
declare
  changed integer[];
begin
  if tg_op = 'INSERT' then
    changed := array(select distinct product_id from new_rows where on_hand > 0);
  else
    changed := array(
      select distinct n.product_id from new_rows n join old_rows o on o.id = n.id
      where (n.on_hand > 0) <> (o.on_hand > 0));
  end if;
  if changed <> '{}' then
    perform list_products(changed, false);
  end if;
  return null;
end $$;
--> statement-breakpoint
create trigger shelves_inserted after insert on inventory
  referencing new table as new_rows for each statement execute function shelves_changed();
--> statement-breakpoint
create trigger shelves_updated after update on inventory
  referencing old table as old_rows new table as new_rows for each statement execute function shelves_changed();
--> statement-breakpoint

create function branch_switched() returns trigger language plpgsql as $$
begin
  perform list_products(array(select product_id from inventory where branch_id = new.id and on_hand > 0), false);
  return null;
end $$;
--> statement-breakpoint
create trigger branch_switched after update on branches for each row
  when (old.is_active <> new.is_active) execute function branch_switched();
--> statement-breakpoint

select list_products(array(select id from products), true);
