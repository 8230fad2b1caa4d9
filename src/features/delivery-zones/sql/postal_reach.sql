-- The postal codes that patterns mean, as ranges of postal_key: `61000`, `61000-61999`, and `6*` for codes of 4 to 16 digits.
create or replace function postal_reach(p_patterns text[]) returns int8multirange language sql immutable as $$
  select range_agg(int8range(postal_key(rpad(bounds.first, len, '0')), postal_key(rpad(bounds.last, len, '9')), '[]'))
  from unnest(p_patterns) pattern
  cross join lateral (
    select split_part(rtrim(pattern, '*'), '-', 1) as first, split_part(rtrim(pattern, '*'), '-', -1) as last
  ) bounds
  cross join lateral generate_series(
    case when pattern like '%*' then greatest(4, length(bounds.first)) else length(bounds.first) end,
    case when pattern like '%*' then 16 else length(bounds.first) end) len
$$;
