-- Applies the amendment of an attempt whose money was taken or reserved; the order is locked. Answers null, or why it came too late:
-- then nothing is changed, and the caller gives the money back.
create or replace function settle_amendment(p_amendment_id integer) returns text language plpgsql as $$
begin
  perform apply_amendment(p_amendment_id);
  return null;
exception when sqlstate 'MSGRD' or integrity_constraint_violation then
  perform close_amendment(p_amendment_id, case sqlstate when 'MSGRD' then sqlerrm else 'CONFLICT' end);
  return case sqlstate when 'MSGRD' then sqlerrm else 'CONFLICT' end;
end $$;

comment on function settle_amendment is 'nullable: settle_amendment';
