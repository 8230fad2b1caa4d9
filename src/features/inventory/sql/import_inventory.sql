-- Sets what is on hand from the rows of a file: [{row_number, product_id, sku, branch_id, quantity, reorder_point}]. Good rows land;
-- `outcome` lists the others as [row number, refusal, the number that explains it: the first row of a duplicate, else the units
-- held], and the rows that made an inventory row. With a key, the outcome is stored with it in the same transaction; `known` is the
-- row of a key used before, and then nothing is changed.
-- The inventory rows there are get locked by id, before missing ones are inserted with their stock: those update the product lists,
-- whose rows a purchase locks after its inventory rows. Only then the rows of the file are checked against them. Ids are joined, not
-- compared with an array: ten thousand rows against ten thousand ids take seconds.
create or replace function import_inventory(p_user_id integer, p_rows jsonb, p_key text default null, p_fingerprint text default null)
  returns table (known jsonb, outcome jsonb)
  language plpgsql rows 1 set plan_cache_mode = force_custom_plan as $$
declare
  named import_row[];
  missing integer;
  made integer[];
begin
  if p_key is not null then
    known := claim_key(p_user_id, 'INVENTORY_IMPORT', p_key, p_fingerprint, current_request(), 5);
    if known is not null then
      return next;
      return;
    end if;
  end if;
  perform set_audit_action('inventory', 'BULK_IMPORT');
  named := array(select n::import_row from name_import_rows(p_rows) n);
  perform lock_import_shelves(named);

  with wanted as materialized (
    select distinct on (r.product_id, r.branch_id) r.product_id, r.branch_id, r.quantity, r.reorder_point
      from unnest(named) r
      left join lateral shelf_of(r.product_id, r.branch_id) shelf on true
      where r.refusal is null and shelf.id is null
      order by r.product_id, r.branch_id, r.row_number
  ), new_shelves as (
    insert into inventory (product_id, branch_id, on_hand, reorder_point)
      select w.product_id, w.branch_id, w.quantity, coalesce(w.reorder_point, 0) from wanted w
        order by w.product_id, w.branch_id
      on conflict (product_id, branch_id) do nothing
      returning id
  )
  select (select count(*) from wanted), coalesce(array_agg(id), '{}') into missing, made from new_shelves;
  -- Somebody else made some of them meanwhile.
  if cardinality(made) < missing then
    perform lock_import_shelves(named);
  end if;

  with judged as materialized (
    select j.row_number, j.inventory_id, j.difference, j.reorder_point, j.held, j.first_row, j.refusal,
        made.id is not null as is_made
      from judge_import_rows(named) j
      left join unnest(made) as made (id) on made.id = j.inventory_id
  ), reordered as (
    update inventory i set reorder_point = j.reorder_point, updated_at = now()
      from judged j where i.id = j.inventory_id and j.refusal is null and j.reorder_point <> i.reorder_point
  ), moved as (
    insert into stock_movements (inventory_id, delta, reason)
      select j.inventory_id, j.difference, 'BULK_IMPORT' from judged j
        where j.refusal is null and j.difference <> 0 order by j.inventory_id
  )
  select jsonb_build_object(
      'created', coalesce(jsonb_agg(j.row_number) filter (where j.refusal is null and j.is_made), '[]'),
      'refused', coalesce(jsonb_agg(jsonb_build_array(j.row_number, j.refusal,
        case j.refusal when 'DUPLICATE_ROW' then j.first_row else j.held end)) filter (where j.refusal is not null), '[]'))
    into outcome from judged j;
  if p_key is not null then
    update idempotency_keys k set response_status = 202, response_body = outcome
      where k.user_id = p_user_id and k.scope = 'INVENTORY_IMPORT' and k.key = p_key;
  end if;
  return next;
end $$;

comment on function import_inventory is 'nullable: known, outcome';
