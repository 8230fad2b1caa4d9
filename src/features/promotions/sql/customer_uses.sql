-- How many orders of a customer, beside p_order_id, use a promotion. A change of an order that is being paid for uses what it is about to.
create or replace function customer_uses(p_promotion_id integer, p_user_id integer, p_order_id integer default null) returns bigint
  language sql stable as $$
  select count(*) from (
    select d.order_id from order_discounts d where d.promotion_id = p_promotion_id and d.user_id = p_user_id and d.released_at is null
    union
    select a.order_id from orders o join order_amendments a on a.order_id = o.id
    where o.user_id = p_user_id and a.status = 'PAYING'
      and a.plan -> 'discounts' @> jsonb_build_array(jsonb_build_object('promotion_id', p_promotion_id))
  ) used
  where used.order_id is distinct from p_order_id
$$;
