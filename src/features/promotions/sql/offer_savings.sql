-- What one promotion takes off each line, of what the line still costs. Each amount is rounded half up once.
create or replace function offer_savings(p_lines basket_line[], p_costs bigint[], p_offer promotion_offer) returns bigint[]
  language plpgsql immutable as $$
declare
  covered bigint[];
  products integer[];
  total bigint;
begin
  if p_offer.kind = 'MULTI_BUY' then
    return case when p_offer.pay is null then bundle_savings(p_lines, p_costs, p_offer) else free_unit_savings(p_lines, p_costs, p_offer) end;
  end if;
  covered := array(
    select case when c.place = any (p_offer.places) then c.cost else 0 end
    from unnest(p_costs) with ordinality c (cost, place) order by c.place);
  if p_offer.kind in ('COUPON_PERCENT', 'COUPON_FIXED') then
    total := (select sum(c) from unnest(covered) c);
    products := array(select l.product_id from unnest(p_lines) with ordinality l order by l.ordinality);
    return spread_amount(
      case p_offer.kind when 'COUPON_PERCENT' then round(total * p_offer.value / 100) else least(p_offer.value, total) end::bigint,
      covered, products);
  end if;
  return array(
    select case p_offer.kind
      when 'PERCENT' then round(c.cost * p_offer.value / 100)
      when 'FIXED' then least(c.cost, p_offer.value * l.quantity)
      else greatest(c.cost - p_offer.value * l.quantity, 0) end::bigint
    from unnest(p_lines) with ordinality as l (product_id, category_id, price, quantity, place)
    join unnest(covered) with ordinality as c (cost, place) on c.place = l.place
    order by l.place);
end $$;
