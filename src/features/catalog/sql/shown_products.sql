-- `shown_product` for the products of a page, in order. A function, so that its plan is cached; the page itself is found by a separate
-- statement.
create or replace function shown_products(p_ids integer[], p_branch_id integer, p_language text default null)
  returns table (place bigint, id integer, name text, sku text, price numeric, old_price numeric, unit text,
    nutritional_info jsonb, is_organic boolean, bin_location text, image_url text, description text, category_id integer,
    is_active boolean, rating_average float8, rating_count integer, in_stock_anywhere boolean, available_quantity integer,
    in_stock_for_branch boolean, branch_available_quantity integer, tax_class text, deposit numeric, sold_by text,
    price_per_kg numeric, nominal_grams integer, weight_tolerance_percent numeric, net_content json, unit_price json, promotions json,
    allergens text[], may_contain text[], dietary text[], age_restricted integer, brand text, barcode text, translations jsonb,
    created_at timestamptz, updated_at timestamptz)
  language plpgsql stable rows 20 set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
begin
  perform until_price_change();
  return query
    select page.place, shown.*
    from unnest(p_ids) with ordinality as page (id, place)
    join products p on p.id = page.id
    cross join lateral shown_product(p, p.id, p_branch_id, p_language) shown
    order by page.place;
end $$;
