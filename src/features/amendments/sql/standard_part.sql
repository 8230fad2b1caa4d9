-- Of what an order costs as ordered: the goods at the STANDARD rate with the delivery fee, and the deposits.
create or replace function standard_part(p_order_id integer, out standard numeric, out deposit numeric) language sql stable as $$
  select o.delivery_fee + coalesce(sum(i.unit_price * i.quantity - i.discount) filter (where i.tax_class = 'STANDARD'), 0), o.deposit_total
  from orders o join order_items i on i.order_id = o.id where o.id = p_order_id group by o.id
$$;
