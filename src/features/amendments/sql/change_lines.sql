-- Changes the lines of an order as its amendment planned. Added units join a line with the same price and terms; others make a line of
-- their own, with the substitution that the customer chose for that product.
-- Owner's rights: the Worker's role cannot change what was bought.
create or replace function change_lines(p_order orders, p_plan jsonb) returns void
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  insert into order_items (order_id, product_id, name, sku, unit, image_url, unit_price, quantity, discount, tax_class, deposit,
      price_per_kg, nominal_grams, weight_tolerance_percent, overage_percent, substitution_policy, substitution_ids, age_restricted)
    select p_order.id, a.product_id, a.name, a.sku, a.unit, a.image_url, a.unit_price, a.units, a.discount, a.tax_class, a.deposit,
      a.price_per_kg, a.nominal_grams, a.weight_tolerance_percent, a.overage_percent,
      coalesce(chosen.substitution_policy, u.substitution_policy), chosen.substitution_ids,
      (select p.age_restricted from products p where p.id = a.product_id)
    from jsonb_to_recordset(p_plan -> 'added') as a (product_id integer, item_id integer, name text, sku text, unit text, image_url text,
      unit_price numeric, units integer, discount numeric, tax_class text, deposit numeric, price_per_kg numeric, nominal_grams integer,
      weight_tolerance_percent numeric, overage_percent numeric)
    join users u on u.id = p_order.user_id
    left join lateral (
      select i.substitution_policy, i.substitution_ids from order_items i
      where i.order_id = p_order.id and i.product_id = a.product_id order by i.id desc limit 1
    ) chosen on true
    where a.item_id is null order by a.product_id;
  update order_items i set quantity = i.quantity + a.units, discount = i.discount + a.discount
    from jsonb_to_recordset(p_plan -> 'added') as a (item_id integer, units integer, discount numeric) where i.id = a.item_id;
  update order_items i set quantity = k.quantity, discount = k.discount
    from jsonb_to_recordset(p_plan -> 'kept') as k (item_id integer, quantity integer, discount numeric)
    where i.id = k.item_id and k.quantity > 0 and k.quantity < i.quantity
      and not exists (select from jsonb_to_recordset(p_plan -> 'added') as a (item_id integer) where a.item_id = i.id);
  delete from order_items i
    using jsonb_to_recordset(p_plan -> 'kept') as k (item_id integer, quantity integer) where i.id = k.item_id and k.quantity = 0;
end $$;

revoke execute on function change_lines(orders, jsonb) from public;
