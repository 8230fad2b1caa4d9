-- Sets what is on hand from the rows of a file. Good rows land; the others come back with their refusal and the number
-- that explains it: the first row of a duplicate, else the units held. Makes missing inventory rows in the order of product and
-- branch, then locks all rows by id; from there on nobody else can change what the rows are judged by. Ids are joined, not
-- compared with an array: ten thousand rows against ten thousand ids take seconds.
create or replace function import_inventory(p_rows jsonb)
  returns table (row_number integer, action text, refusal text, number integer)
  language plpgsql set plan_cache_mode = force_custom_plan as $$
#variable_conflict use_column
declare
  made integer[];
  locked integer[];
begin
  with new_rows as (
    insert into inventory (product_id, branch_id, reorder_point)
      select j.product_id, j.branch_id, coalesce(j.reorder_point, 0) from judge_inventory_rows(p_rows) j
        where j.refusal is null and j.inventory_id is null
        order by j.product_id, j.branch_id
      on conflict (product_id, branch_id) do nothing
      returning id
  )
  select coalesce(array_agg(id), '{}') into made from new_rows;

  locked := array(
    select i.id from inventory i
    where i.id in (select j.inventory_id from judge_inventory_rows(p_rows) j)
    order by i.id for update);

  return query
  with judged as materialized (
    select j.row_number, j.inventory_id, j.difference, j.reorder_point, j.held, j.first_row, made.id is not null as is_made,
        -- A product or branch that was made meanwhile: its inventory row is not locked.
        case when j.refusal is null and locked.id is null then 'PRODUCT_NOT_FOUND' else j.refusal end as refusal
      from judge_inventory_rows(p_rows) j
      left join unnest(locked) as locked (id) on locked.id = j.inventory_id
      left join unnest(made) as made (id) on made.id = j.inventory_id
  ), reordered as (
    update inventory i set reorder_point = j.reorder_point, updated_at = now()
      from judged j where i.id = j.inventory_id and j.refusal is null and j.reorder_point <> i.reorder_point
  ), moved as (
    insert into stock_movements (inventory_id, delta, reason)
      select j.inventory_id, j.difference, 'BULK_IMPORT' from judged j
        where j.refusal is null and j.difference <> 0 order by j.inventory_id
  )
  select j.row_number, case when j.is_made then 'created' else 'updated' end, j.refusal,
      case j.refusal when 'DUPLICATE_ROW' then j.first_row else j.held end
    from judged j order by j.row_number;
end $$;

comment on function import_inventory is 'nullable: refusal';
