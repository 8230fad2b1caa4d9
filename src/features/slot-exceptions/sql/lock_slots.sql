-- Locks the slots of a branch, or one of them, against bookings, and refuses what is not there. A booking locks its slot as well, so that
-- either it sees the exception that follows, or the exception sees the booking.
create or replace function lock_slots(p_branch_id integer, p_slot_id integer) returns void language plpgsql as $$
begin
  perform guard(exists (select from branches b where b.id = p_branch_id), 'BRANCH_NOT_FOUND');
  perform from delivery_slots d where d.branch_id = p_branch_id and (p_slot_id is null or d.id = p_slot_id)
    order by d.id for no key update;
  perform guard(p_slot_id is null or found, 'SLOT_NOT_FOUND');
end $$;
