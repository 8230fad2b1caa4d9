-- A postal code of 1 to 16 digits as a number that keeps its length: codes of one length are neighbours. Null for anything else.
create or replace function postal_key(p_code text) returns bigint language sql immutable as $$
  select case when p_code ~ '^[0-9]{1,16}$' then length(p_code) * 10000000000000000 + p_code::bigint end
$$;
