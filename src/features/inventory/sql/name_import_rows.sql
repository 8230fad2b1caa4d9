-- The rows of an inventory file with the product and the branch that each means, or why it means none.
create or replace function name_import_rows(p_rows jsonb) returns setof import_row language sql stable as $$
  select r.row_number, case when r.product_id is null then by_sku.id else by_id.id end, b.id, r.quantity, r.reorder_point,
      case
        when case when r.product_id is null then by_sku.id else by_id.id end is null then 'PRODUCT_NOT_FOUND'
        when r.product_id is not null and r.sku is not null and by_id.id is distinct from by_sku.id then 'PRODUCT_CONTRADICTION'
        when b.id is null then 'BRANCH_NOT_FOUND'
      end
    from jsonb_to_recordset(p_rows) as r (
      row_number integer, product_id integer, sku text, branch_id integer, quantity integer, reorder_point integer)
    left join products by_id on by_id.id = r.product_id
    left join products by_sku on upper(by_sku.sku) = upper(r.sku)
    left join branches b on b.id = r.branch_id and sees_branch(b.id)
$$;
