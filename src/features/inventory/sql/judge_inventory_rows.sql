-- The rows of an inventory file, each with the shelf it means, the change it asks for, and why it cannot land, if so.
-- p_rows: [{row_number, product_id, sku, branch_id, quantity, reorder_point}].
create or replace function judge_inventory_rows(p_rows jsonb)
  returns table (row_number integer, product_id integer, branch_id integer, inventory_id integer, difference integer,
                 reorder_point integer, held integer, first_row integer, refusal text) language sql stable as $$
  with named as (
    select r.row_number, r.quantity, r.reorder_point, b.id as branch_id,
        case when r.product_id is null then by_sku.id else by_id.id end as product_id,
        r.product_id is not null and r.sku is not null and by_id.id is distinct from by_sku.id as is_contradiction
      from jsonb_to_recordset(p_rows) as r (
        row_number integer, product_id integer, sku text, branch_id integer, quantity integer, reorder_point integer)
      left join products by_id on by_id.id = r.product_id
      left join products by_sku on upper(by_sku.sku) = upper(r.sku)
      left join branches b on b.id = r.branch_id
  ), judged as (
    select n.*, i.id as inventory_id, i.on_hand, coalesce(stock.held, 0) as held, case
        when n.product_id is null then 'PRODUCT_NOT_FOUND'
        when n.is_contradiction then 'PRODUCT_CONTRADICTION'
        when n.branch_id is null then 'BRANCH_NOT_FOUND'
        when n.quantity < i.on_hand and n.quantity < stock.held then 'STOCK_HELD'
      end as refusal
    from named n
    -- By the index of products: PostgreSQL may take that of branches for cheaper, and then reads a whole branch for each row.
    left join inventory i on i.product_id = n.product_id and i.branch_id + 0 = n.branch_id
    left join lateral stock_of(i.id, i.on_hand) stock on true
  ), ranked as (
    select j.*, min(j.row_number) over (partition by j.product_id, j.branch_id, j.refusal is null) as first_row
      from judged j
  )
  select r.row_number, r.product_id, r.branch_id, r.inventory_id, r.quantity - coalesce(r.on_hand, 0), r.reorder_point,
      r.held, r.first_row, case when r.refusal is null and r.first_row < r.row_number then 'DUPLICATE_ROW' else r.refusal end
    from ranked r
$$;
