-- Claims an idempotency key for a confirm, or refuses with the row of whoever holds it.
create or replace function claim_key(p_user_id integer, p_key text, p_fingerprint text, p_attempt text, p_lease_seconds integer,
    p_order_id integer) returns void language plpgsql as $$
declare
  claimed_until timestamptz := now() + make_interval(secs => p_lease_seconds);
begin
  insert into idempotency_keys as k (user_id, key, fingerprint, attempt, leased_until, order_id)
    values (p_user_id, p_key, p_fingerprint, p_attempt, claimed_until, p_order_id)
    on conflict (user_id, key) do update set
      fingerprint = excluded.fingerprint, attempt = excluded.attempt, leased_until = excluded.leased_until,
      order_id = excluded.order_id, response_status = null, response_body = null, created_at = now()
    where idempotency_key_expired(k.created_at) and k.response_status is not null;
  if not found then
    perform guard(false, 'IDEMPOTENCY_IN_PROGRESS', jsonb_build_object('known', known_key(p_user_id, p_key)));
  end if;
end $$;
