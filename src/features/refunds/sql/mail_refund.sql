-- Puts a mail about a refund into the outbox; p_credit is the part that became store credit.
create or replace function mail_refund(p_order_id integer, p_amount numeric, p_credit numeric, p_reason text)
  returns void language plpgsql as $$
begin
  insert into outbox (kind, payload)
    select 'ORDER_REFUNDED', jsonb_build_object(
      'kind', 'ORDER_REFUNDED',
      'to', jsonb_build_object('email', u.email, 'name', u.full_name, 'language', u.language),
      'params', jsonb_strip_nulls(jsonb_build_object(
        'order_number', o.order_number, 'currency', o.currency, 'amount', p_amount::text,
        'credit_amount', nullif(p_credit, 0)::text, 'reason', p_reason)))
    from orders o join users u on u.id = o.user_id where o.id = p_order_id;
end $$;
