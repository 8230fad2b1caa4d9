-- The coupon of a cart as the API shows it: whether it takes something off the basket, and if not, why.
create or replace function cart_coupon(p_coupon_id integer, p_user_id integer, p_branch_id integer, p_lines basket_line[],
    p_discounts basket_discounts) returns json language plpgsql stable as $$
declare
  coupon promotions;
  reason text;
begin
  select * into coupon from promotions where id = p_coupon_id;
  if not found then
    return null;
  end if;
  reason := promotion_refusal(coupon, p_user_id, (select membership_tier from users where id = p_user_id), p_branch_id,
    covered_places(coupon, p_lines), (select coalesce(sum(l.price * l.quantity), 0) from unnest(p_lines) l)::bigint);
  -- A cart does not know its delivery yet.
  if reason is null and coupon.kind <> 'FREE_DELIVERY'
      and not coalesce((p_discounts).applied @> jsonb_build_array(jsonb_build_object('promotion_id', coupon.id)), false) then
    reason := 'NOT_BEST';
  end if;
  return json_build_object('promotion_id', coupon.id, 'code', coupon.code, 'name', coupon.name, 'kind', coupon.kind,
    'is_applied', reason is null, 'reason', reason, 'minimum_total', coupon.minimum_total);
end $$;

comment on function cart_coupon is 'nullable: cart_coupon';
