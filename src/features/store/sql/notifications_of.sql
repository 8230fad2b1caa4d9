-- A page of somebody's notifications, newest first. In PL/pgSQL, which keeps its plan: planning for every month takes longer than reading.
create or replace function notifications_of(p_user_id integer, p_limit integer, p_offset integer) returns setof notifications
  language plpgsql stable rows 50 set plan_cache_mode = force_generic_plan as $$
begin
  return query select * from notifications n where n.user_id = p_user_id order by n.id desc limit p_limit offset p_offset;
end $$;
