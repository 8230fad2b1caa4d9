-- Sales by product and branch since an instant: whole days from the daily sums, the hours before the first day from the lines.
create or replace function sales_by_branch(p_from timestamptz, p_until date default 'infinity')
  returns table (product_id integer, branch_id integer, units integer, revenue numeric) language sql stable as $$
  select s.product_id, s.branch_id, s.units, s.revenue from daily_sales s
    where s.day > (p_from at time zone 'UTC')::date and s.day < p_until
  union all
  select l.product_id, l.branch_id, l.units, l.revenue from sold_lines l
    where l.delivered_at >= p_from
      and l.delivered_at < ((p_from at time zone 'UTC')::date + 1)::timestamp at time zone 'UTC'
$$;
