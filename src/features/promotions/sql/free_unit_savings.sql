-- "3 for 2": of each whole group of `take` units, the cheapest `take - pay` are free. Counted by line instead of by unit: of the first
-- n units, n / take groups are whole, and of the rest those beyond `pay` are free.
create or replace function free_unit_savings(p_lines basket_line[], p_costs bigint[], p_offer promotion_offer) returns bigint[]
  language sql immutable as $$
  select array_agg(coalesce(free.saved, 0)::bigint order by c.place)
  from unnest(p_costs) with ordinality as c (cost, place)
  left join (
    select u.place, least(sum(e.side * u.unit * (
      e.units / p_offer.take * (p_offer.take - p_offer.pay) + greatest(e.units % p_offer.take - p_offer.pay, 0))), p_costs[u.place]) as saved
    from (
      select m.*, sum(m.quantity) over () / p_offer.take * p_offer.take as whole from multi_buy_units(p_lines, p_costs, p_offer.places) m
    ) u
    cross join lateral (
      values (1, least(u.before + u.quantity, u.whole::bigint)), (-1, least(u.before, u.whole::bigint))
    ) e (side, units)
    group by u.place
  ) free on free.place = c.place
$$;
