-- Claims an idempotency key of one route (p_scope). Answers null when the key is the caller's now, else what known_key tells of
-- whoever had it first. A first request whose transaction is still open cannot be seen in the table: its advisory lock tells of it,
-- so that nobody waits for its commit. p_lease_seconds says how long the first is taken to be at work.
create or replace function claim_key(p_user_id integer, p_scope text, p_key text, p_fingerprint text, p_attempt text,
    p_lease_seconds integer, p_order_id integer default null) returns jsonb language plpgsql as $$
declare
  claimed_until timestamptz := now() + make_interval(secs => p_lease_seconds);
begin
  if not pg_try_advisory_xact_lock(hashtextextended(p_user_id || ' ' || p_scope || ' ' || p_key, 0)) then
    return jsonb_build_object('fingerprint', p_fingerprint, 'status', null, 'body', null, 'order_id', null,
      'seconds_left', p_lease_seconds);
  end if;
  insert into idempotency_keys as k (user_id, scope, key, fingerprint, attempt, leased_until, order_id)
    values (p_user_id, p_scope, p_key, p_fingerprint, p_attempt, claimed_until, p_order_id)
    on conflict (user_id, scope, key) do update set
      fingerprint = excluded.fingerprint, attempt = excluded.attempt, leased_until = excluded.leased_until,
      order_id = excluded.order_id, response_status = null, response_body = null, created_at = now()
    where idempotency_key_expired(k.created_at) and k.response_status is not null;
  if found then
    return null;
  end if;
  return known_key(p_user_id, p_scope, p_key);
end $$;

comment on function claim_key is 'nullable: claim_key';
