-- Adds a delivered order to revenue and sales. DELIVERED is final, so nothing is subtracted later except refunds. The payment is
-- locked: a concurrent refund is either included here or counted by its own trigger after this commits.
-- Security definer: the Worker's role may only read the sums.
create or replace function order_delivered() returns trigger language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  refunded numeric;
begin
  if new.delivered_at is not null then
    select refunded_amount + released_amount into refunded from payments where order_id = new.id for no key update;
    perform add_revenue(new.delivered_at, 1, new.total_amount - coalesce(refunded, 0));
    perform add_sales(array(select id from order_items where order_id = new.id));
  end if;
  return null;
end $$;

create or replace trigger order_delivered after update of status, delivered_at on orders for each row
  when (new.status = 'DELIVERED' and new.delivered_at is not null
        and (old.status <> 'DELIVERED' or old.delivered_at is null)) execute function order_delivered();

create or replace trigger order_imported after insert on orders for each row
  when (new.status = 'DELIVERED') execute function order_delivered();
