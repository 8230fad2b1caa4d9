-- Adds orders and an amount to the quarter of an hour of their delivery.
create or replace function add_revenue(p_delivered_at timestamptz, p_orders integer, p_amount numeric) returns void language sql as $$
  insert into revenue_quarters as q (starts_at, orders, amount)
  values (date_bin('15 minutes', p_delivered_at, '2000-01-01 00:00Z'), p_orders, p_amount)
  on conflict (starts_at) do update set orders = q.orders + excluded.orders, amount = q.amount + excluded.amount
$$;
