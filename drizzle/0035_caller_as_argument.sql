-- As before, but they answer the user: so they can stand in the place of p_user_id where one function is the whole transaction,
-- which takes no statement of their own then.
drop function begin_request(integer, integer, text[], text);
--> statement-breakpoint
create function begin_request(p_session_id integer, p_user_id integer, p_roles text[], p_request_id text)
  returns integer language plpgsql as $$
declare
  role text;
  is_active boolean;
  is_stale boolean;
  done text;
begin
  select u.role, u.is_active, s.last_used_at < now() - interval '5 minutes'
    into role, is_active, is_stale
    from sessions s join users u on u.id = s.user_id
    where s.id = p_session_id and s.user_id = p_user_id and s.revoked_at is null and s.expires_at > now();
  if is_active is not true then
    raise exception using errcode = 'MS401', message = 'AUTH_REQUIRED';
  end if;
  if not role = any (p_roles) then
    raise exception using errcode = 'MS403', message = 'AUTHORIZATION_ERROR';
  end if;
  done := set_config('app.actor_id', p_user_id::text, true);
  done := set_config('app.request_id', p_request_id, true);
  if is_stale then
    update sessions set last_used_at = now() where id = p_session_id;
  end if;
  return p_user_id;
end $$;
