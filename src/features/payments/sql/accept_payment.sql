-- Records that the provider took the payment of a confirm, charged or authorised as its mode says, unless someone has recorded its
-- outcome already: from now on the order exists. The payment is the first row touched, so that of two settling at once the second
-- finds nothing left to do.
-- p_user_id is who acts. A customer who was answered 202 gets a 201 next, which is not a repeat: the key tells that until somebody with
-- p_is_answered gives it. The confirmation goes into the outbox; with p_mail_lease the caller has claimed it, and gets it as `mail`.
-- By index alone, whatever the size of the tables when the plan was made (docs/decisions/0041).
create or replace function accept_payment(p_user_id integer, p_order_id integer, p_reference text,
    p_capture_before timestamptz default null, p_mail_lease interval default null, p_is_answered boolean default true)
  returns table (status text, order_id integer, order_number text, total_paid numeric, payment_reference text,
    decline_reason text, mail json)
  language plpgsql rows 1 set plan_cache_mode = force_generic_plan
  set enable_seqscan = off set enable_mergejoin = off set enable_hashjoin = off as $$
#variable_conflict use_column
declare
  paid payments;
  placed orders;
begin
  update payments p set status = case p.mode when 'CHARGE' then 'CAPTURED' else 'AUTHORIZED' end, reference = p_reference,
      captured_at = case p.mode when 'CHARGE' then now() end, capture_before = p_capture_before, action_expires_at = null
    where p.order_id = p_order_id and p.status in ('PENDING', 'ACTION_REQUIRED') returning * into paid;
  if not found then
    return query select s.*, null::json from settlement_of(p_order_id) s;
    return;
  end if;
  update orders set placed_at = now(), updated_at = now() where id = p_order_id returning * into placed;
  update carts set status = 'CHECKED_OUT', updated_at = now() where id = placed.cart_id;
  update idempotency_keys k set
      response_status = case when k.response_status = 202 and not p_is_answered then 202 else 201 end, response_body = jsonb_build_object(
      'order_id', placed.id, 'order_number', placed.order_number, 'total_paid', placed.total_amount::text,
      'payment_reference', p_reference)
    where k.order_id = p_order_id;
  insert into outbox as o (kind, payload, attempts, next_attempt_at)
    select 'ORDER_CONFIRMED', jsonb_build_object(
        'kind', 'ORDER_CONFIRMED',
        'to', jsonb_build_object('email', u.email, 'name', u.full_name, 'language', u.language),
        'params', jsonb_build_object(
          'order_number', placed.order_number, 'currency', placed.currency, 'total_amount', placed.total_amount::text,
          'is_reserved', paid.mode = 'AUTHORIZE', 'delivery_fee', placed.delivery_fee::text,
          'deposit_total', nullif(placed.deposit_total, 0)::text, 'items', (
            select jsonb_agg(jsonb_build_object(
              'name', line_name(i.name, p.name, p.translations, u.language), 'quantity', i.quantity,
              'line_total', (i.unit_price * i.quantity - i.discount)::text) order by i.id)
            from order_items i join products p on p.id = i.product_id where i.order_id = p_order_id))),
        case when p_mail_lease is null then 0 else 1 end, now() + coalesce(p_mail_lease, interval '0')
      from users u where u.id = placed.user_id
    returning json_build_object('id', o.id, 'message_key', o.message_key, 'payload', o.payload, 'attempts', o.attempts)
      into mail;
  if paid.save_as_default then
    perform choose_default_card(placed.user_id, paid.payment_token_id);
  end if;

  status := paid.status;
  order_id := p_order_id;
  order_number := placed.order_number;
  total_paid := placed.total_amount;
  payment_reference := p_reference;
  if p_mail_lease is null then
    mail := null;
  end if;
  return next;
end $$;

comment on function accept_payment is 'nullable: payment_reference, decline_reason, mail';
