-- Gives back what an order uses of promotions; a second time there is nothing to give. Call it after the locks on stock, before those on
-- store credit.
create or replace function release_promotions(p_order_id integer) returns void language plpgsql as $$
declare
  used record;
begin
  -- In the order in which a purchase locks them.
  for used in select id from order_discounts where order_id = p_order_id and released_at is null order by promotion_id loop
    update order_discounts set released_at = now() where id = used.id and released_at is null;
  end loop;
end $$;
