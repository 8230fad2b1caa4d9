-- Makes the partitions of the coming months and drops those older than p_keep_months; returns how many of each. Rows of a month that
-- nobody made in time are in `event_months.rest`, and move. Attaching needs no lock that writers wait for; dropping needs a short
-- one, and rather fails, to be tried again, than to keep writers waiting.
create or replace function keep_event_months(p_keep_months integer) returns table (made integer, dropped integer)
  language plpgsql rows 1 security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  month timestamp;
  name text;
  first timestamptz;
  next_first timestamptz;
  old_lock_timeout text := current_setting('lock_timeout');
begin
  made := 0;
  dropped := 0;
  -- Two runs at once would make the same month.
  if not pg_try_advisory_xact_lock(hashtext('keep_event_months')) then
    return next;
    return;
  end if;
  perform set_config('lock_timeout', '500ms', true);
  for month in select date_trunc('month', now() at time zone 'UTC') + make_interval(months => n) from generate_series(0, 2) n loop
    name := to_char(month, '"m"YYYY_MM');
    if to_regclass('event_months.' || name) is null then
      execute format('create table event_months.%I (like public.events including all excluding identity)', name);
      first := month at time zone 'UTC';
      next_first := (month + interval '1 month') at time zone 'UTC';
      execute format('with late as (delete from event_months.rest where created_at >= %L and created_at < %L returning *)
        insert into event_months.%I select * from late', first, next_first, name);
      execute format('alter table public.events attach partition event_months.%I for values from (%L) to (%L)', name, first,
        next_first);
      made := made + 1;
    end if;
  end loop;
  for name in
    select c.relname from pg_class c
      where c.relnamespace = 'event_months'::regnamespace and c.relkind = 'r' and c.relname ~ '^m\d{4}_\d{2}$'
        and to_date(c.relname, '"m"YYYY_MM') < date_trunc('month', now() at time zone 'UTC') - make_interval(months => p_keep_months)
      order by 1
  loop
    execute format('drop table event_months.%I', name);
    dropped := dropped + 1;
  end loop;
  perform set_config('lock_timeout', old_lock_timeout, true);
  return next;
end $$;
