-- Issues the receipt of an order whose payment is captured, unless it has one. Its day decides on its year and its VAT rate. The total
-- is what was captured, and the credit spent: in CHARGE for the lines as ordered, in AUTHORIZE as picked.
-- Owner's rights: the Worker's role can neither write receipts nor numbers. It may call this: without a capture it does nothing.
-- By index alone, whatever the size of the tables when the plan was made (docs/decisions/0041).
create or replace function issue_receipt(p_order_id integer) returns void
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp
  set enable_seqscan = off set enable_mergejoin = off set enable_hashjoin = off as $$
declare
  sale record;
  number integer;
  rate numeric;
begin
  select o.branch_id, p.captured_at, (p.captured_at at time zone o.time_zone)::date as day, p.mode = 'AUTHORIZE' as is_picked,
      p.captured_amount + spent.credit as total, spent.credit,
      o.delivery_fee + goods.standard as standard,
      goods.deposits, s.seller_name, s.seller_address, s.seller_tax_id, u.full_name
    into sale
    from orders o
    join payments p on p.order_id = o.id
    join users u on u.id = o.user_id
    cross join settings s
    cross join lateral (
      select p.credit_amount - coalesce(sum(r.amount), 0) as credit from refunds r
      where r.order_id = o.id and is_before_capture(r)
    ) spent
    cross join lateral (
      select coalesce(sum(case l.tax_class when 'STANDARD' then l.amount else 0 end), 0) as standard,
        coalesce(sum(l.deposit), 0) as deposits
      from receipt_lines(o.id, p.mode = 'AUTHORIZE') l
    ) goods
    where o.id = p_order_id and p.status = 'CAPTURED' and not exists (select from receipts r where r.order_id = o.id);
  if not found then
    return;
  end if;
  number := next_serial('RECEIPT', sale.branch_id, extract(year from sale.day)::integer);
  -- Under the lock on the counter, which excludes add_tax_rate.
  rate := coalesce((select t.rate from tax_rates t where t.first_day <= sale.day order by t.first_day desc limit 1), 0);
  insert into receipts (order_id, branch_id, year, serial, issued_at, issued_on, total, standard_total, deposit_total, vat, vat_rate,
      credit_amount, is_picked, seller_name, seller_address, seller_tax_id, customer_name)
    values (p_order_id, sale.branch_id, extract(year from sale.day), number, sale.captured_at, sale.day, sale.total, sale.standard,
      sale.deposits, vat_in(sale.standard, rate), rate, sale.credit, sale.is_picked,
      sale.seller_name, sale.seller_address, sale.seller_tax_id, sale.full_name);
end $$;
