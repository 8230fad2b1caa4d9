-- The lines that a MULTI_BUY groups, dearest units first: what one unit costs by now, and how many units come before those of the line.
create or replace function multi_buy_units(p_lines basket_line[], p_costs bigint[], p_places integer[])
  returns table (place integer, quantity integer, unit bigint, before bigint) language sql immutable as $$
  select u.place, u.quantity, u.unit,
    sum(u.quantity) over (order by u.unit desc, u.product_id, u.cost desc, u.place rows unbounded preceding) - u.quantity
  from (
    select l.place::integer, l.product_id, l.quantity, c.cost, round(c.cost::numeric / l.quantity)::bigint as unit
    from unnest(p_lines) with ordinality as l (product_id, category_id, price, quantity, place)
    join unnest(p_costs) with ordinality as c (cost, place) on c.place = l.place
    where l.place = any (p_places)
  ) u
  where u.unit > 0
  order by u.unit desc, u.product_id, u.cost desc, u.place
$$;
