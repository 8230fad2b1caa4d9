-- The slot's next date, in the shop's time zone, that is not closed by an exception; if all that can be booked are, the first one after.
create or replace function slot_open_date(p_slot_id integer, p_branch_id integer, p_day_of_week integer, p_start_time time,
    p_booking_days integer, p_time_zone text) returns date language plpgsql stable as $$
declare
  last date := (now() at time zone p_time_zone)::date + p_booking_days;
  upcoming date := slot_next_date(p_day_of_week, p_start_time, p_time_zone);
begin
  while upcoming <= last and (slot_exception(p_slot_id, p_branch_id, upcoming)).closed loop
    upcoming := upcoming + 7;
  end loop;
  return upcoming;
end $$;
