-- The stock changes of the branch when a line, in its present state, is settled with so many units of a replacement, or with none.
create or replace function pick_shelves(p_item_id integer, p_replacement_id integer, p_units integer)
  returns table (inventory_id integer, product_id integer, delta integer, reason text)
  language sql stable rows 3 as $$
  select v.id, change.product_id, change.delta, change.reason
  from order_items i
  join orders o on o.id = i.order_id
  cross join lateral (
    select case when i.replacement_product_id is null then 0 else coalesce(i.picked_quantity, i.quantity) end as before,
      case when p_replacement_id is null then 0 else p_units end as after,
      i.replacement_product_id is distinct from p_replacement_id as is_another
  ) units
  cross join lateral (values
    (i.product_id, 'REPLACED_ORIGINAL', units.after - units.before),
    (i.replacement_product_id, 'REPLACEMENT_RETURNED', case when units.is_another then units.before else greatest(units.before - units.after, 0) end),
    (p_replacement_id, 'REPLACEMENT_TAKEN', case when units.is_another then -units.after else least(units.before - units.after, 0) end)
  ) as change (product_id, reason, delta)
  left join inventory v on v.product_id = change.product_id and v.branch_id = o.branch_id
  where i.id = p_item_id and change.product_id is not null and change.delta <> 0
$$;

comment on function pick_shelves is 'nullable: inventory_id';
