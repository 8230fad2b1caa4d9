-- Reviews one stock request; approval changes the stock. Locks the request, then its shelf.
create function review_stock_request(
  p_request_id integer, p_status text, p_approved_quantity integer, p_rejection_reason text
) returns void language plpgsql as $$
declare
  request stock_requests;
  shelf inventory;
  held integer;
  difference integer;
begin
  select * into request from stock_requests where id = p_request_id for update;
  perform guard(found, 'NOT_FOUND');
  perform guard(
    request.actor_user_id <> current_actor()
      or exists (select from users where id = current_actor() and role = 'ADMIN'),
    'CANNOT_REVIEW_OWN_REQUEST');
  perform guard(request.status = 'PENDING', 'INVALID_STATUS', jsonb_build_object('status', request.status));

  update stock_requests
    set status = p_status, reviewed_by = current_actor(), reviewed_at = now(), rejection_reason = p_rejection_reason,
        approved_quantity = case when p_status = 'APPROVED' then coalesce(p_approved_quantity, quantity) end
    where id = p_request_id
    returning * into request;
  if p_status <> 'APPROVED' then
    return;
  end if;

  insert into inventory (product_id, branch_id) values (request.product_id, request.branch_id)
    on conflict (product_id, branch_id) do nothing;
  select * into shelf from inventory
    where product_id = request.product_id and branch_id = request.branch_id for update;
  select coalesce(sum(quantity), 0) into held
    from hold_lines where inventory_id = shelf.id and expires_at > now();
  difference := request.approved_quantity - case request.request_type when 'SET_QUANTITY' then shelf.on_hand else 0 end;
  perform guard(difference >= 0 or shelf.on_hand + difference >= held, 'STOCK_HELD',
    jsonb_build_object('available_quantity', shelf.on_hand, 'reserved_quantity', held));
  if difference <> 0 then
    insert into stock_movements (inventory_id, delta, reason, note, stock_request_id)
      values (shelf.id, difference, 'STOCK_REQUEST', request.reason, request.id);
  end if;
end $$;
--> statement-breakpoint

-- Reviews many stock requests, each with a savepoint of its own; answers the items that were refused, and why.
-- p_items: [{position, request_id, status, approved_quantity, rejection_reason}].
-- Requests are locked by id, then new shelves by product and branch, then shelves by id, so that two reviews at once
-- wait for each other instead of locking each other out. Requests for one shelf keep their given order.
create function review_stock_requests(p_items jsonb)
  returns table (item_position integer, refusal text) language plpgsql as $$
declare
  item record;
begin
  perform from stock_requests
    where id in (select (value ->> 'request_id')::integer from jsonb_array_elements(p_items))
    order by id for update;
  for item in
    select i.*
      from jsonb_to_recordset(p_items) as i (
        position integer, request_id integer, status text, approved_quantity integer, rejection_reason text)
      left join stock_requests r on r.id = i.request_id
      left join inventory shelf on shelf.product_id = r.product_id and shelf.branch_id = r.branch_id
      order by shelf.id nulls first, r.product_id, r.branch_id, i.position
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
--> statement-breakpoint

-- The rows of an inventory file, each with the shelf it means, the change it asks for, and why it cannot land, if so.
-- p_rows: [{row_number, product_id, sku, branch_id, quantity, reorder_point}].
create function judge_inventory_rows(p_rows jsonb)
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
  ), known as (
    select n.*, case
        when n.product_id is null then 'PRODUCT_NOT_FOUND'
        when n.is_contradiction then 'PRODUCT_CONTRADICTION'
        when n.branch_id is null then 'BRANCH_NOT_FOUND'
      end as refusal
      from named n
  ), ranked as (
    select k.*, min(k.row_number) over (partition by k.product_id, k.branch_id, k.refusal is null) as first_row
      from known k
  )
  select k.row_number, k.product_id, k.branch_id, i.id, k.quantity - coalesce(i.on_hand, 0), k.reorder_point,
      held.quantity, k.first_row, case
        when k.refusal is not null then k.refusal
        when k.first_row < k.row_number then 'DUPLICATE_ROW'
        when k.quantity < i.on_hand and k.quantity < held.quantity then 'STOCK_HELD'
      end
    from ranked k
    left join inventory i on i.product_id = k.product_id and i.branch_id = k.branch_id
    cross join lateral (
      select coalesce(sum(h.quantity), 0)::integer as quantity
        from hold_lines h where h.inventory_id = i.id and h.expires_at > now()
    ) held
$$;
--> statement-breakpoint

-- Sets what is on hand from the rows of a file. Good rows land; the others come back with their refusal and the number
-- that explains it: the first row of a duplicate, else the units held. New shelves are made in the order of product and
-- branch, then all are locked by id; from there on nobody else can change what the rows are judged by.
create function import_inventory(p_rows jsonb)
  returns table (row_number integer, action text, refusal text, number integer) language plpgsql as $$
#variable_conflict use_column
declare
  made integer[];
begin
  with new_shelf as (
    insert into inventory (product_id, branch_id, reorder_point)
      select j.product_id, j.branch_id, coalesce(j.reorder_point, 0) from judge_inventory_rows(p_rows) j
        where j.refusal is null and j.inventory_id is null
        order by j.product_id, j.branch_id
      on conflict (product_id, branch_id) do nothing
      returning id
  )
  select coalesce(array_agg(id), '{}') into made from new_shelf;

  perform from inventory i
    where i.id in (select j.inventory_id from judge_inventory_rows(p_rows) j)
    order by i.id for update;

  update inventory i set reorder_point = j.reorder_point, updated_at = now()
    from judge_inventory_rows(p_rows) j
    where i.id = j.inventory_id and j.refusal is null and j.reorder_point <> i.reorder_point;

  return query
  with judged as materialized (
    select j.* from judge_inventory_rows(p_rows) j
  ), moved as (
    insert into stock_movements (inventory_id, delta, reason)
      select j.inventory_id, j.difference, 'BULK_IMPORT' from judged j
        where j.refusal is null and j.difference <> 0 order by j.inventory_id
  )
  select j.row_number, case when j.inventory_id = any (made) then 'created' else 'updated' end, j.refusal,
      case j.refusal when 'DUPLICATE_ROW' then j.first_row else j.held end
    from judged j order by j.row_number;
end $$;
