-- A product with the fields that a row of a file gives; null as the product is a new one. Fields that are not given stay as they are.
create or replace function product_fields(p_old products, p_given jsonb) returns products language sql stable as $$
  select weighed(p_old, jsonb_populate_record(
    case when (p_old).id is null then jsonb_populate_record(null::products, '{"is_organic": false, "tax_class": "STANDARD",
      "sold_by": "EACH", "weight_tolerance_percent": 10, "allergens": [], "may_contain": [], "dietary": [], "translations": {},
      "is_active": true}') else p_old end,
    -- The SKU found the product whatever its case, and does not change. An empty cell leaves an empty text, which is exported as one.
    p_given - array_remove(array[
      case when (p_old).id is not null then 'sku' end,
      case when (p_old).description = '' and p_given -> 'description' = 'null' then 'description' end,
      case when (p_old).nutritional_info = '""' and p_given -> 'nutritional_info' = 'null' then 'nutritional_info' end], null) || case when p_given ? 'translations' then jsonb_build_object(
      'translations', merge_translations(coalesce((p_old).translations, '{}'), p_given -> 'translations')) else '{}' end))
$$;
