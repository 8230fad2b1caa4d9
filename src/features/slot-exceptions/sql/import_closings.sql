-- Closes what the events of a calendar cover: each event is [{date}] for whole days or [{start, end, zone}], local times in a zone, for
-- the slots that overlap them. Days that have passed are left out, and so are exceptions that exist: an import repeated changes nothing.
-- Tells how many events closed something new.
create or replace function import_closings(p_user_id integer, p_branch_id integer, p_events jsonb, p_force boolean, p_time_zone text)
  returns table (imported integer, unchanged integer) language plpgsql rows 1 as $$
#variable_conflict use_column
declare
  fresh jsonb;
  today date := (now() at time zone p_time_zone)::date;
begin
  perform lock_slots(p_branch_id, null);
  with span as (
    select e.number, e.event ->> 'reason' as reason, c.date, (c.start at time zone c.zone) as starts_at, (c.end at time zone c.zone) as ends_at
    from jsonb_array_elements(p_events) with ordinality as e (event, number)
    cross join lateral jsonb_to_recordset(e.event -> 'spans') as c (date date, start timestamp, "end" timestamp, zone text)
  ), closing as (
    select number, reason, date, null::integer as slot_id from span where date >= today
    union all
    select s.number, s.reason, day::date, d.id
    from span s
    cross join lateral generate_series(greatest((s.starts_at at time zone p_time_zone)::date, today)::timestamp,
      (s.ends_at at time zone p_time_zone)::date::timestamp, interval '1 day') day
    join delivery_slots d on d.branch_id = p_branch_id and d.is_active and d.day_of_week = extract(dow from day)
    where s.date is null
      and slot_starts_at(day::date, d.start_time, p_time_zone) < s.ends_at
      and slot_starts_at(day::date, d.end_time, p_time_zone) > s.starts_at
  ), first as (
    select distinct on (date, slot_id) * from closing c
    where not exists (
      select from slot_exceptions x where x.branch_id = p_branch_id and x.date = c.date and x.slot_id is not distinct from c.slot_id)
    order by date, slot_id, number
  )
  select coalesce(jsonb_agg(first), '[]') into fresh from first;
  if not p_force then
    perform refuse_booked(p_branch_id, fresh);
  end if;
  insert into slot_exceptions (branch_id, date, slot_id, closed, reason)
    select p_branch_id, f.date, f.slot_id, true, f.reason
    from jsonb_to_recordset(fresh) as f (date date, slot_id integer, reason text) order by f.date, f.slot_id;
  select count(distinct f.number)::integer into imported from jsonb_to_recordset(fresh) as f (number integer);
  unchanged := jsonb_array_length(p_events) - imported;
  return next;
end $$;
