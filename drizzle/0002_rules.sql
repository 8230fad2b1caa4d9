-- First statement of a batch that acts for nobody in particular: sign-up, reset, jobs.
create function begin_system(p_request_id text) returns void language plpgsql as $$
begin
  perform set_config('app.actor_id', '', true), set_config('app.request_id', p_request_id, true);
end $$;
--> statement-breakpoint

-- First statement of every authenticated batch: the live check of session, user and role, in the transaction of the work.
create function begin_request(p_session_id integer, p_user_id integer, p_roles text[], p_request_id text)
  returns void language plpgsql as $$
declare
  caller record;
begin
  select u.role, u.is_active, s.last_used_at < now() - interval '5 minutes' as is_stale
    into caller
    from sessions s join users u on u.id = s.user_id
    where s.id = p_session_id and s.user_id = p_user_id and s.revoked_at is null and s.expires_at > now();
  if not found or not caller.is_active then
    raise exception using errcode = 'MS401', message = 'AUTH_REQUIRED';
  end if;
  if not caller.role = any (p_roles) then
    raise exception using errcode = 'MS403', message = 'AUTHORIZATION_ERROR';
  end if;
  perform set_config('app.actor_id', p_user_id::text, true), set_config('app.request_id', p_request_id, true);
  if caller.is_stale then
    update sessions set last_used_at = now() where id = p_session_id;
  end if;
end $$;
--> statement-breakpoint

-- Names the deed of this transaction for one entity's audit rows, instead of CREATE, UPDATE or DELETE.
create function name_deed(p_entity text, p_action text) returns void language plpgsql as $$
begin
  perform set_config('app.action_' || p_entity, p_action, true);
end $$;
--> statement-breakpoint

-- Audit: one row for each changed row, in the transaction of the change. An update keeps what changed only.
-- Arguments: entity type; columns never written down; columns whose change alone is no change.
create function audit_change() returns trigger language plpgsql as $$
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
      select entity, n.id, coalesce(deed, 'UPDATE'), diff.old_value - secret, diff.new_value - secret
      from old_rows o
      join new_rows n on n.id = o.id
      cross join lateral (
        select jsonb_object_agg(b.key, a.value) as old_value, jsonb_object_agg(b.key, b.value) as new_value
        from jsonb_each(to_jsonb(n) - noise) b
        join jsonb_each(to_jsonb(o)) a on a.key = b.key and a.value is distinct from b.value
      ) diff
      where diff.new_value is not null;
  end if;
  return null;
end $$;
--> statement-breakpoint
do $$
declare
  audited record;
begin
  for audited in
    select * from (values
      ('users', 'user', 'password_hash', 'updated_at,password_hash'),
      ('products', 'product', '', 'updated_at,rating_average,rating_count'),
      ('categories', 'category', '', 'updated_at'),
      ('branches', 'branch', '', 'updated_at'),
      ('delivery_slots', 'delivery_slot', '', 'updated_at'),
      ('inventory', 'inventory', '', 'updated_at'),
      ('orders', 'order', '', 'updated_at'),
      ('order_items', 'order_item', '', ''),
      ('payments', 'payment', '', 'checked_at,check_count'),
      ('refunds', 'refund', '', 'attempts,next_attempt_at'),
      ('batches', 'batch', '', ''),
      ('stock_requests', 'stock_request', '', ''),
      ('damage_reports', 'damage_report', '', ''),
      ('addresses', 'address', '', 'updated_at'),
      ('payment_tokens', 'payment_token', 'provider_token', 'updated_at'),
      ('reviews', 'review', '', 'updated_at'),
      ('settings', 'settings', '', 'updated_at,updated_by')
    ) as t (table_name, entity, secret, noise)
  loop
    execute format('create trigger audit_insert after insert on %I referencing new table as new_rows for each statement execute function audit_change(%L, %L, %L)',
      audited.table_name, audited.entity, audited.secret, audited.noise);
    execute format('create trigger audit_update after update on %I referencing old table as old_rows new table as new_rows for each statement execute function audit_change(%L, %L, %L)',
      audited.table_name, audited.entity, audited.secret, audited.noise);
    execute format('create trigger audit_delete after delete on %I referencing old table as old_rows for each statement execute function audit_change(%L, %L, %L)',
      audited.table_name, audited.entity, audited.secret, audited.noise);
  end loop;
end $$;
--> statement-breakpoint

-- Ledger: inserting movements is the one way to change on-hand stock, so on hand always equals their sum.
-- Owner's rights: the Worker's role may not update on_hand itself.
create function apply_movements() returns trigger language plpgsql security definer set search_path = public as $$
begin
  update inventory i
    set on_hand = i.on_hand + moved.delta, updated_at = now()
    from (select inventory_id, sum(delta)::integer as delta from new_rows group by inventory_id) moved
    where i.id = moved.inventory_id and moved.delta <> 0;
  if exists (
    select from (select inventory_id from new_rows group by inventory_id having sum(delta) < 0) taken
    join inventory i on i.id = taken.inventory_id
    where i.on_hand < (select coalesce(sum(h.quantity), 0) from hold_lines h
                       where h.inventory_id = i.id and h.expires_at > now())
  ) then
    raise exception using errcode = '23514', constraint = 'inventory_holds_fit', message = 'on hand would fall under what is held';
  end if;
  return null;
