-- Whether somebody who follows an order or a floor still may: begin_following without its refusals.
create or replace function may_follow(p_session_id integer, p_key_hash text, p_user_id integer, p_order_id integer, p_branch_id integer)
  returns boolean language plpgsql as $$
begin
  perform begin_following(p_session_id, p_key_hash, p_user_id, p_order_id, p_branch_id, 'live');
  return true;
exception
  when sqlstate 'MS401' or sqlstate 'MS403' or sqlstate 'MSGRD' then
    return false;
end $$;
