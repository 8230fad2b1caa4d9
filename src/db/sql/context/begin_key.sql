-- As begin_request, for a call with an API key: checks, in the transaction of the work, that the key is valid, that its creator is
-- still an administrator, and that it has one of the scopes (null: a check of the key alone). The key acts for its creator.
create or replace function begin_key(p_key_hash text, p_user_id integer, p_scopes text[], p_request_id text)
  returns integer language plpgsql as $$
declare
  key record;
  done text;
begin
  select k.id, k.scopes, k.branch_id, coalesce(k.last_used_at < now() - interval '5 minutes', true) as is_stale
    into key
    from api_keys k join users u on u.id = k.created_by
    where k.key_hash = p_key_hash and k.created_by = p_user_id and k.revoked_at is null
      and coalesce(k.expires_at > now(), true) and u.is_active and u.role = 'ADMIN';
  if key.id is null then
    raise exception using errcode = 'MS401', message = 'AUTH_REQUIRED';
  end if;
  if not key.scopes && p_scopes then
    raise exception using errcode = 'MS403', message = 'AUTHORIZATION_ERROR';
  end if;
  done := set_config('app.actor_id', p_user_id::text, true);
  done := set_config('app.request_id', p_request_id, true);
  done := set_config('app.api_key_id', key.id::text, true);
  done := set_config('app.branch_id', coalesce(key.branch_id::text, ''), true);
  if key.is_stale then
    update api_keys set last_used_at = now() where id = key.id and revoked_at is null;
    if not found then
      raise exception using errcode = 'MS401', message = 'AUTH_REQUIRED';
    end if;
  end if;
  return p_user_id;
end $$;