end $$;
--> statement-breakpoint
create trigger apply_movements after insert on stock_movements
  referencing new table as new_rows for each statement execute function apply_movements();
--> statement-breakpoint

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception using errcode = '42501', message = format('%s is append-only', tg_table_name);
end $$;
--> statement-breakpoint
do $$
declare
  table_name text;
begin
  foreach table_name in array array['audit_log', 'stock_movements', 'order_events'] loop
    execute format('create trigger append_only before update or delete or truncate on %I for each statement execute function refuse_change()', table_name);
  end loop;
end $$;
--> statement-breakpoint

-- Timeline and notification of every change of a placed order's status. Being placed is the first one.
create function order_status_changed() returns trigger language plpgsql as $$
begin
  insert into order_events (order_id, status, at) values (new.id, new.status, now());
  insert into notifications (user_id, type, order_id, data)
    values (new.user_id, 'ORDER_STATUS', new.id,
            jsonb_build_object('status', new.status, 'order_number', new.order_number, 'fulfillment_type', new.fulfillment_type));
  return null;
end $$;
--> statement-breakpoint
create trigger order_status_changed after update on orders for each row
  when (new.placed_at is not null and (old.placed_at is null or old.status <> new.status))
  execute function order_status_changed();
--> statement-breakpoint

-- A payment knows the sum of its refunds that have not failed, so that a CHECK can refuse one too many.
create function refund_recorded() returns trigger language plpgsql as $$
begin
  update payments set refunded_amount = (
      select coalesce(sum(amount), 0) from refunds where payment_id = new.payment_id and status <> 'FAILED'
    ) where id = new.payment_id;
  if tg_op = 'INSERT' then
    insert into notifications (user_id, type, order_id, data)
      select o.user_id, 'REFUND', o.id, jsonb_build_object(
        'amount', new.amount::text, 'currency', o.currency, 'order_number', o.order_number, 'reason', new.reason)
      from orders o where o.id = new.order_id;
  end if;
  return null;
end $$;
--> statement-breakpoint
create trigger refund_inserted after insert on refunds for each row execute function refund_recorded();
--> statement-breakpoint
create trigger refund_changed after update on refunds for each row
  when (old.status is distinct from new.status or old.amount <> new.amount) execute function refund_recorded();
--> statement-breakpoint

create function stock_request_reviewed() returns trigger language plpgsql as $$
begin
  insert into notifications (user_id, type, data)
    select new.actor_user_id, 'STOCK_REQUEST', jsonb_build_object(
      'request_id', new.id, 'status', new.status, 'product_name', p.name,
      'quantity', coalesce(new.approved_quantity, new.quantity), 'rejection_reason', new.rejection_reason)
    from products p where p.id = new.product_id;
  return null;
end $$;
--> statement-breakpoint
create trigger stock_request_reviewed after update on stock_requests for each row
  when (old.status <> new.status) execute function stock_request_reviewed();
--> statement-breakpoint

create function review_changed() returns trigger language plpgsql as $$
begin
  update products p set (rating_average, rating_count) = (
      select round(avg(rating), 2), count(*) from reviews r where r.product_id = p.id
    ) where p.id = coalesce(new.product_id, old.product_id);
  return null;
end $$;
--> statement-breakpoint
create trigger review_changed after insert or update or delete on reviews for each row execute function review_changed();
--> statement-breakpoint

-- Access ends at the next request when role, activity or password change, whoever changes them.
create function user_access_changed() returns trigger language plpgsql as $$
begin
  update sessions set revoked_at = now() where user_id = new.id and revoked_at is null;
  if old.role = 'ADMIN' and old.is_active and not (new.role = 'ADMIN' and new.is_active) then
    -- Two administrators demoting each other take turns; the second one sees the first one's commit.
    perform pg_advisory_xact_lock(hashtext('last_admin'));
    perform guard(exists (select from users where role = 'ADMIN' and is_active), 'LAST_ADMIN');
  end if;
  return null;
end $$;
--> statement-breakpoint
create trigger user_access_changed after update on users for each row
  when (old.role <> new.role or old.is_active <> new.is_active or old.password_changed_at <> new.password_changed_at)
  execute function user_access_changed();
--> statement-breakpoint

create extension if not exists btree_gist;
--> statement-breakpoint
alter table delivery_slots add constraint delivery_slots_no_overlap exclude using gist (
  branch_id with =, day_of_week with =,
  int4range(extract(epoch from start_time)::integer, extract(epoch from end_time)::integer) with &&
) where (is_active);
--> statement-breakpoint

insert into settings (id) values (1);
--> statement-breakpoint

-- The Worker's role owns nothing. Its password and LOGIN are given outside the migrations.
do $$
begin
  if not exists (select from pg_roles where rolname = 'mami_app') then
    create role mami_app nologin;
  end if;
exception when duplicate_object or unique_violation then null;
end $$;
--> statement-breakpoint
grant usage on schema public to mami_app;
--> statement-breakpoint
grant select, insert, update, delete on all tables in schema public to mami_app;
--> statement-breakpoint
alter default privileges in schema public grant select, insert, update, delete on tables to mami_app;
--> statement-breakpoint
revoke update, delete on audit_log, stock_movements, order_events from mami_app;
--> statement-breakpoint
revoke insert, update, delete on inventory from mami_app;
--> statement-breakpoint
grant insert (product_id, branch_id, reorder_point), update (reorder_point, updated_at) on inventory to mami_app;
