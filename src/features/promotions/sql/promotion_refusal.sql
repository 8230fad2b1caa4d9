-- Why a promotion does not apply to a basket, null if it does: p_places are the lines that it covers, p_goods what the whole basket
-- costs before discounts, in agorot. The one place for this rule.
create or replace function promotion_refusal(p_promotion promotions, p_user_id integer, p_tier text, p_branch_id integer,
    p_places integer[], p_goods bigint) returns text language sql stable as $$
  select case
    when not p_promotion.is_active or p_promotion.ends_at <= now() then 'ENDED'
    when p_promotion.starts_at > now() then 'NOT_STARTED'
    when p_tier <> all (p_promotion.tiers) then 'NOT_FOR_TIER'
    when p_branch_id <> all (p_promotion.branch_ids) then 'NOT_FOR_BRANCH'
    when p_places = '{}' then 'NOT_FOR_PRODUCTS'
    when p_goods < p_promotion.minimum_total * 100 then 'BELOW_MINIMUM'
    else coupon_spent(p_promotion, p_user_id)
  end
$$;
