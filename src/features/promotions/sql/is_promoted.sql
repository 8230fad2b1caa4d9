-- Whether a promotion with these products and categories covers a product, whose category p_path begins with: either list is enough;
-- without both, it covers everything.
create or replace function is_promoted(p_product_ids integer[], p_category_ids integer[], p_product_id integer, p_path integer[])
  returns boolean language sql immutable as $$
  select p_product_ids is null and p_category_ids is null
    or coalesce(p_product_id = any (p_product_ids), false) or coalesce(p_category_ids && p_path, false)
$$;
