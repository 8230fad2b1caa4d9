-- Notifies the employee of the result of a stock request.
create or replace function stock_request_reviewed() returns trigger language plpgsql as $$
begin
  insert into notifications (user_id, type, data)
    select new.actor_user_id, 'STOCK_REQUEST', jsonb_build_object(
      'request_id', new.id, 'status', new.status, 'product_name', p.name,
      'quantity', coalesce(new.approved_quantity, new.quantity), 'rejection_reason', new.rejection_reason)
    from products p where p.id = new.product_id;
  return null;
end $$;

create or replace trigger stock_request_reviewed after update on stock_requests for each row
  when (old.status <> new.status) execute function stock_request_reviewed();
