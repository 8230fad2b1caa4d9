-- What promotions take off a basket. The one place where discounts are computed: carts, previews, confirms and what changes an order
-- later ask it, and orders keep its answer. It knows its arguments alone. All amounts are in agorot.
-- Promotions apply one after the other, those of high priority first, each to what the earlier ones left of a line. Of a group only the
-- one that takes off most applies. Free deliveries, and groups with one, come last: whether delivery costs anything shows when no other
-- promotion lowers the goods any more. Ties go by promotion and product, so the order of the lines changes nothing.
create or replace function price_basket(p_lines basket_line[], p_offers promotion_offer[], p_delivery_fee bigint default null,
    p_delivery_min bigint default null) returns basket_discounts language plpgsql immutable as $$
declare
  priced basket_discounts;
  prices bigint[] := array(select l.price * l.quantity from unnest(p_lines) with ordinality l order by l.ordinality);
  costs bigint[] := prices;
  step record;
  offer promotion_offer;
  best promotion_offer;
  saving bigint[];
  best_saving bigint[];
  saved bigint;
  best_saved bigint;
begin
  priced.goods := 0;
  priced.delivery := 0;
  priced.applied := '[]';
  for step in
    select array_agg(o order by o.priority desc, o.promotion_id) as members
    from unnest(p_offers) o
    group by coalesce('group ' || o.stacking_group, 'promotion ' || o.promotion_id)
    order by bool_or(o.kind = 'FREE_DELIVERY'), bool_and(o.kind = 'FREE_DELIVERY'), max(o.priority) desc, min(o.promotion_id)
  loop
    best_saved := 0;
    foreach offer in array step.members loop
      if offer.kind = 'FREE_DELIVERY' then
        saving := null;
        saved := delivery_fee_of((select sum(c) from unnest(costs) c), p_delivery_fee, p_delivery_min) - priced.delivery;
      else
        saving := offer_savings(p_lines, costs, offer);
        saved := (select sum(s) from unnest(saving) s);
      end if;
      if saved > best_saved then
        best := offer;
        best_saving := saving;
        best_saved := saved;
      end if;
    end loop;
    continue when best_saved = 0;
    if best.kind = 'FREE_DELIVERY' then
      priced.delivery := best_saved;
    else
      priced.goods := priced.goods + best_saved;
      costs := array(select c.cost - c.saved from unnest(costs, best_saving) with ordinality c (cost, saved, place) order by c.place);
    end if;
    priced.applied := priced.applied || jsonb_build_object(
      'promotion_id', best.promotion_id, 'name', best.name, 'amount', (best_saved / 100.0)::numeric(14, 2));
  end loop;
  priced.lines := array(select l.price - l.cost from unnest(prices, costs) with ordinality l (price, cost, place) order by l.place);
  return priced;
end $$;
