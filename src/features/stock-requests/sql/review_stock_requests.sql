-- Reviews many stock requests, each in its own savepoint; returns the refused items with their error codes.
-- p_items: [{position, request_id, status, approved_quantity, rejection_reason}].
-- Locks the requests by id, creates missing inventory rows by product and branch, then locks all inventory rows by id before the
-- first change, so that concurrent reviews cannot deadlock. Requests for one inventory row keep their order.
create or replace function review_stock_requests(p_items jsonb)
  returns table (item_position integer, refusal text) language plpgsql as $$
declare
  item record;
begin
  perform from stock_requests
    where id in (select (value ->> 'request_id')::integer from jsonb_array_elements(p_items))
    order by id for update;
  -- Created before any stock moves: a movement locks the product's search rows until the commit, and other transactions take those
  -- locks after their inventory rows. Requests that are refused below create no inventory row here.
  insert into inventory (product_id, branch_id)
    select distinct r.product_id, r.branch_id
      from jsonb_to_recordset(p_items) as i (request_id integer, status text, approved_quantity integer)
      join stock_requests r on r.id = i.request_id
      where i.status = 'APPROVED' and r.status = 'PENDING' and coalesce(i.approved_quantity, r.quantity) >= 0
        and sees_branch(r.branch_id)
        and (r.actor_user_id <> current_actor() or exists (select from users where id = current_actor() and role = 'ADMIN'))
      order by r.product_id, r.branch_id
    on conflict (product_id, branch_id) do nothing;
  perform from inventory v
    where (v.product_id, v.branch_id) in (
      select r.product_id, r.branch_id from stock_requests r
      where r.id in (select (value ->> 'request_id')::integer from jsonb_array_elements(p_items)))
    order by v.id for update;
  for item in
    select i.*
      from jsonb_to_recordset(p_items) as i (
        position integer, request_id integer, status text, approved_quantity integer, rejection_reason text)
      left join stock_requests r on r.id = i.request_id
      order by r.product_id, r.branch_id, i.position
  loop
    begin
      perform review_stock_request(item.request_id, item.status, item.approved_quantity, item.rejection_reason);
    exception when sqlstate 'MSGRD' then
      item_position := item.position;
      refusal := sqlerrm;
      return next;
    end;
  end loop;
end $$;
