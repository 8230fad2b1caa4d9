-- Records that the authorised money of a READY order was captured, unless that is recorded already. With accept_payment (in CHARGE)
-- the only place where a payment becomes CAPTURED.
create or replace function record_capture(p_order_id integer) returns boolean language plpgsql as $$
begin
  update payments set status = 'CAPTURED', captured_at = now()
    where order_id = p_order_id and status = 'AUTHORIZED' and capture_amount is not null;
  return found;
end $$;
