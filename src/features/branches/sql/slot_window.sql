-- A slot on a date (by default its next one) with its free places; no row when the shop cannot deliver then.
create or replace function slot_window(p_slot_id integer, p_branch_id integer, p_date date, p_cart_id integer,
    p_booking_days integer, p_time_zone text)
  returns table (slot_id integer, delivery_date date, window_start timestamptz, window_end timestamptz, places_left integer)
  language plpgsql stable rows 1 as $$
#variable_conflict use_column
declare
  slot record;
begin
  select d.id, d.day_of_week, d.start_time, d.end_time, d.capacity into slot
    from delivery_slots d join settings s on d.start_time >= s.opens_at and d.end_time <= s.closes_at
    where d.id = p_slot_id and d.branch_id = p_branch_id and d.is_active;
  if not found then
    return;
  end if;
  slot_id := slot.id;
  delivery_date := coalesce(p_date, slot_next_date(slot.day_of_week, slot.start_time, p_time_zone));
  window_start := slot_starts_at(delivery_date, slot.start_time, p_time_zone);
  window_end := slot_starts_at(delivery_date, slot.end_time, p_time_zone);
  if extract(dow from delivery_date) <> slot.day_of_week or window_start <= now()
    or delivery_date > (now() at time zone p_time_zone)::date + p_booking_days then
    return;
  end if;
  places_left := slot.capacity - slot_places_taken(slot_id, delivery_date, p_cart_id);
  return next;
end $$;
