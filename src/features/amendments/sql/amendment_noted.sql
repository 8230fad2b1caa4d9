-- Issues the credit note of an amendment that the customer paid more for, a negative one, or that changed nothing but the VAT: the
-- receipt stays as it is. What an amendment pays back is a refund, which has a credit note of its own. At the commit: numbers are the
-- last lock taken.
-- Owner's rights: the Worker's role may not issue credit notes itself.
create or replace function amendment_noted() returns trigger
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  receipt receipts;
  standard_left numeric;
  day date;
begin
  select * into receipt from receipts where order_id = new.order_id;
  if not found or new.difference < 0 or new.difference = 0 and new.standard_change = 0 and new.deposit_change = 0 then
    return null;
  end if;
  select receipt.standard_total - coalesce(sum(n.standard_total), 0) into standard_left from credit_notes n where n.order_id = new.order_id;
  day := (new.confirmed_at at time zone (select o.time_zone from orders o where o.id = new.order_id))::date;
  insert into credit_notes (order_id, amendment_id, branch_id, year, serial, issued_at, issued_on, total, standard_total, deposit_total, vat, reason)
    values (new.order_id, new.id, receipt.branch_id, extract(year from day),
      next_serial('CREDIT_NOTE', receipt.branch_id, extract(year from day)::integer), new.confirmed_at, day, -new.difference,
      -new.standard_change, -new.deposit_change,
      vat_in(standard_left, receipt.vat_rate) - vat_in(standard_left + new.standard_change, receipt.vat_rate), 'AMENDMENT');
  return null;
end $$;

drop trigger if exists amendment_noted on order_amendments;

create constraint trigger amendment_noted after update on order_amendments deferrable initially deferred for each row
  when (new.status = 'CONFIRMED' and old.status <> 'CONFIRMED') execute function amendment_noted();
