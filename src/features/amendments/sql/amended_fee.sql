-- What the delivery of an order costs when its goods become p_goods, at the flat fee of its slot or zone (null: the rule of the
-- settings). What the customer agreed to stays, unless the order goes elsewhere or at another time (p_is_moved), gets enough goods for
-- a free delivery, or falls below what made it free. A flat fee asks for no amount of goods: fewer of them do not bring it.
create or replace function amended_fee(p_order orders, p_goods numeric, p_fee numeric, p_is_moved boolean) returns numeric
  language plpgsql stable as $$
declare
  due numeric;
begin
  if p_order.fulfillment_type = 'PICKUP' or exists (
    select from order_discounts d join promotions p on p.id = d.promotion_id
    where d.order_id = p_order.id and d.released_at is null and p.kind = 'FREE_DELIVERY'
  ) then
    return 0;
  end if;
  select delivery_fee_of(p_goods, coalesce(p_fee, s.delivery_fee), case when p_fee is null then s.delivery_min end) into due from settings s;
  return case
    when p_is_moved or due = 0 then due
    when p_order.delivery_fee > 0 then p_order.delivery_fee
    when p_goods >= p_order.goods_total or p_fee is not null then 0
    else due end;
end $$;
