-- The next date, in the shop's time zone, on which a weekly slot has not started yet. 0 = Sunday.
create or replace function slot_next_date(p_day_of_week integer, p_start_time time, p_time_zone text)
  returns date language plpgsql stable as $$
declare
  today date := now() at time zone p_time_zone;
  upcoming date := today + (p_day_of_week - extract(dow from today)::integer + 7) % 7;
begin
  return case when (upcoming + p_start_time) at time zone p_time_zone > now() then upcoming else upcoming + 7 end;
end $$;
