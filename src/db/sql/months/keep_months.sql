-- Makes the coming months of a table of monthly_tables, and drops those that it no longer keeps; returns how many of each. Attaching needs a
-- short lock on the tables that its foreign keys point to, dropping one on the table itself; both rather fail, to be tried again, than keep
-- writers waiting. With six months ahead there is time for that.
create or replace function keep_months(p_table text) returns table (made integer, dropped integer)
  language plpgsql rows 1 security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  monthly record;
  month text;
  old_lock_timeout text := current_setting('lock_timeout');
begin
  made := 0;
  dropped := 0;
  select * into monthly from monthly_tables() t where t.name = p_table;
  -- Two runs at once would make the same month.
  if not found or not pg_try_advisory_xact_lock(hashtext('keep_months ' || p_table)) then
    return next;
    return;
  end if;
  perform set_config('lock_timeout', '500ms', true);
  made := make_months(p_table, now(), 6);
  for month in
    select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
      where i.inhparent = p_table::regclass and c.relname ~ '_\d{4}_\d{2}$'
        and to_date(right(c.relname, 7), 'YYYY_MM') < date_trunc('month', now() at time zone 'UTC') - make_interval(months => monthly.kept)
      order by 1
  loop
    execute format('drop table months.%I', month);
    dropped := dropped + 1;
  end loop;
  -- What is append-only is so in its months, too: a statement's trigger fires for the table that the statement names.
  for month in
    select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
      where i.inhparent = p_table::regclass
        and exists (select from pg_trigger t where t.tgrelid = i.inhparent and t.tgname = 'append_only')
        and not exists (select from pg_trigger t where t.tgrelid = i.inhrelid and t.tgname = 'append_only')
  loop
    execute format('create trigger append_only before update or delete or truncate on months.%I for each statement execute function refuse_change()',
      month);
  end loop;
  perform set_config('lock_timeout', old_lock_timeout, true);
  return next;
end $$;
