-- Records a refund of a locked order and returns its id. Store credit was spent first, so it is returned last: without a target, the
-- card gets back what it paid and store credit the rest. The credit part takes effect at once; the provider is asked for the card's part.
create or replace function make_refund(p_order_id integer, p_amount numeric, p_target text, p_reason text,
    p_item_id integer default null) returns integer language plpgsql as $$
declare
  unspent record;
  to_credit numeric;
  made integer;
begin
  select * into unspent from refundable(p_order_id);
  perform guard(p_amount <= case p_target when 'CARD' then unspent.card else unspent.total end, 'NOTHING_LEFT_TO_REFUND',
    jsonb_build_object('card', unspent.card::text, 'total', unspent.total::text));
  to_credit := case when p_target = 'CREDIT' then p_amount else greatest(p_amount - unspent.card, 0) end;
  insert into refunds (order_id, payment_id, order_item_id, amount, credit_amount, shares, reason, status, settled_at)
    values (p_order_id, unspent.payment_id, p_item_id, p_amount, to_credit,
      refund_shares(unspent.payment_id, p_amount - to_credit), p_reason,
      case when to_credit = p_amount then 'SUCCEEDED' else 'PENDING' end, case when to_credit = p_amount then now() end)
    returning id into made;
  return made;
end $$;
