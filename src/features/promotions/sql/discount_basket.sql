-- What the running promotions take off a customer's basket, in agorot, with the fee for delivering it (null: none, or not known yet).
-- Null when none applies. Callers ask running_promotions first, so that a shop without promotions pays for one look into an empty index.
create or replace function discount_basket(p_user_id integer, p_branch_id integer, p_coupon_id integer, p_lines basket_line[],
    p_delivery_fee bigint default null, p_delivery_min bigint default null) returns basket_discounts language plpgsql stable as $$
declare
  offers promotion_offer[] := basket_offers(p_user_id, p_branch_id, p_coupon_id, p_lines);
begin
  if offers = '{}' then
    return null;
  end if;
  return price_basket(p_lines, offers, p_delivery_fee, p_delivery_min);
end $$;
