-- The start of a slot on a date in the shop's time zone.
create or replace function slot_starts_at(p_date date, p_start_time time, p_time_zone text)
  returns timestamptz language sql stable as $$ select (p_date + p_start_time) at time zone p_time_zone $$;
