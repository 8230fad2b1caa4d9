-- Issues the credit note in the transaction that records or fails a refund, whichever that is. At its commit: numbers are the last
-- lock taken.
-- Owner's rights: the Worker's role may not issue credit notes itself.
create or replace function refund_noted() returns trigger
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  perform issue_credit_note(new.id);
  return null;
end $$;

drop trigger if exists refund_noted on refunds;

create constraint trigger refund_noted after insert on refunds deferrable initially deferred for each row
  execute function refund_noted();

drop trigger if exists refund_failed_noted on refunds;

create constraint trigger refund_failed_noted after update on refunds deferrable initially deferred for each row
  when (old.status <> new.status and 'FAILED' in (old.status, new.status)) execute function refund_noted();
