-- Records how much of the authorised amount of a locked order that becomes READY is to be captured: its total less missing units,
-- lower weights and cheaper replacements. Weights that cost more than the order raise its total, within what was authorised for them. Store credit was spent first, so the card pays that much less; what exceeds the card's part returns to credit.
-- Does nothing for an order that was charged, or whose capture is intended already.
create or replace function intend_capture(p_order_id integer) returns void language plpgsql as $$
declare
  paid payments;
  short numeric;
  credit numeric;
  returned numeric;
begin
  select * into paid from payments where order_id = p_order_id for no key update;
  if paid.mode <> 'AUTHORIZE' or paid.capture_amount is not null or paid.status not in ('AUTHORIZED', 'FAILED') then
    return;
  end if;
  select o.total_amount - o.delivery_fee - (select coalesce(sum(l.amount + l.deposit), 0) from receipt_lines(o.id, true) l)
    into short from orders o where o.id = p_order_id;
  if short < 0 then
    perform add_weight_charge(p_order_id, -short);
    short := 0;
  end if;
  -- An amendment may have returned some of the credit already.
  credit := paid.credit_amount - paid.refunded_amount;
  update payments p set released_amount = o.total_amount - p.credit_amount - greatest(o.total_amount - short - credit, 0),
      capture_amount = greatest(o.total_amount - short - credit, 0), capture_due_at = now(), checked_at = now()
    from orders o where o.id = p.order_id and p.id = paid.id returning p.* into paid;
  select credit + short - o.total_amount into returned from orders o where o.id = p_order_id;
  if returned > 0 then
    perform make_refund(p_order_id, returned, 'CREDIT', 'MISSING');
    perform mail_refund(p_order_id, returned, returned, 'items that were missing or replaced by cheaper ones');
  end if;
  if paid.capture_amount = 0 then
    perform void_payment(paid.id, paid.provider, paid.reference, paid.idempotency_key);
    perform record_capture(p_order_id);
  end if;
end $$;
