-- Splits an amount in proportion to weights, exactly: what rounding down leaves goes to the largest remainders. No part exceeds its
-- weight as long as the amount does not exceed their sum. Keys decide between equal remainders.
create or replace function spread_amount(p_amount bigint, p_weights bigint[], p_keys integer[]) returns bigint[] language sql immutable as $$
  select array_agg((s.part + case when s.rank <= p_amount - s.given then 1 else 0 end)::bigint order by s.place)
  from (
    select w.place, p.part, sum(p.part) over () as given, row_number() over (order by p.remainder desc, w.key, w.weight desc) as rank
    from unnest(p_weights, p_keys) with ordinality as w (weight, key, place)
    cross join (select nullif(sum(x), 0) as weight from unnest(p_weights) x) total
    cross join lateral (
      select coalesce(div(p_amount::numeric * w.weight, total.weight), 0) as part,
        coalesce(mod(p_amount::numeric * w.weight, total.weight), 0) as remainder
    ) p
  ) s
$$;
