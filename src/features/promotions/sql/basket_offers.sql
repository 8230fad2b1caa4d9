-- The promotions that apply to a customer's basket at a branch, and the lines that each covers. One with a code applies to carts with
-- its coupon. Of hundreds that run, few cover anything in a basket: the others are left out first.
create or replace function basket_offers(p_user_id integer, p_branch_id integer, p_coupon_id integer, p_lines basket_line[])
  returns promotion_offer[] language plpgsql stable as $$
declare
  tier text := (select membership_tier from users where id = p_user_id);
  goods bigint := (select sum(l.price * l.quantity) from unnest(p_lines) l);
begin
  return array(
    with lines as materialized (
      select l.place, l.product_id, category_path(l.category_id) as path
      from unnest(p_lines) with ordinality as l (product_id, category_id, price, quantity, place)
    )
    select (r.id, r.name, r.kind, case when r.kind in ('PERCENT', 'COUPON_PERCENT') then r.value else r.value * 100 end, r.take, r.pay,
      (r.bundle_price * 100)::bigint, r.priority, r.stacking_group, covered.places)::promotion_offer
    from (
      select running.id, array_agg(l.place::integer order by l.place) as places
      from running_promotions running
      join lines l on is_promoted(running.product_ids, running.category_ids, l.product_id, l.path)
      where running.code is null or running.id = p_coupon_id
      group by running.id
    ) covered
    join promotions r on r.id = covered.id
    where promotion_refusal(r, p_user_id, tier, p_branch_id, covered.places, goods) is null);
end $$;
