-- Issues the receipt in the transaction that records the capture, whichever that is. At its commit: numbers are the last lock taken.
create or replace function payment_captured() returns trigger language plpgsql as $$
begin
  perform issue_receipt(new.order_id);
  return null;
end $$;

drop trigger if exists payment_inserted_captured on payments;

create constraint trigger payment_inserted_captured after insert on payments deferrable initially deferred for each row
  when (new.status = 'CAPTURED') execute function payment_captured();

drop trigger if exists payment_captured on payments;

create constraint trigger payment_captured after update on payments deferrable initially deferred for each row
  when (new.status = 'CAPTURED' and old.status <> 'CAPTURED') execute function payment_captured();
