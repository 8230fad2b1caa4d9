-- Adds sold lines to their day and month, in key order so that concurrent deliveries cannot deadlock.
create or replace function add_sales(p_line_ids integer[]) returns void language plpgsql as $$
begin
  insert into daily_sales as s (day, product_id, branch_id, units, revenue)
    select (l.delivered_at at time zone 'UTC')::date, l.product_id, l.branch_id, sum(l.units), sum(l.revenue)
    from sold_lines l where l.id = any (p_line_ids) and l.delivered_at is not null
    group by 1, 2, 3 order by 1, 2, 3
    on conflict (day, product_id, branch_id)
      do update set units = s.units + excluded.units, revenue = s.revenue + excluded.revenue;
  insert into monthly_sales as s (month, product_id, units, revenue)
    select date_trunc('month', l.delivered_at at time zone 'UTC')::date, l.product_id, sum(l.units), sum(l.revenue)
    from sold_lines l where l.id = any (p_line_ids) and l.delivered_at is not null
    group by 1, 2 order by 1, 2
    on conflict (month, product_id)
      do update set units = s.units + excluded.units, revenue = s.revenue + excluded.revenue;
end $$;
