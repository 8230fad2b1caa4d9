-- First transaction of paying an order with another card: claims the key, checks that a payment is due, and leaves a pending attempt.
-- p_user_id is who acts.
create or replace function begin_attempt(p_user_id integer, p_order_id integer, p_token_id integer, p_key text, p_fingerprint text,
    p_attempt text, p_lease_seconds integer)
  returns table (attempt_id integer, order_id integer, user_id integer, provider text, provider_token text, provider_customer text,
    amount numeric, currency text, idempotency_key text, mode text, reference text, created_at timestamptz)
  language plpgsql rows 1 as $$
#variable_conflict use_column
declare
  known jsonb;
  bought orders;
  due payments;
  token payment_tokens;
begin
  known := claim_key(p_user_id, 'PAYMENT', p_key, p_fingerprint, p_attempt, p_lease_seconds, p_order_id);
  if known is not null then
    perform guard(false, 'IDEMPOTENCY_IN_PROGRESS', jsonb_build_object('known', known));
  end if;
  select * into bought from orders o where o.id = p_order_id and o.user_id = p_user_id and o.placed_at is not null for update;
  if not found then
    perform guard(false, 'NOT_FOUND');
  end if;
  select * into token from payment_tokens t where t.id = p_token_id and t.user_id = p_user_id;
  if not found then
    perform guard(false, 'PAYMENT_TOKEN_NOT_FOUND');
  end if;
  if not token.is_active then
    perform guard(false, 'PAYMENT_TOKEN_INACTIVE');
  end if;
  select * into due from payments p where p.order_id = p_order_id for update;
  perform guard(
    bought.status not in ('DELIVERED', 'CANCELED')
      and (due.status = 'FAILED' or due.status = 'AUTHORIZED' and due.capture_before <= now()),
    'NO_PAYMENT_DUE', jsonb_build_object('payment_status', due.status));
  insert into payment_attempts as a (payment_id, payment_token_id, provider, idempotency_key, amount, request_key)
    values (due.id, p_token_id, token.provider, next_payment_key(due.id, bought.order_number),
      coalesce(due.capture_amount, bought.total_amount - bought.removed_amount - due.credit_amount + due.refunded_amount + due.margin_amount), p_key)
    returning a.id, a.idempotency_key, a.amount, a.created_at into attempt_id, idempotency_key, amount, created_at;
  order_id := p_order_id;
  user_id := p_user_id;
  provider := token.provider;
  provider_token := token.provider_token;
  provider_customer := token.provider_customer;
  currency := due.currency;
  mode := due.mode;
  return next;
end $$;

comment on function begin_attempt is 'nullable: provider_customer, reference';
