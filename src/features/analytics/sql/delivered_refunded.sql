-- Subtracts a refund of a delivered order from the revenue of its delivery; a failed refund is added back.
create or replace function delivered_refunded() returns trigger language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  change numeric := new.refunded_amount;
begin
  if tg_op = 'UPDATE' then
    change := change - old.refunded_amount;
  end if;
  perform add_revenue(o.delivered_at, 0, -change) from orders o
    where o.id = new.order_id and o.status = 'DELIVERED' and o.delivered_at is not null;
  return null;
end $$;

create or replace trigger delivered_refunded after update on payments for each row
  when (old.refunded_amount <> new.refunded_amount) execute function delivered_refunded();

create or replace trigger delivered_paid after insert on payments for each row
  when (new.refunded_amount <> 0) execute function delivered_refunded();
