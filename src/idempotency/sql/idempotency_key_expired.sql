-- How long the answer of an idempotency key is kept.
create or replace function idempotency_key_expired(p_created_at timestamptz) returns boolean language sql stable as $$
  select p_created_at < now() - interval '24 hours'
$$;
