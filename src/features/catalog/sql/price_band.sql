-- The price band for counts: one shekel wide below 100, ten shekels above.
create or replace function price_band(p_price numeric) returns integer language sql immutable parallel safe as $$
  select (case when p_price < 100 then floor(p_price) else 90 + floor(p_price / 10) end)::integer
$$;
