-- The money of a confirmed amendment, beside what was asked of the provider for it: what was charged is paid back; what was reserved is
-- captured smaller, and what exceeds the card's part returns to store credit.
create or replace function settle_amended_money(p_amendment_id integer) returns void language plpgsql as $$
declare
  amendment order_amendments;
  paid payments;
  due numeric;
  made integer;
begin
  select * into amendment from order_amendments where id = p_amendment_id;
  select * into paid from payments where order_id = amendment.order_id for no key update;
  if paid.mode = 'CHARGE' then
    select least(-amendment.difference, r.total) into due from refundable(amendment.order_id) r;
  else
    due := paid.credit_amount - paid.refunded_amount - amendment.total;
    perform reserve_amended(p_amendment_id);
  end if;
  if due > 0 then
    made := make_refund(amendment.order_id, due, case paid.mode when 'AUTHORIZE' then 'CREDIT' end, 'AMENDMENT');
    update order_amendments set refund_id = made where id = p_amendment_id;
  end if;
end $$;
