-- Records that the authorised money of a READY order was captured, unless that is recorded already; of an order
-- that store credit covers in the end, nothing is. With accept_payment (in CHARGE)
-- the only place where a payment becomes CAPTURED.
create or replace function record_capture(p_order_id integer) returns boolean language plpgsql as $$
begin
  update payments set status = 'CAPTURED', captured_at = now()
    where order_id = p_order_id and capture_amount is not null
      and (status = 'AUTHORIZED' or status = 'FAILED' and capture_amount = 0);
  return found;
end $$;
