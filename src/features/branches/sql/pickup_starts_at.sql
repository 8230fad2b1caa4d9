-- A pickup starts at the first full hour that is at least two hours away and two hours before closing.
create or replace function pickup_starts_at(p_opens time, p_closes time, p_time_zone text) returns timestamptz language sql stable as $$
  select case
      when earliest < day + p_opens then day + p_opens
      when earliest + interval '2 hours' > day + p_closes then day + interval '1 day' + p_opens
      else earliest
    end at time zone p_time_zone
  from (select date_trunc('hour', (now() + interval '2 hours') at time zone p_time_zone + interval '59 minutes 59.999999 seconds') as earliest) rounded
  cross join lateral (select date_trunc('day', earliest) as day) calendar
$$;
