-- The promotion of a code that a customer enters for a cart; null without a code. Refuses a code that does not exist or takes nothing off
-- the cart, with the reason. Where the order will be fulfilled is not known yet, so any branch will do.
create or replace function find_coupon(p_code text, p_cart carts, p_branch_id integer) returns integer language plpgsql stable as $$
declare
  coupon promotions;
  basket basket_line[];
  branch integer;
  state json;
begin
  if p_code is null then
    return null;
  end if;
  select * into coupon from promotions where upper(code) = upper(p_code) and is_active;
  perform guard(found, 'COUPON_NOT_FOUND');
  basket := cart_basket(p_cart.id);
  branch := case when p_branch_id <> all (coupon.branch_ids) then coupon.branch_ids[1] else p_branch_id end;
  state := cart_coupon(coupon.id, p_cart.user_id, branch, basket, discount_basket(p_cart.user_id, branch, coupon.id, basket));
  perform guard((state ->> 'is_applied')::boolean, 'COUPON_NOT_APPLICABLE', jsonb_strip_nulls(jsonb_build_object(
    'reason', state ->> 'reason', 'minimum_total', coupon.minimum_total::text)));
  return coupon.id;
end $$;

comment on function find_coupon is 'nullable: find_coupon';
