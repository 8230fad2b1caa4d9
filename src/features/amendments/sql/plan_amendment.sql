-- What a locked order becomes when its customer wants p_wanted, and what it costs then. Units that stay keep what they cost; added ones cost
-- today's price, less what today's promotions take off them as a basket of their own. Coupons are for checkouts. `margin` is what an
-- authorisation reserves for weighed goods, `least_margin` what their lines may cost more.
create or replace function plan_amendment(p_order orders, p_wanted jsonb, p_fee numeric, p_is_moved boolean) returns jsonb
  language plpgsql stable as $$
declare
  line record;
  kept jsonb := '[]';
  added jsonb := '[]';
  missing jsonb := '[]';
  basket basket_line[] := '{}';
  priced basket_discounts;
  goods numeric := 0;
  deposits numeric := 0;
  fee numeric;
  margin numeric := 0;
  least_margin numeric := 0;
  margin_percent numeric := (select case p.mode when 'AUTHORIZE' then s.authorization_margin_percent else 0 end
    from settings s, payments p where p.order_id = p_order.id);
begin
  perform prices_are_current();
  for line in select * from kept_lines(p_order.id, p_wanted) loop
    kept := kept || jsonb_build_object('item_id', line.item_id, 'quantity', line.units, 'discount', line.discount);
    goods := goods + line.unit_price * line.units - line.discount;
    deposits := deposits + coalesce(line.deposit, 0) * line.units;
    if line.price_per_kg is not null then
      least_margin := least_margin + round(line.unit_price * line.units * line.overage_percent / 100, 2);
      margin := margin + round(line.unit_price * line.units * greatest(margin_percent, line.overage_percent) / 100, 2);
    end if;
  end loop;
  for line in select * from added_lines(p_order, p_wanted) loop
    perform guard(line.name is not null, 'PRODUCT_NOT_FOUND', jsonb_build_object('product_id', line.product_id));
    added := added || (to_jsonb(line) || jsonb_build_object('discount', 0.00));
    basket := basket || (line.product_id, line.category_id, line.unit_price * 100, line.units)::basket_line;
    goods := goods + line.unit_price * line.units;
    deposits := deposits + coalesce(line.deposit, 0) * line.units;
    if line.price_per_kg is not null then
      least_margin := least_margin + round(line.unit_price * line.units * line.overage_percent / 100, 2);
      margin := margin + round(line.unit_price * line.units * margin_percent / 100, 2);
    end if;
    if line.available < line.units then
      missing := missing || jsonb_build_object('product_id', line.product_id, 'requested_quantity', line.wanted,
        'available_quantity', line.wanted - line.units + line.available);
    end if;
  end loop;
  if basket <> '{}' and exists (select from running_promotions) then
    priced := discount_basket(p_order.user_id, p_order.branch_id, null, basket);
  end if;
  if (priced).applied is not null then
    for i in 1 .. cardinality(basket) loop
      added := jsonb_set(added, array[(i - 1)::text, 'discount'], to_jsonb(((priced).lines[i] / 100.0)::numeric(12, 2)));
    end loop;
    goods := goods - (priced).goods / 100.0;
  end if;
  goods := goods::numeric(12, 2);
  fee := amended_fee(p_order, goods, p_fee, p_is_moved);
  return jsonb_build_object('kept', kept, 'added', added, 'missing', missing, 'discounts', coalesce((priced).applied, '[]'), 'goods', goods,
    'deposits', deposits, 'fee', fee, 'total', goods + deposits + fee, 'margin', margin, 'least_margin', least_margin);
end $$;
