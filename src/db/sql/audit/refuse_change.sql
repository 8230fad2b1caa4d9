-- Trigger that makes a table append-only. The one exception is the erasure of a person's words and values by the owner of the table
-- (erase_person): it deletes no row. keep_months gives it to partitions. The setting alone is not enough, because the Worker's role could make it too.
create or replace function refuse_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and tg_table_name in ('audit_log', 'credit_entries') and current_setting('app.erasing', true) = 'on'
    and current_user = (select pg_get_userbyid(relowner) from pg_class where oid = tg_relid) then
    return null;
  end if;
  raise exception using errcode = '42501', message = format('%s is append-only', tg_table_name);
end $$;

create or replace trigger append_only before update or delete or truncate on audit_log
  for each statement execute function refuse_change();

create or replace trigger append_only before update or delete or truncate on stock_movements
  for each statement execute function refuse_change();

create or replace trigger append_only before update or delete or truncate on order_events
  for each statement execute function refuse_change();

create or replace trigger append_only before update or delete or truncate on events
  for each statement execute function refuse_change();

create or replace trigger append_only before update or delete or truncate on credit_entries
  for each statement execute function refuse_change();

create or replace trigger append_only before update or delete or truncate on refund_lines
  for each statement execute function refuse_change();

-- All but the customer's name, which is erased with the person.
create or replace trigger append_only before update of order_id, branch_id, year, serial, issued_at, issued_on, total, standard_total,
    deposit_total, vat, vat_rate, credit_amount, is_picked, seller_name, seller_address, seller_tax_id or delete or truncate on receipts
  for each statement execute function refuse_change();

create or replace trigger append_only before update or delete or truncate on credit_notes
  for each statement execute function refuse_change();

create or replace trigger append_only before update or delete or truncate on tax_rates
  for each statement execute function refuse_change();
