-- Claims with their lines, as the API returns them.
create or replace view claim_rows as
  select c.id, c.order_id, o.order_number, o.branch_id, c.user_id, c.status, c.wanted, c.amount, c.approved_amount, o.currency,
    c.is_automatic, c.note, c.refund_id, c.decided_by, c.decided_at, c.created_at,
    u.full_name as customer_name, u.phone as customer_phone,
    (select json_agg(json_build_object(
       'item_id', l.order_item_id, 'product_id', coalesce(i.replacement_product_id, i.product_id),
       'name', coalesce(i.replacement_name, i.name), 'quantity', l.quantity, 'problem', l.problem, 'note', l.note,
       'approved_quantity', l.approved_quantity) order by l.id)
     from claim_items l join order_items i on i.id = l.order_item_id where l.claim_id = c.id) as items
  from claims c
  join orders o on o.id = c.order_id
  join users u on u.id = c.user_id;
