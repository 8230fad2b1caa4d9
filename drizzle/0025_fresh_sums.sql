-- Triggers that sum up what others may be changing too: whoever waits for a row's lock still sees the moment before the
-- wait in the rest of that statement. So the row is locked first, and the sum is read by the next statement.

create or replace function refund_recorded() returns trigger language plpgsql as $$
begin
  perform from payments where id = new.payment_id for no key update;
  update payments set refunded_amount = (
      select coalesce(sum(amount), 0) from refunds where payment_id = new.payment_id and status <> 'FAILED'
    ) where id = new.payment_id;
  if tg_op = 'INSERT' then
    insert into notifications (user_id, type, order_id, data)
      select o.user_id, 'REFUND', o.id, jsonb_build_object(
        'amount', new.amount::text, 'currency', o.currency, 'order_number', o.order_number, 'reason', new.reason)
      from orders o where o.id = new.order_id;
  end if;
  return null;
end $$;
--> statement-breakpoint

create or replace function review_changed() returns trigger language plpgsql as $$
declare
  reviewed integer := coalesce(new.product_id, old.product_id);
begin
  perform from products where id = reviewed for no key update;
  update products p set (rating_average, rating_count) = (
      select round(avg(rating), 2), count(*) from reviews r where r.product_id = p.id
    ) where p.id = reviewed;
  return null;
end $$;
--> statement-breakpoint

-- A refund that changes at the same moment is counted here or, once this has committed, by its own trigger.
create or replace function order_delivered() returns trigger language plpgsql security definer set search_path = public as $$
declare
  refunded numeric;
begin
  if new.delivered_at is not null then
    select refunded_amount into refunded from payments where order_id = new.id for no key update;
    perform add_revenue(new.delivered_at, 1, new.total_amount - coalesce(refunded, 0));
    perform add_sales(array(select id from order_items where order_id = new.id));
  end if;
  return null;
end $$;
--> statement-breakpoint

-- now() is when a transaction began, which may be before the one that it waited for: no event is older than the last.
create or replace function order_status_changed() returns trigger language plpgsql as $$
begin
  insert into order_events (order_id, status, at)
    select new.id, new.status, greatest(now(), max(at)) from order_events where order_id = new.id;
  insert into notifications (user_id, type, order_id, data)
    values (new.user_id, 'ORDER_STATUS', new.id,
            jsonb_build_object('status', new.status, 'order_number', new.order_number, 'fulfillment_type', new.fulfillment_type));
  return null;
end $$;
