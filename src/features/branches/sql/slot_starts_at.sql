-- When a slot begins on a date of the shop's calendar.
create or replace function slot_starts_at(p_date date, p_start_time time, p_time_zone text)
  returns timestamptz language sql stable as $$ select (p_date + p_start_time) at time zone p_time_zone $$;
