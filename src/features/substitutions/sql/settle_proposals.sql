-- Writes down which proposals of an order have lapsed: their lines are missing. Locks the order, if any has. Their stock is free already,
-- since its hold ended at the same instant; where the order has another open proposal of the product, the hold is made smaller here.
create or replace function settle_proposals(p_order_id integer) returns void language plpgsql as $$
declare
  lapsed_products integer[];
begin
  if not exists (
    select from substitution_proposals where order_id = p_order_id and status = 'OPEN' and expires_at <= now()
  ) then
    return;
  end if;
  perform from orders where id = p_order_id for update;
  with lapsed as (
    update substitution_proposals set status = 'LAPSED', answered_at = expires_at
    where order_id = p_order_id and status = 'OPEN' and expires_at <= now() returning order_item_id, product_id, created_by, expires_at
  ), missing as (
    update order_items i set picked_status = 'MISSING', picked_by = lapsed.created_by, picked_at = lapsed.expires_at, picked_as_of = lapsed.expires_at
    from lapsed where i.id = lapsed.order_item_id and i.picked_status = 'PENDING'
  )
  select array_agg(distinct product_id order by product_id) into lapsed_products from lapsed;
  perform hold_proposals(p_order_id, s.product_id) from (
    select distinct p.product_id from substitution_proposals p
    where p.order_id = p_order_id and p.status = 'OPEN' and p.product_id = any (lapsed_products) order by 1
  ) s;
end $$;
