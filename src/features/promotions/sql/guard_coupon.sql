-- Refuses a cart whose coupon is used up, by everybody or by this customer.
create or replace function guard_coupon(p_coupon_id integer, p_user_id integer) returns void language plpgsql stable as $$
declare
  coupon promotions;
  reason text;
begin
  select * into coupon from promotions where id = p_coupon_id;
  reason := coupon_spent(coupon, p_user_id);
  if reason is not null then
    perform guard(false, 'COUPON_EXHAUSTED', jsonb_build_object('promotion_id', coupon.id, 'name', coupon.name, 'reason', reason));
  end if;
end $$;
