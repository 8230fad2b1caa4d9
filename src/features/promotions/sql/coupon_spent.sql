-- Why nobody (EXHAUSTED), or this customer (USED), can use a promotion any more; null if they can.
create or replace function coupon_spent(p_promotion promotions, p_user_id integer) returns text language sql stable as $$
  select case
    when p_promotion.used >= p_promotion.limit_total then 'EXHAUSTED'
    when p_promotion.limit_per_customer <= (
      select count(*) from order_discounts d
      where d.promotion_id = p_promotion.id and d.user_id = p_user_id and d.released_at is null) then 'USED'
  end
$$;
