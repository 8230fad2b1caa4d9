-- Makes the partitions of a table for each month from p_from until p_ahead months from now that has none; returns how many. They are in the
-- schema `months`, as audit_log_2026_11; what is older than all of them is in audit_log_earlier. Attaching lets writers of the table go on;
-- a month before the oldest one needs a short lock that they wait for. Migrations call it, so it is made before them.
create or replace function make_months(p_table text, p_from timestamptz, p_ahead integer) returns integer
  language plpgsql set search_path = pg_catalog, public, pg_temp as $$
declare
  earlier text := p_table || '_earlier';
  key text;
  oldest timestamp;
  first timestamp := date_trunc('month', p_from at time zone 'UTC');
  last timestamp := date_trunc('month', now() at time zone 'UTC') + make_interval(months => p_ahead);
  month timestamp;
  name text;
  bounds text;
  is_new boolean := false;
  made integer := 0;
begin
  select a.attname into key from pg_partitioned_table p join pg_attribute a on a.attrelid = p.partrelid and a.attnum = p.partattrs[0]
    where p.partrelid = p_table::regclass;
  select min(to_date(right(c.relname, 7), 'YYYY_MM')) into oldest from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = p_table::regclass and c.relname ~ '_\d{4}_\d{2}$';
  if to_regclass('months.' || earlier) is null then
    execute format('create table months.%I (like public.%I including all excluding identity)', earlier, p_table);
    is_new := true;
  elsif first < oldest then
    execute format('alter table public.%I detach partition months.%I', p_table, earlier);
    execute format('alter table months.%I disable trigger user', earlier);
  end if;
  for month in select generate_series(first, last, interval '1 month') loop
    name := p_table || to_char(month, '"_"YYYY_MM');
    continue when to_regclass('months.' || name) is not null;
    bounds := format('(%L) to (%L)', month at time zone 'UTC', (month + interval '1 month') at time zone 'UTC');
    execute format('create table months.%I (like public.%I including all excluding identity)', name, p_table);
    if month < oldest then
      execute format('with late as (delete from months.%1$I where %2$I >= %3$L and %2$I < %4$L returning *) insert into months.%5$I select * from late',
        earlier, key, month at time zone 'UTC', (month + interval '1 month') at time zone 'UTC', name);
    end if;
    execute format('alter table public.%I attach partition months.%I for values from %s', p_table, name, bounds);
    made := made + 1;
  end loop;
  if is_new or first < oldest then
    execute format('alter table months.%I enable trigger user', earlier);
    execute format('alter table public.%I attach partition months.%I for values from (minvalue) to (%L)', p_table, earlier,
      least(first, oldest) at time zone 'UTC');
  end if;
  return made;
end $$;

revoke execute on function make_months(text, timestamptz, integer) from public;
