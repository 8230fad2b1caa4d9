-- Closes a date, or gives it another capacity, for a branch or one slot of it.
create or replace function add_slot_exception(p_user_id integer, p_branch_id integer, p_date date, p_slot_id integer,
    p_closed boolean, p_capacity integer, p_reason text, p_force boolean, p_time_zone text)
  returns table (id integer) language plpgsql rows 1 as $$
#variable_conflict use_column
declare
  day_of_week integer;
begin
  perform lock_slots(p_branch_id, p_slot_id);
  perform guard(p_date >= (now() at time zone p_time_zone)::date, 'PAST_DATE');
  select d.day_of_week into day_of_week from delivery_slots d where d.id = p_slot_id;
  perform guard(p_slot_id is null or day_of_week = extract(dow from p_date), 'INVALID_SLOT', '{"reason": "WRONG_WEEKDAY"}');
  if p_closed and not p_force then
    perform refuse_booked(p_branch_id, jsonb_build_array(jsonb_build_object('date', p_date, 'slot_id', p_slot_id)));
  end if;
  insert into slot_exceptions (branch_id, date, slot_id, closed, capacity, reason)
    values (p_branch_id, p_date, p_slot_id, p_closed, p_capacity, p_reason) returning slot_exceptions.id into id;
  return next;
end $$;
