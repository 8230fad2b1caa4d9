-- The rows of an inventory file, each with its inventory row, the change it asks for, and the reason if it cannot be applied. Of rows
-- for the same inventory row, the first valid one is applied.
create or replace function judge_import_rows(p_rows import_row[])
  returns table (row_number integer, inventory_id integer, difference integer, reorder_point integer, held integer,
                 first_row integer, refusal text) language sql stable as $$
  with judged as (
    select r.row_number, r.product_id, r.branch_id, r.quantity, r.reorder_point, shelf.id as inventory_id, shelf.on_hand,
        coalesce(stock.held, 0) as held, case
          when r.refusal is not null then r.refusal
          when r.quantity < shelf.on_hand and r.quantity < stock.held then 'STOCK_HELD'
        end as refusal
      from unnest(p_rows) r
      left join lateral shelf_of(r.product_id, r.branch_id) shelf on true
      left join lateral stock_of(shelf.id, shelf.on_hand) stock on true
  ), ranked as (
    select j.*, min(j.row_number) over (partition by j.product_id, j.branch_id, j.refusal is null) as first_row
      from judged j
  )
  select r.row_number, r.inventory_id, r.quantity - coalesce(r.on_hand, 0), r.reorder_point, r.held, r.first_row,
      case when r.refusal is null and r.first_row < r.row_number then 'DUPLICATE_ROW' else r.refusal end
    from ranked r
$$;
