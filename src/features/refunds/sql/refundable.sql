-- What can still be refunded of an order: at most `card` to the card, and at most `total` to card and store credit together. Locks
-- the payment.
create or replace function refundable(p_order_id integer)
  returns table (payment_id integer, card numeric, total numeric) language plpgsql rows 1 as $$
#variable_conflict use_column
declare
  paid payments;
  captured numeric;
begin
  select * into paid from payments p where p.order_id = p_order_id for no key update;
  if not found then
    return;
  end if;
  captured := coalesce(paid.captured_amount, 0);
  payment_id := paid.id;
  card := captured - (paid.refunded_amount - paid.refunded_credit);
  -- The credit of a declined payment has been returned already.
  total := captured + case when paid.status = 'DECLINED' then 0 else paid.credit_amount end - paid.refunded_amount;
  card := greatest(least(card, total), 0);
  return next;
end $$;
