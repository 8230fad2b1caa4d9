-- What a slot offers on one of its dates: when it starts and ends, until when it can be booked, how many places it has and has left
-- (null: no limit), its fee (null: no fee of its own), and why it cannot be booked: TOO_FAR_AHEAD, OUTSIDE_SERVICE_HOURS, CLOSED, CUT_OFF,
-- FULL or null. The slot's row must be locked before anything is decided by it.
create or replace function slot_offer(p_slot_id integer, p_date date, p_cart_id integer, p_booking_days integer, p_time_zone text,
    out starts_at timestamptz, out ends_at timestamptz, out closes_at timestamptz, out capacity integer, out places_left integer,
    out fee numeric, out refusal text) language plpgsql stable as $$
#variable_conflict use_column
declare
  slot record;
  exception slot_exceptions;
begin
  select d.id, d.branch_id, d.start_time, d.end_time, d.cutoff_minutes, d.cutoff_day_before, d.capacity, d.fee,
      d.start_time >= s.opens_at and d.end_time <= s.closes_at as is_served into slot
    from delivery_slots d cross join settings s where d.id = p_slot_id;
  exception := slot_exception(slot.id, slot.branch_id, p_date);
  starts_at := slot_starts_at(p_date, slot.start_time, p_time_zone);
  ends_at := slot_starts_at(p_date, slot.end_time, p_time_zone);
  closes_at := slot_closes_at(p_date, slot.start_time, slot.cutoff_minutes, slot.cutoff_day_before, p_time_zone);
  capacity := coalesce(exception.capacity, slot.capacity);
  places_left := capacity - slot_places_taken(slot.id, p_date, p_cart_id);
  fee := slot.fee;
  refusal := case
    when p_date > (now() at time zone p_time_zone)::date + p_booking_days then 'TOO_FAR_AHEAD'
    when not slot.is_served then 'OUTSIDE_SERVICE_HOURS'
    when exception.closed then 'CLOSED'
    when least(closes_at, starts_at) <= now() then 'CUT_OFF'
    when places_left <= 0 then 'FULL'
  end;
end $$;

comment on function slot_offer is 'nullable: capacity, places_left, fee, refusal';
