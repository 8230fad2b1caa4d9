-- Refunds what picking did not deliver of a locked order: missing units, lower weights, and the difference in price and
-- deposit of cheaper replacements: what is left of a line, less what its units cost that are delivered and not paid back yet. So it makes
-- no difference whether units are refunded before this or after. Each line once, and never more than is left of the order. The customer
-- gets one mail for all of it.
create or replace function refund_picking(p_order_id integer) returns void language plpgsql as $$
declare
  line record;
  due numeric;
  promised numeric := 0;
  credited numeric := 0;
  is_lighter boolean := false;
  made integer;
begin
  -- What was authorised is captured smaller instead.
  if exists (select from payments where order_id = p_order_id and mode = 'AUTHORIZE') then
    return;
  end if;
  for line in
    select i.id, r.amount_left - coalesce(
        units_amount(r.paid, nullif(r.quantity, 0), r.refunded, greatest(r.quantity - r.refunded, 0)), 0) as owed,
      case when i.picked_status = 'REPLACED' then 'REPLACEMENT' when l.units < i.quantity then 'MISSING' else 'WEIGHT' end as reason
    from order_items i
    cross join lateral picked_line(i) l
    cross join lateral line_refundable(i.id) r
    where i.order_id = p_order_id and (i.picked_status in ('MISSING', 'REPLACED') or l.units < i.quantity or l.grams is not null)
    order by i.id
  loop
    select least(line.owed, l.total) into due from refundable(p_order_id) l;
    continue when due <= 0 or due is null
      or exists (select from refunds where order_item_id = line.id and reason = line.reason);
    made := make_refund(p_order_id, due, null, line.reason, line.id);
    promised := promised + due;
    is_lighter := is_lighter or line.reason = 'WEIGHT';
    credited := credited + (select r.credit_amount from refunds r where r.id = made);
  end loop;
  if promised > 0 then
    perform mail_refund(p_order_id, promised, credited, case when is_lighter
      then 'items that were missing, weighed less or were replaced by cheaper ones'
      else 'items that were missing or replaced by cheaper ones' end);
  end if;
end $$;
