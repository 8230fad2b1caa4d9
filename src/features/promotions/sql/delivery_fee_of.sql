-- What delivering goods costs: nothing from p_minimum upwards. In whatever unit the arguments are.
create or replace function delivery_fee_of(p_goods numeric, p_fee numeric, p_minimum numeric) returns numeric language sql immutable as $$
  select case when p_goods >= p_minimum then 0 else p_fee end
$$;
