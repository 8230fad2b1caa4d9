-- Issues the receipt of an order whose payment is captured, once. Its day decides on its year and its VAT rate. The total is what was
-- captured, and credit spent; where that is less than what was ordered, it is for the lines as picked.
-- Owner's rights: the Worker's role can neither write receipts nor numbers.
create or replace function issue_receipt(p_order_id integer) returns void
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  sale record;
  goods record;
  number integer;
begin
  select o.branch_id, o.delivery_fee, p.amount + p.credit_amount as total, p.credit_amount, p.captured_at,
      (p.captured_at at time zone o.time_zone)::date as day, p.amount + p.credit_amount < o.total_amount as is_picked,
      s.seller_name, s.seller_address, s.seller_tax_id, u.full_name
    into sale
    from orders o join payments p on p.order_id = o.id join users u on u.id = o.user_id cross join settings s
    where o.id = p_order_id;
  if exists (select from receipts where order_id = p_order_id) then
    return;
  end if;
  select coalesce(sum(l.amount) filter (where l.tax_class = 'STANDARD'), 0) + sale.delivery_fee as standard,
      coalesce(sum(l.deposit), 0) as deposits
    into goods
    from receipt_lines(p_order_id, sale.is_picked) l;
  number := next_serial('RECEIPT', sale.branch_id, extract(year from sale.day)::integer);
  -- The rate is read under the lock on the counter, which excludes add_tax_rate.
  insert into receipts (order_id, branch_id, year, serial, issued_at, issued_on, total, standard_total, deposit_total, vat, vat_rate,
      credit_amount, is_picked, seller_name, seller_address, seller_tax_id, customer_name)
    select p_order_id, sale.branch_id, extract(year from sale.day), number, sale.captured_at, sale.day, sale.total, goods.standard,
      goods.deposits, vat_in(goods.standard, today.rate), today.rate, sale.credit_amount, sale.is_picked,
      sale.seller_name, sale.seller_address, sale.seller_tax_id, sale.full_name
    from (
      select coalesce((select t.rate from tax_rates t where t.first_day <= sale.day order by t.first_day desc limit 1), 0) as rate
    ) today;
end $$;

revoke execute on function issue_receipt(integer) from public;
