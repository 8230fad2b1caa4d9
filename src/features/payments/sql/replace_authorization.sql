-- Puts the authorisation of an attempt in the place of its payment's present one. Security definer: the Worker's role may not change
-- the amount or the provider of a payment by any other way.
create or replace function replace_authorization(p_attempt_id integer, p_capture_before timestamptz) returns void
  language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  update payments p set status = 'AUTHORIZED', provider = a.provider, payment_token_id = a.payment_token_id,
      idempotency_key = a.idempotency_key, amount = a.amount, reference = a.reference, capture_before = p_capture_before,
      decline_reason = null, checked_at = null
    from payment_attempts a
    where a.id = p_attempt_id and a.status = 'AUTHORIZED' and p.id = a.payment_id and p.status in ('AUTHORIZED', 'FAILED')
$$;
