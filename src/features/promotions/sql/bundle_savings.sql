-- "2 for 20.00": each whole group of `take` units costs `bundle_price`, unless it costs less anyway. What that saves is spread over the
-- lines of the group. Whole groups within one line are counted, not walked through.
create or replace function bundle_savings(p_lines basket_line[], p_costs bigint[], p_offer promotion_offer) returns bigint[]
  language plpgsql immutable as $$
declare
  none bigint[] := array_fill(0::bigint, array[cardinality(p_lines)]);
  products integer[] := array(select l.product_id from unnest(p_lines) with ordinality l order by l.ordinality);
  savings bigint[] := none;
  open_group bigint[] := none;
  in_group integer := 0;
  line record;
  units integer;
  added integer;
  saved bigint;
begin
  for line in select * from multi_buy_units(p_lines, p_costs, p_offer.places) loop
    units := line.quantity;
    while units > 0 loop
      if in_group = 0 and units >= p_offer.take then
        saved := greatest(p_offer.take * line.unit - p_offer.bundle_price, 0);
        savings[line.place] := savings[line.place] + units / p_offer.take * saved;
        units := units % p_offer.take;
        continue;
      end if;
      added := least(units, p_offer.take - in_group);
      open_group[line.place] := open_group[line.place] + added * line.unit;
      in_group := in_group + added;
      units := units - added;
      if in_group = p_offer.take then
        saved := greatest((select sum(g) from unnest(open_group) g) - p_offer.bundle_price, 0);
        savings := array(
          select s.saved + s.part
          from unnest(savings, spread_amount(saved, open_group, products)) with ordinality as s (saved, part, place) order by s.place);
        open_group := none;
        in_group := 0;
      end if;
    end loop;
  end loop;
  return array(
    select least(s.saved, s.cost) from unnest(savings, p_costs) with ordinality as s (saved, cost, place) order by s.place);
end $$;
