-- Makes and changes products by the rows of a file, [{row_number, fields}]. Answers which rows made one, which changed nothing, and which
-- were refused: [row number, refusal, the number that explains it]. The caller has locked the products that there are. A dry run writes
-- nothing that it would have to take back: what an insert takes from a sequence stays taken.
create or replace function apply_products(p_rows jsonb, p_is_dry_run boolean) returns jsonb language sql as $$
  with judged as materialized (
    select * from judge_products(p_rows)
  ), changed as (
    update products p set (name, price, category_id, description, old_price, unit, is_organic, nutritional_info, bin_location, image_url,
        tax_class, deposit, sold_by, price_per_kg, nominal_grams, weight_tolerance_percent, net_content_amount, net_content_unit, is_active,
        allergens, may_contain, dietary, age_restricted, brand, barcode, translations, updated_at) =
      (select n.name, n.price, n.category_id, n.description, n.old_price, n.unit, n.is_organic, n.nutritional_info, n.bin_location, n.image_url,
        n.tax_class, n.deposit, n.sold_by, n.price_per_kg, n.nominal_grams, n.weight_tolerance_percent, n.net_content_amount,
        n.net_content_unit, n.is_active, n.allergens, n.may_contain, n.dietary, n.age_restricted, n.brand, n.barcode, n.translations, now()
        from (select (j.product).*) n)
      from judged j
      where not p_is_dry_run and p.id = (j.before).id and j.refusal is null and j.product is distinct from j.before
  ), made as (
    insert into products (sku, name, price, category_id, description, old_price, unit, is_organic, nutritional_info, bin_location, image_url,
        tax_class, deposit, sold_by, price_per_kg, nominal_grams, weight_tolerance_percent, net_content_amount, net_content_unit, is_active,
        allergens, may_contain, dietary, age_restricted, brand, barcode, translations)
      select n.sku, n.name, n.price, n.category_id, n.description, n.old_price, n.unit, n.is_organic, n.nutritional_info, n.bin_location,
        n.image_url, n.tax_class, n.deposit, n.sold_by, n.price_per_kg, n.nominal_grams, n.weight_tolerance_percent, n.net_content_amount,
        n.net_content_unit, n.is_active, n.allergens, n.may_contain, n.dietary, n.age_restricted, n.brand, n.barcode, n.translations
      from judged j, lateral (select (j.product).*) n
      where not p_is_dry_run and (j.before).id is null and j.refusal is null
      order by j.row_number
    on conflict do nothing
    returning sku
  )
  select jsonb_build_object(
    'created', coalesce(jsonb_agg(o.row_number) filter (where o.is_made), '[]'),
    'unchanged', coalesce(jsonb_agg(o.row_number) filter (where o.refusal is null and not o.is_made and o.is_same), '[]'),
    'refused', coalesce(jsonb_agg(jsonb_build_array(o.row_number, o.refusal, o.number)) filter (where o.refusal is not null), '[]'))
  from (
    select j.row_number, j.number, case when p_is_dry_run then (j.before).id is null and j.refusal is null else m.sku is not null end as is_made,
      j.product is not distinct from j.before as is_same,
      -- Somebody else made one with this SKU or bar code meanwhile.
      case when not p_is_dry_run and (j.before).id is null and j.refusal is null and m.sku is null then 'MADE_MEANWHILE' else j.refusal end as refusal
    from judged j left join made m on m.sku = (j.product).sku and (j.before).id is null and j.refusal is null
  ) o
$$;
