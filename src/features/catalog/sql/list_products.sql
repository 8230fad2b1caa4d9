-- Updates the search rows and the counts of products, where anything has changed. A row stores what was counted for its product, and
-- exactly that is subtracted again, so the counts always match the rows. The rows are locked before anything is read, so a concurrent call
-- sees the result of the first.
-- For few products it is planned once for a connection: planning this statement anew takes twice as long as running it for one. For
-- many, the plan for their number saves more than it costs; not forced, because that would hold for each function that makes words, too.
create or replace function list_products(p_ids integer[], p_words boolean) returns void language plpgsql
  set plan_cache_mode = force_generic_plan as $$
begin
  if cardinality(p_ids) > 100 then
    perform set_config('plan_cache_mode', 'auto', true);
  end if;
  perform learn_brands(p_ids);
  perform from product_search where product_id = any (p_ids) order by product_id for update;
  with was as materialized (
    select * from product_search where product_id = any (p_ids)
  ), shelved as (
    select i.product_id, array_agg(i.branch_id order by i.branch_id) as branches, bool_or(b.is_active) as anywhere
    from inventory i join branches b on b.id = i.branch_id
    where i.product_id = any (p_ids) and i.on_hand > 0
    group by i.product_id
  ), documents as materialized (
    select * from product_documents(case when p_words then p_ids else '{}' end)
  ), listed as (
    insert into product_search as s (product_id, category_id, scopes, price, price_band, is_organic, on_sale, rating,
                                     updated_at, is_active, title, sku, brand_id, dietary, allergens, document)
      select p.id, p.category_id,
        case when p.is_active
          then '{0}'::integer[] || case when shelved.anywhere then '{-1}'::integer[] end || shelved.branches
          else '{}' end,
        p.price, price_band(p.price), p.is_organic, coalesce(p.old_price > p.price, false), coalesce(p.rating_average, 0),
        p.updated_at, p.is_active, lower(p.name), lower(p.sku),
        b.id, dietary_bits(p.dietary), allergen_bits(p.allergens || p.may_contain),
        coalesce(case when p_words then documents.document else was.document end, '')
      from products p left join shelved on shelved.product_id = p.id left join documents on documents.product_id = p.id
        left join was on was.product_id = p.id
        left join brands b on b.key = text_key(p.brand)
      where p.id = any (p_ids)
      order by p.id
    on conflict (product_id) do update
      set category_id = excluded.category_id, scopes = excluded.scopes, price = excluded.price,
          price_band = excluded.price_band, is_organic = excluded.is_organic, on_sale = excluded.on_sale,
          rating = excluded.rating, updated_at = excluded.updated_at, is_active = excluded.is_active,
          title = excluded.title, sku = excluded.sku,
          brand_id = excluded.brand_id, dietary = excluded.dietary, allergens = excluded.allergens,
          document = excluded.document
      -- A product that is listed as before costs no new version of its row, in the table and in its indexes.
      where s is distinct from excluded
    returning product_id, scopes, category_id, is_organic, on_sale, is_active, price, price_band, dietary, allergens, brand_id
  ), faceted as (
    insert into product_facets as f (product_id, category_id, brand_id, price_band, dietary, allergens, is_organic, on_sale, is_active,
                                     price, scopes)
      select product_id, category_id, brand_id, price_band, dietary, allergens, is_organic, on_sale, is_active, price, scopes from listed
      on conflict (product_id) do update
        set category_id = excluded.category_id, brand_id = excluded.brand_id, price_band = excluded.price_band,
            dietary = excluded.dietary, allergens = excluded.allergens, is_organic = excluded.is_organic, on_sale = excluded.on_sale,
            is_active = excluded.is_active, price = excluded.price, scopes = excluded.scopes
        where f is distinct from excluded
  ), changes as materialized (
    select scope, category_id, is_organic, on_sale, price_band, dietary, allergens, brand_id, sum(change) as change
    from (
      select scope, category_id, is_organic, on_sale, price_band, dietary, allergens, brand_id, -1 as change
        from was cross join unnest(was.scopes) scope
        where product_id in (select product_id from listed)
      union all
      select scope, category_id, is_organic, on_sale, price_band, dietary, allergens, brand_id, 1
        from listed cross join unnest(listed.scopes) scope
    ) both_ways
    group by 1, 2, 3, 4, 5, 6, 7, 8 having sum(change) <> 0
  ), counted as (
    insert into product_counts as c (scope, category_id, is_organic, on_sale, price_band, dietary, allergens, products)
      select scope, category_id, is_organic, on_sale, price_band, dietary, allergens, sum(change)
      from changes group by 1, 2, 3, 4, 5, 6, 7 having sum(change) <> 0 order by 1, 2, 3, 4, 5, 6, 7
      on conflict (scope, category_id, is_organic, on_sale, price_band, dietary, allergens)
        do update set products = c.products + excluded.products
  ), categorized as (
    insert into category_counts as c (scope, category_id, is_organic, on_sale, products)
      select scope, category_id, is_organic, on_sale, sum(change)
      from changes group by 1, 2, 3, 4 having sum(change) <> 0 order by 1, 2, 3, 4
      on conflict (scope, category_id, is_organic, on_sale) do update set products = c.products + excluded.products
  ), priced as (
    insert into brand_price_counts as c (scope, brand_id, price_band, products)
      select scope, brand_id, price_band, sum(change)
      from changes where brand_id is not null group by 1, 2, 3 having sum(change) <> 0 order by 1, 2, 3
      on conflict (scope, brand_id, price_band) do update set products = c.products + excluded.products
  )
  insert into brand_counts as c (scope, brand_id, is_organic, on_sale, dietary, allergens, products)
    select scope, brand_id, is_organic, on_sale, dietary, allergens, sum(change)
    from changes where brand_id is not null group by 1, 2, 3, 4, 5, 6 having sum(change) <> 0 order by 1, 2, 3, 4, 5, 6
    on conflict (scope, brand_id, is_organic, on_sale, dietary, allergens) do update set products = c.products + excluded.products;
  if p_words then
    perform learn_words(p_ids);
  end if;
end $$;
