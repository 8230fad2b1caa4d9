-- The running promotions that cover a product and need no code, at a branch or (null) at any.
create or replace function product_promotions(p_product_id integer, p_category_id integer, p_branch_id integer) returns json
  language plpgsql stable as $$
declare
  path integer[] := category_path(p_category_id);
begin
  return (
    select coalesce(json_agg(json_build_object(
      'id', r.id, 'name', r.name, 'kind', r.kind, 'value', r.value, 'take', r.take, 'pay', r.pay, 'bundle_price', r.bundle_price,
      'minimum_total', r.minimum_total, 'tiers', r.tiers, 'ends_at', r.ends_at) order by r.priority desc, r.id), '[]')
    from running_promotions r
    where r.code is null and r.kind <> 'FREE_DELIVERY' and (p_branch_id = any (r.branch_ids)) is not false
      and is_promoted(r.product_ids, r.category_ids, p_product_id, path));
end $$;
