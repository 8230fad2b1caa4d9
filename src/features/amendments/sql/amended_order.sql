-- An order as its amendments remember it: what changes by them.
create or replace function amended_order(p_order_id integer) returns jsonb language sql stable as $$
  select jsonb_build_object('total', o.goods_total + o.deposit_total + o.delivery_fee, 'delivery_fee', o.delivery_fee, 'deposit_total', o.deposit_total,
    'items', (
      select jsonb_agg(jsonb_build_object('product_id', i.product_id, 'name', i.name, 'sku', i.sku, 'quantity', i.quantity,
        'unit_price', i.unit_price, 'discount', i.discount) order by i.id)
      from order_items i where i.order_id = o.id),
    'delivery', case o.fulfillment_type when 'DELIVERY' then jsonb_build_object('address', o.delivery_address, 'slot_id', o.delivery_slot_id,
      'slot_start', o.window_start, 'slot_end', o.window_end) end)
  from orders o where o.id = p_order_id
$$;
