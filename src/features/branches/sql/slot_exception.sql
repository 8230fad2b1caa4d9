-- The exception that applies to a slot on a date: its own, else that of its branch.
create or replace function slot_exception(p_slot_id integer, p_branch_id integer, p_date date)
  returns slot_exceptions language plpgsql stable as $$
declare
  exception slot_exceptions;
begin
  select * into exception from slot_exceptions e
    where e.branch_id = p_branch_id and e.date = p_date and (e.slot_id is null or e.slot_id = p_slot_id)
    order by e.slot_id limit 1;
  return exception;
end $$;
