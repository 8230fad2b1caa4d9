-- First statement of every authenticated batch: checks, in the transaction of the work, that the session is valid and that the
-- user is active and has one of the roles. Returns the user id, so that the call can be used as p_user_id.
-- Raises MS401 (AUTH_REQUIRED), MS403 (AUTHORIZATION_ERROR), and TOTP_SETUP_REQUIRED where the shop requires TOTP of its staff.
-- Limits staff to their branch where the shop wants that.
create or replace function begin_request(p_session_id integer, p_user_id integer, p_roles text[], p_request_id text,
    p_needs_totp boolean default false)
  returns integer language plpgsql as $$
declare
  role text;
  is_active boolean;
  is_stale boolean;
  has_totp boolean;
  branch_id integer;
  rules record;
  done text;
begin
  select u.role, u.is_active, s.last_used_at < now() - interval '5 minutes', u.totp_enabled_at is not null,
      coalesce(u.default_branch_id, 0)
    into role, is_active, is_stale, has_totp, branch_id
    from sessions s join users u on u.id = s.user_id
    where s.id = p_session_id and s.user_id = p_user_id and s.revoked_at is null and s.expires_at > now();
  if is_active is not true then
    raise exception using errcode = 'MS401', message = 'AUTH_REQUIRED';
  end if;
  if not role = any (p_roles) then
    raise exception using errcode = 'MS403', message = 'AUTHORIZATION_ERROR';
  end if;
  if role <> 'CUSTOMER' then
    select require_staff_totp, branch_scoped_staff into rules from settings;
    if p_needs_totp and rules.require_staff_totp and not has_totp then
      perform guard(false, 'TOTP_SETUP_REQUIRED');
    end if;
    -- Whoever has no branch sees none: 0 is the id of nothing.
    if rules.branch_scoped_staff and role <> 'ADMIN' then
      done := set_config('app.branch_id', branch_id::text, true);
    end if;
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
