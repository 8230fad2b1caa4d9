-- A product as customers see it, with the units available to them at all active branches and at the given one (else null). A single
-- query, so that PostgreSQL makes it a part of the query that calls it; p_id is the id of the product, which as p.id would cost the whole row there.
create or replace function shown_product(p products, p_id integer, p_branch_id integer, p_language text)
  returns table (id integer, name text, sku text, price numeric, old_price numeric, unit text,
    nutritional_info jsonb, is_organic boolean, bin_location text, image_url text, description text, category_id integer,
    is_active boolean, rating_average float8, rating_count integer, in_stock_anywhere boolean, available_quantity integer,
    in_stock_for_branch boolean, branch_available_quantity integer, tax_class text, deposit numeric, sold_by text,
    price_per_kg numeric, nominal_grams integer, weight_tolerance_percent numeric, net_content json, unit_price json, promotions json,
    allergens text[], may_contain text[], dietary text[], age_restricted integer, brand text, barcode text, translations jsonb,
    created_at timestamptz, updated_at timestamptz)
  language sql stable rows 1 as $$
  select p.id, translated(p.name, p.translations, p_language, 'name'), p.sku, p.price, p.old_price, p.unit,
    p.nutritional_info, p.is_organic, p.bin_location, p.image_url, translated(p.description, p.translations, p_language, 'description'),
    p.category_id, p.is_active, p.rating_average::float8, p.rating_count,
    stock.total > 0, stock.total, stock.at_branch > 0, stock.at_branch, p.tax_class, p.deposit, p.sold_by, p.price_per_kg,
    p.nominal_grams, p.weight_tolerance_percent, case when p.net_content_unit is not null then
      json_build_object('amount', p.net_content_amount::float8, 'unit', p.net_content_unit) end, unit_price_of(p),
    case when exists (select from running_promotions) then product_promotions(p.id, p.category_id, p_branch_id) else '[]' end,
    p.allergens, p.may_contain, p.dietary, p.age_restricted, p.brand, p.barcode, p.translations, p.created_at, p.updated_at
  from (
    select coalesce(sum(shelf.free), 0)::integer as total,
      case when p_branch_id is not null
        then coalesce(sum(shelf.free) filter (where shelf.branch_id = p_branch_id), 0)::integer end as at_branch
    from (
      select i.branch_id, stock.free
      from inventory i join branches b on b.id = i.branch_id and b.is_active
      cross join lateral stock_of(i.id, i.on_hand) stock
      where i.product_id = p_id
    ) shelf
  ) stock
$$;
