-- Tells the customer what a confirmed amendment made of the order: a notification and a mail.
create or replace function tell_amended(p_amendment_id integer) returns void language plpgsql as $$
declare
  amendment order_amendments;
  placed orders;
  paid payments;
begin
  select * into amendment from order_amendments where id = p_amendment_id;
  select * into placed from orders where id = amendment.order_id;
  select * into paid from payments where order_id = placed.id;
  insert into notifications (user_id, type, order_id, data)
    values (placed.user_id, 'AMENDMENT', placed.id, jsonb_build_object('order_number', placed.order_number, 'amount', amendment.total::text,
      'currency', placed.currency));
  insert into outbox (kind, payload)
    select 'ORDER_AMENDED', jsonb_build_object(
      'kind', 'ORDER_AMENDED',
      'to', jsonb_build_object('email', u.email, 'name', u.full_name, 'language', u.language),
      'params', jsonb_build_object(
        'order_number', placed.order_number, 'currency', placed.currency, 'total_amount', amendment.total::text,
        'added_amount', case when amendment.difference > 0 then amendment.difference::text end,
        'removed_amount', case when amendment.difference < 0 then (-amendment.difference)::text end,
        'is_reserved', paid.mode = 'AUTHORIZE', 'delivery_fee', placed.delivery_fee::text,
        'deposit_total', nullif(placed.deposit_total, 0)::text,
        'items', (
          select jsonb_agg(jsonb_build_object(
            'name', line_name(i.name, p.name, p.translations, u.language), 'quantity', i.quantity, 'line_total', (i.unit_price * i.quantity - i.discount)::text) order by i.id)
          from order_items i join products p on p.id = i.product_id where i.order_id = placed.id)))
    from users u where u.id = placed.user_id;
end $$;
