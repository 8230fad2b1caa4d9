-- Records that the authorised money of a READY order was captured, unless that is recorded already; of an order
-- that store credit covers in the end, nothing is. With accept_payment (in CHARGE)
-- the only place where a payment becomes CAPTURED.
-- p_key is the authorisation that the provider was asked about: another one may have taken its place meanwhile. Null: whichever there is.
create or replace function record_capture(p_order_id integer, p_key text default null) returns boolean language plpgsql as $$
begin
  update payments set status = 'CAPTURED', captured_at = now()
    where order_id = p_order_id and capture_amount is not null and idempotency_key = coalesce(p_key, idempotency_key)
      and (status = 'AUTHORIZED' or status = 'FAILED' and capture_amount = 0);
  return found;
end $$;
