-- Sales by product from an instant until now: whole months, then whole days, then single hours at the start of the range.
create or replace function sales_since(p_from timestamptz)
  returns table (product_id integer, units integer, revenue numeric) language sql stable as $$
  select s.product_id, s.units, s.revenue from monthly_sales s where s.month > (p_from at time zone 'UTC')::date
  union all
  select s.product_id, s.units, s.revenue
  from sales_by_branch(p_from, (date_trunc('month', p_from at time zone 'UTC') + interval '1 month')::date) s
$$;
