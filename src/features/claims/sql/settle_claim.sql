-- Decides an open claim of a locked order: p_approved lists the units to refund, [{item_id, quantity}]; all others are denied. Stock
-- does not change.
create or replace function settle_claim(p_claim_id integer, p_approved jsonb, p_note text, p_is_automatic boolean)
  returns void language plpgsql as $$
declare
  claim claims;
  made integer;
  claimed integer;
  granted integer;
  paid_back numeric := 0;
begin
  select * into claim from claims where id = p_claim_id;
  -- Of several entries for one line, the first ones are approved.
  update claim_items l set approved_quantity = least(greatest(share.approved - share.before, 0), l.quantity)
    from (
      select c.id, coalesce(a.approved, 0) as approved,
        sum(c.quantity) over (partition by c.order_item_id order by c.id) - c.quantity as before
      from claim_items c
      left join (
        select item_id, sum(quantity) as approved
        from jsonb_to_recordset(p_approved) as x (item_id integer, quantity integer) group by item_id
      ) a on a.item_id = c.order_item_id
      where c.claim_id = p_claim_id
    ) share
    where l.id = share.id;
  select sum(l.quantity), sum(l.approved_quantity) into claimed, granted from claim_items l where l.claim_id = p_claim_id;
  if granted > 0 then
    made := refund_units(claim.order_id, p_approved, case claim.wanted when 'CREDIT' then 'CREDIT' end, 'CLAIM');
    perform guard(made is not null, 'NOTHING_LEFT_TO_REFUND');
    select r.amount into paid_back from refunds r where r.id = made;
    perform mail_refund(claim.order_id, r.amount, r.credit_amount, 'your claim') from refunds r where r.id = made;
  end if;
  update claims
    set status = case granted when 0 then 'DENIED' when claimed then 'APPROVED' else 'PARTLY_APPROVED' end,
        approved_amount = paid_back, refund_id = made, note = p_note, is_automatic = p_is_automatic, decided_at = now(),
        decided_by = case when not p_is_automatic then current_actor() end
    where id = p_claim_id returning * into claim;
  insert into notifications (user_id, type, order_id, data)
    select claim.user_id, 'CLAIM', o.id, jsonb_build_object(
      'claim_id', claim.id, 'status', claim.status, 'order_number', o.order_number, 'amount', claim.approved_amount::text,
      'currency', o.currency, 'reason', claim.note)
    from orders o where o.id = claim.order_id;
end $$;
