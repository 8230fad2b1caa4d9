-- What every purchase fires, without what it need not do.

-- As before, but the old value of a column is looked up, not joined.
create or replace function audit_change() returns trigger language plpgsql set enable_nestloop = off as $$
declare
  entity text := tg_argv[0];
  secret text[] := string_to_array(tg_argv[1], ',');
  noise text[] := string_to_array(tg_argv[2], ',');
  deed text := nullif(current_setting('app.action_' || tg_argv[0], true), '');
begin
  if tg_op = 'INSERT' then
    insert into audit_log (entity_type, entity_id, action, new_value)
      select entity, n.id, coalesce(deed, 'CREATE'), to_jsonb(n) - secret from new_rows n;
  elsif tg_op = 'DELETE' then
    insert into audit_log (entity_type, entity_id, action, old_value)
      select entity, o.id, coalesce(deed, 'DELETE'), to_jsonb(o) - secret from old_rows o;
  else
    insert into audit_log (entity_type, entity_id, action, old_value, new_value)
      select entity, changed.id, coalesce(deed, 'UPDATE'), diff.old_value - secret, diff.new_value - secret
      from (
        select n.id, to_jsonb(o) as was, to_jsonb(n) - noise as becomes from old_rows o join new_rows n on n.id = o.id
      ) changed
      cross join lateral (
        select jsonb_object_agg(key, was -> key) as old_value, jsonb_object_agg(key, value) as new_value
        from jsonb_each(becomes) where value is distinct from was -> key
      ) diff
      where diff.new_value is not null;
  end if;
  return null;
end $$;
--> statement-breakpoint

-- Rows that are made and change one at a time are written down one at a time: what a statement changed need not be kept
-- and joined.
create function audit_row() returns trigger language plpgsql as $$
declare
  secret text[] := string_to_array(tg_argv[1], ',');
  deed text := nullif(current_setting('app.action_' || tg_argv[0], true), '');
  was jsonb;
  becomes jsonb := to_jsonb(new);
begin
  if tg_op = 'INSERT' then
    insert into audit_log (entity_type, entity_id, action, new_value)
      values (tg_argv[0], new.id, coalesce(deed, 'CREATE'), becomes - secret);
    return null;
  end if;
  was := to_jsonb(old);
  insert into audit_log (entity_type, entity_id, action, old_value, new_value)
    select tg_argv[0], new.id, coalesce(deed, 'UPDATE'), jsonb_object_agg(key, was -> key) - secret,
      jsonb_object_agg(key, value) - secret
    from jsonb_each(becomes - string_to_array(tg_argv[2], ',')) where value is distinct from was -> key
    having count(*) > 0;
  return null;
end $$;
--> statement-breakpoint
do $$
declare
  audited record;
begin
  for audited in
    select * from (values
      ('orders', 'order', '', 'updated_at,units_ordered'),
      ('payments', 'payment', '', 'checked_at,check_count')
    ) as t (table_name, entity, secret, noise)
  loop
    execute format('drop trigger audit_insert on %I', audited.table_name);
    execute format('drop trigger audit_update on %I', audited.table_name);
    execute format('create trigger audit_insert after insert on %I for each row execute function audit_row(%L, %L, %L)',
      audited.table_name, audited.entity, audited.secret, audited.noise);
    execute format('create trigger audit_update after update on %I for each row execute function audit_row(%L, %L, %L)',
      audited.table_name, audited.entity, audited.secret, audited.noise);
  end loop;
end $$;
--> statement-breakpoint

-- Lines that come after their order was placed, or even delivered, are an import.
create or replace function lines_ordered() returns trigger language plpgsql security definer set search_path = public as $$
begin
  if not exists (select from new_rows n join orders o on o.id = n.order_id where o.placed_at is not null) then
    return null;
  end if;
  update orders o set units_ordered = o.units_ordered + added.units
    from (select order_id, sum(quantity) as units from new_rows group by order_id) added
    where o.id = added.order_id and o.placed_at is not null;
  if exists (select from new_rows n join orders o on o.id = n.order_id where o.status = 'DELIVERED') then
    perform add_sales(array(select id from new_rows));
  end if;
  return null;
end $$;
--> statement-breakpoint

-- A checkout tells the units when it makes the order.
drop trigger count_units on orders;
--> statement-breakpoint
create trigger count_units before update on orders for each row
  when (old.placed_at is null and new.placed_at is not null and new.units_ordered = 0) execute function count_units();
--> statement-breakpoint

-- now() is when a transaction began, which may be before the one that it waited for: no event is older than the last. Being
-- placed is the first one.
create or replace function order_status_changed() returns trigger language plpgsql as $$
declare
  happened timestamptz := now();
begin
  if old.placed_at is not null then
    happened := greatest(happened, (select max(at) from order_events where order_id = new.id));
  end if;
  insert into order_events (order_id, status, at) values (new.id, new.status, happened);
  insert into notifications (user_id, type, order_id, data)
    values (new.user_id, 'ORDER_STATUS', new.id,
            jsonb_build_object('status', new.status, 'order_number', new.order_number, 'fulfillment_type', new.fulfillment_type));
  return null;
end $$;
--> statement-breakpoint

-- As before, in PL/pgSQL: an SQL function that reads tables is planned anew by each statement that calls it.
create or replace function slot_places_taken(p_slot_id integer, p_date date, p_except_cart integer default null)
  returns integer language plpgsql stable as $$
begin
  return (
    (select count(*) from orders o
      where o.delivery_slot_id = p_slot_id and o.delivery_date = p_date and o.status <> 'CANCELED')
    + (select count(*) from slot_holds h
        where h.slot_id = p_slot_id and h.delivery_date = p_date and h.expires_at > now()
          and h.cart_id is distinct from p_except_cart));
end $$;
--> statement-breakpoint
create or replace function slot_next_date(p_day_of_week integer, p_start_time time, p_time_zone text)
  returns date language plpgsql stable as $$
declare
  today date := now() at time zone p_time_zone;
  upcoming date := today + (p_day_of_week - extract(dow from today)::integer + 7) % 7;
begin
  return case when (upcoming + p_start_time) at time zone p_time_zone > now() then upcoming else upcoming + 7 end;
end $$;
