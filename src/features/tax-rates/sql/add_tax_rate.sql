-- Adds a VAT rate. No receipt is issued meanwhile, and none may have been issued on its first day or later.
-- Owner's rights: the Worker's role may not lock the counters.
create or replace function add_tax_rate(p_rate numeric, p_first_day date) returns void
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  last_day date;
begin
  lock table receipt_counters in share mode;
  perform guard(not exists (select from tax_rates where first_day = p_first_day), 'TAX_RATE_EXISTS');
  -- By the year, which the index on numbers has.
  select max(r.issued_on) into last_day
    from receipt_counters c join receipts r on r.branch_id = c.branch_id and r.year = c.year
    where c.series = 'RECEIPT' and c.year >= extract(year from p_first_day);
  perform guard(last_day is null or last_day < p_first_day, 'TAX_RATE_USED', jsonb_build_object('last_receipt_on', last_day));
  insert into tax_rates (rate, first_day) values (p_rate, p_first_day);
end $$;
