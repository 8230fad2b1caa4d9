-- A slot on a date (by default its next one) with its free places and fee, for a checkout. Refuses a date on which it cannot be booked;
-- whether a place is left is for the caller to decide.
create or replace function slot_window(p_slot_id integer, p_branch_id integer, p_date date, p_cart_id integer,
    p_booking_days integer, p_time_zone text, out slot_id integer, out delivery_date date, out window_start timestamptz,
    out window_end timestamptz, out places_left integer, out fee numeric) language plpgsql stable as $$
#variable_conflict use_column
declare
  slot record;
  offer record;
  refusal text;
begin
  select d.id, d.day_of_week, d.start_time into slot
    from delivery_slots d where d.id = p_slot_id and d.branch_id = p_branch_id and d.is_active;
  if not found then
    perform guard(false, 'INVALID_SLOT', '{"reason": "NOT_FOUND"}');
  end if;
  slot_id := slot.id;
  delivery_date := coalesce(p_date,
    slot_open_date(slot.id, p_branch_id, slot.day_of_week, slot.start_time, p_booking_days, p_time_zone));
  offer := slot_offer(slot.id, delivery_date, p_cart_id, p_booking_days, p_time_zone);
  refusal := case when extract(dow from delivery_date) <> slot.day_of_week then 'WRONG_WEEKDAY' else nullif(offer.refusal, 'FULL') end;
  if refusal is not null then
    perform guard(false, 'INVALID_SLOT', jsonb_build_object('reason', refusal));
  end if;
  window_start := offer.starts_at;
  window_end := offer.ends_at;
  places_left := offer.places_left;
  fee := offer.fee;
end $$;
