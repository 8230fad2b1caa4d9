-- What a line sold: a missing one nothing, a replaced one its replacement.
create view sold_lines as
  select i.id, o.branch_id, o.delivered_at, coalesce(i.replacement_product_id, i.product_id) as product_id,
         i.quantity as units, i.quantity * coalesce(i.replacement_unit_price, i.unit_price) as revenue, i.order_id
  from orders o join order_items i on i.order_id = o.id
  where o.status = 'DELIVERED' and i.picked_status <> 'MISSING';
--> statement-breakpoint

-- Adds sold lines to their day and month. In the order of the keys, so that two deliveries at once wait for each other
-- and not in a circle.
create function add_sales(p_line_ids integer[]) returns void language plpgsql as $$
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
--> statement-breakpoint

-- Owner's rights: the Worker's role only reads the sums. DELIVERED is final, so nothing is ever taken back.
create function order_delivered() returns trigger language plpgsql security definer set search_path = public as $$
begin
  perform add_sales(array(select id from order_items where order_id = new.id));
  return null;
end $$;
--> statement-breakpoint
create trigger order_delivered after update on orders for each row
  when (new.status = 'DELIVERED' and old.status <> 'DELIVERED') execute function order_delivered();
--> statement-breakpoint

-- An order knows its units. Lines that come with an order delivered before (an import) are sales at once.
create function lines_ordered() returns trigger language plpgsql security definer set search_path = public as $$
begin
  update orders o set units_ordered = o.units_ordered + added.units
    from (select order_id, sum(quantity) as units from new_rows group by order_id) added where o.id = added.order_id;
  if exists (select from new_rows n join orders o on o.id = n.order_id where o.status = 'DELIVERED') then
    perform add_sales(array(select id from new_rows));
  end if;
  return null;
end $$;
--> statement-breakpoint
create trigger lines_ordered after insert on order_items
  referencing new table as new_rows for each statement execute function lines_ordered();
--> statement-breakpoint

-- That count is no change of the order.
drop trigger audit_update on orders;
--> statement-breakpoint
create trigger audit_update after update on orders referencing old table as old_rows new table as new_rows
  for each statement execute function audit_change('order', '', 'updated_at,units_ordered');
--> statement-breakpoint

-- Sales by product and branch from an instant until a day: whole days from the sums, the hours before from the lines.
create function sales_by_branch(p_from timestamptz, p_until date default 'infinity')
  returns table (product_id integer, branch_id integer, units integer, revenue numeric) language sql stable as $$
  select s.product_id, s.branch_id, s.units, s.revenue from daily_sales s
    where s.day > (p_from at time zone 'UTC')::date and s.day < p_until
  union all
  select l.product_id, l.branch_id, l.units, l.revenue from sold_lines l
    where l.delivered_at >= p_from
      and l.delivered_at < ((p_from at time zone 'UTC')::date + 1)::timestamp at time zone 'UTC'
$$;
--> statement-breakpoint

-- Sales by product from an instant until now: whole months, before them days, before those hours.
create function sales_since(p_from timestamptz)
  returns table (product_id integer, units integer, revenue numeric) language sql stable as $$
  select s.product_id, s.units, s.revenue from monthly_sales s where s.month > (p_from at time zone 'UTC')::date
  union all
  select s.product_id, s.units, s.revenue
  from sales_by_branch(p_from, (date_trunc('month', p_from at time zone 'UTC') + interval '1 month')::date) s
$$;
--> statement-breakpoint

revoke insert, update, delete on daily_sales, monthly_sales from mami_app;
--> statement-breakpoint
update orders o set units_ordered = l.units
  from (select order_id, sum(quantity) as units from order_items group by order_id) l where l.order_id = o.id;
--> statement-breakpoint
select add_sales(array(select id from order_items));
