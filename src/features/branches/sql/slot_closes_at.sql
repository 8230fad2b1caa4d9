-- When booking a slot on a date ends: so many minutes before its start, or at a time of the day before.
create or replace function slot_closes_at(p_date date, p_start_time time, p_cutoff_minutes integer, p_cutoff_day_before time,
    p_time_zone text) returns timestamptz language sql stable as $$
  select case when p_cutoff_day_before is null then slot_starts_at(p_date, p_start_time, p_time_zone) - make_interval(mins => p_cutoff_minutes)
    else slot_starts_at(p_date - 1, p_cutoff_day_before, p_time_zone) end
$$;
