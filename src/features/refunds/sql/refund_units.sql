-- Refunds units of a locked order's lines. Returns the refund's id; null when they cost nothing.
create or replace function refund_units(p_order_id integer, p_items jsonb, p_target text, p_reason text)
  returns integer language plpgsql as $$
declare
  total numeric;
  made integer;
  units jsonb;
begin
  select coalesce(sum(u.amount), 0), jsonb_agg(u) into total, units from priced_units(p_order_id, p_items) u;
  if total = 0 then
    return null;
  end if;
  made := make_refund(p_order_id, total, p_target, p_reason);
  insert into refund_lines (refund_id, order_item_id, quantity, amount, deposit, is_picked)
    select made, i.id, u.quantity, u.amount,
      least(u.amount, u.quantity * coalesce(case i.picked_status when 'REPLACED' then i.replacement_deposit else i.deposit end, 0)),
      i.picked_status <> 'PENDING'
    from jsonb_to_recordset(units) as u (order_item_id integer, quantity integer, amount numeric)
    join order_items i on i.id = u.order_item_id order by i.id;
  return made;
end $$;

comment on function refund_units is 'nullable: refund_units';
