-- How many notifications somebody has not read. In PL/pgSQL, as notifications_of.
create or replace function unread_of(p_user_id integer) returns integer
  language plpgsql stable set plan_cache_mode = force_generic_plan as $$
begin
  return (select count(*) from notifications n where n.user_id = p_user_id and n.read_at is null);
end $$;
