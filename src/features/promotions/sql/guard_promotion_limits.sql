-- Refuses discounts, [{promotion_id}], that an order does not have yet and whose promotion is used up, by everybody or by this customer. A
-- customer's purchases and changes of orders with such a limit wait here for one another's commit. Call it after the locks on stock and
-- slot, before anything is written to `order_discounts`.
create or replace function guard_promotion_limits(p_user_id integer, p_order_id integer, p_discounts jsonb) returns void language plpgsql as $$
declare
  wanted integer[] := array(
    select d.promotion_id from jsonb_to_recordset(p_discounts) as d (promotion_id integer)
    except select o.promotion_id from order_discounts o where o.order_id = p_order_id and o.released_at is null);
  spent record;
begin
  if exists (select from promotions p where p.id = any (wanted) and p.limit_per_customer is not null) then
    perform pg_advisory_xact_lock(hashtextextended('promotions ' || p_user_id, 0));
  end if;
  select p.id, p.name, reason into spent
    from promotions p cross join lateral coupon_spent(p, p_user_id, p_order_id) reason
    where p.id = any (wanted) and reason is not null
    order by p.id limit 1;
  perform guard(not found, 'COUPON_EXHAUSTED', jsonb_build_object('promotion_id', spent.id, 'name', spent.name, 'reason', spent.reason));
end $$;
