-- First statement of every authenticated batch: checks, in the transaction of the work, that the session is valid and that the
-- user is active and has one of the roles. Returns the user id, so that the call can be used as p_user_id.
-- Raises MS401 (AUTH_REQUIRED) and MS403 (AUTHORIZATION_ERROR).
create or replace function begin_request(p_session_id integer, p_user_id integer, p_roles text[], p_request_id text)
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
    update sessions set last_used_at = now() where id = p_session_id and revoked_at is null;
    if not found then
      raise exception using errcode = 'MS401', message = 'AUTH_REQUIRED';
    end if;
  end if;
  return p_user_id;
end $$;
