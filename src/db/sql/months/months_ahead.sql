-- For how many months after the present one every table of monthly_tables has its partition. Without one, inserts of that month would fail.
create or replace function months_ahead() returns integer language sql stable as $$
  select min(ahead)::integer from (
    select count(c.oid) as ahead
    from monthly_tables() t
    left join pg_inherits i on i.inhparent = t.name::regclass
    left join pg_class c on c.oid = i.inhrelid and right(c.relname, 7) > to_char(now() at time zone 'UTC', 'YYYY_MM')
      and c.relname ~ '_\d{4}_\d{2}$'
    group by t.name
  ) months
$$;
