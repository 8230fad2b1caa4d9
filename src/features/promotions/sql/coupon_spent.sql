-- Why nobody (EXHAUSTED), or this customer (USED), can use a promotion any more, for p_order_id where it is for an order; null if they can.
create or replace function coupon_spent(p_promotion promotions, p_user_id integer, p_order_id integer default null) returns text
  language sql stable as $$
  select case
    when p_promotion.used >= p_promotion.limit_total then 'EXHAUSTED'
    when p_promotion.limit_per_customer is null then null
    when p_promotion.limit_per_customer <= customer_uses(p_promotion.id, p_user_id, p_order_id) then 'USED'
  end
$$;
