-- The units are counted in the update that places the order, not in one of their own: a checkout writes no row more.
create function count_units() returns trigger language plpgsql as $$
begin
  new.units_ordered := (select coalesce(sum(quantity), 0) from order_items where order_id = new.id);
  return new;
end $$;
--> statement-breakpoint
create trigger count_units before update on orders for each row
  when (old.placed_at is null and new.placed_at is not null) execute function count_units();
--> statement-breakpoint

-- Lines that come after their order was placed, or even delivered, are an import.
create or replace function lines_ordered() returns trigger language plpgsql security definer set search_path = public as $$
begin
  update orders o set units_ordered = o.units_ordered + added.units
    from (select order_id, sum(quantity) as units from new_rows group by order_id) added
    where o.id = added.order_id and o.placed_at is not null;
  if exists (select from new_rows n join orders o on o.id = n.order_id where o.status = 'DELIVERED') then
    perform add_sales(array(select id from new_rows));
  end if;
  return null;
end $$;
--> statement-breakpoint

-- Whichever comes first, the status or its time: a delivery counts once both are there.
drop trigger order_delivered on orders;
--> statement-breakpoint
create trigger order_delivered after update on orders for each row
  when (new.status = 'DELIVERED' and new.delivered_at is not null
        and (old.status <> 'DELIVERED' or old.delivered_at is null)) execute function order_delivered();
