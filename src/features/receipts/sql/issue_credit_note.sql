-- Issues the credit note of a refund, so that receipt less credit notes is what the order costs in the end: also a negative one, of a
-- refund that failed. Its VAT is the difference that it makes to the VAT of what is left of the receipt, so that the sum is exact. A
-- refund of money that has no receipt, or before its capture, has no credit note. The caller has the payment locked.
-- Owner's rights: the Worker's role can neither write credit notes nor numbers.
create or replace function issue_credit_note(p_refund_id integer) returns void
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  refund refunds;
  receipt receipts;
  due numeric;
  noted record;
  remaining record;
  wanted record;
  part record;
  issued timestamptz;
  day date;
  number integer;
begin
  select * into refund from refunds where id = p_refund_id;
  select * into receipt from receipts where order_id = refund.order_id;
  if not found or is_before_capture(refund) then
    return;
  end if;
  due := case refund.status when 'FAILED' then refund.credit_amount else refund.amount end;
  select coalesce(sum(n.total), 0) as total, coalesce(sum(n.standard_total), 0) as standard,
      coalesce(sum(n.deposit_total), 0) as deposit, coalesce(sum(n.total - n.standard_total - n.deposit_total), 0) as zero
    into noted from credit_notes n where n.refund_id = p_refund_id;
  if due = noted.total then
    return;
  end if;
  select receipt.standard_total - coalesce(sum(n.standard_total), 0) as standard,
      receipt.deposit_total - coalesce(sum(n.deposit_total), 0) as deposit,
      receipt.total - receipt.standard_total - receipt.deposit_total
        - coalesce(sum(n.total - n.standard_total - n.deposit_total), 0) as zero
    into remaining from credit_notes n where n.order_id = receipt.order_id;
  if due > noted.total and refund.reason = 'AMENDMENT' then
    select s.* into part from order_amendments a cross join lateral split_credit(due, -a.standard_change,
        a.standard_change + a.deposit_change - a.difference, -a.deposit_change, remaining.standard, remaining.zero, remaining.deposit) s
      where a.refund_id = p_refund_id;
  elsif due > noted.total then
    select sum(case l.tax_class when 'STANDARD' then l.amount else 0 end) as standard,
        sum(case l.tax_class when 'ZERO' then l.amount else 0 end) as zero, sum(l.deposit) as deposit
      into wanted from refunded_lines l where l.refund_id = p_refund_id;
    select * into part from split_credit(due - noted.total, wanted.standard, wanted.zero, wanted.deposit,
      remaining.standard, remaining.zero, remaining.deposit);
  else
    -- What stays of the refund keeps its proportions. Rounded cumulatively: no part exceeds what it was.
    select kept.standard - noted.standard as standard, due - kept.goods - noted.deposit as deposit into part
      from (
        select round(noted.standard * due / noted.total, 2) as standard,
          round((noted.standard + noted.zero) * due / noted.total, 2) as goods
      ) kept;
  end if;
  issued := case when noted.total = 0 then refund.created_at else now() end;
  day := (issued at time zone (select o.time_zone from orders o where o.id = refund.order_id))::date;
  number := next_serial('CREDIT_NOTE', receipt.branch_id, extract(year from day)::integer);
  insert into credit_notes (order_id, refund_id, branch_id, year, serial, issued_at, issued_on, total, standard_total,
      deposit_total, vat, reason)
    values (receipt.order_id, refund.id, receipt.branch_id, extract(year from day), number, issued, day, due - noted.total, part.standard,
      part.deposit,
      vat_in(remaining.standard, receipt.vat_rate) - vat_in(remaining.standard - part.standard, receipt.vat_rate),
      case when due < noted.total then 'REFUND_FAILED' else refund.reason end);
end $$;

revoke execute on function issue_credit_note(integer) from public;
