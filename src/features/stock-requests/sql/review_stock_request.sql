-- Reviews one stock request; approval changes the stock. Locks the request, then its inventory row.
create or replace function review_stock_request(
  p_request_id integer, p_status text, p_approved_quantity integer, p_rejection_reason text
) returns void language plpgsql as $$
declare
  request stock_requests;
  shelf inventory;
  held integer;
  difference integer;
begin
  select * into request from stock_requests where id = p_request_id and sees_branch(branch_id) for update;
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
  select stock.held into held from stock_of(shelf.id, shelf.on_hand) stock;
  difference := request.approved_quantity - case request.request_type when 'SET_QUANTITY' then shelf.on_hand else 0 end;
  perform guard(difference >= 0 or shelf.on_hand + difference >= held, 'STOCK_HELD',
    jsonb_build_object('available_quantity', shelf.on_hand, 'reserved_quantity', held));
  if difference <> 0 then
    insert into stock_movements (inventory_id, delta, reason, note, stock_request_id)
      values (shelf.id, difference, 'STOCK_REQUEST', request.reason, request.id);
  end if;
end $$;
