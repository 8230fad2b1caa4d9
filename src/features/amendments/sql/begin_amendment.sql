-- Confirms a change of an order. Where it costs nothing more than was paid or reserved, it is applied at once (`status` CONFIRMED). Else
-- it leaves a pending attempt to charge what it adds or, of an order whose money is reserved, to reserve all of it anew (`status`
-- PENDING): settle_attempt applies it. What it holds stays held until then.
create or replace function begin_amendment(p_user_id integer, p_order_id integer, p_amendment_id integer, p_expected_total numeric,
    p_token_id integer, p_key text, p_fingerprint text, p_attempt text, p_lease_seconds integer, p_age_confirmed boolean default false)
  returns table (status text, difference numeric, products integer[], attempt_id integer, order_id integer, user_id integer, provider text,
    provider_token text, provider_customer text, amount numeric, currency text, idempotency_key text, mode text, reference text,
    created_at timestamptz)
  language plpgsql rows 1 as $$
#variable_conflict use_column
declare
  known jsonb := claim_key(p_user_id, 'AMENDMENT', p_key, p_fingerprint, p_attempt, p_lease_seconds, p_order_id);
  placed orders;
  paid payments;
  open order_amendments;
  token payment_tokens;
  card numeric;
begin
  if known is not null then
    perform guard(false, 'IDEMPOTENCY_IN_PROGRESS', jsonb_build_object('known', known));
  end if;
  placed := amendment_guard(p_user_id, p_order_id);
  select * into open from order_amendments a where a.id = p_amendment_id and a.order_id = p_order_id for update;
  perform guard(found, 'NOT_FOUND');
  perform guard(open.status = 'OPEN' and open.expires_at > now(), 'AMENDMENT_CLOSED', jsonb_build_object('status',
    case open.status when 'OPEN' then 'LAPSED' else coalesce(open.closed_reason, open.status) end));
  perform guard(coalesce(p_expected_total, open.total) = open.total, 'PRICE_CHANGED', jsonb_build_object(
    'previous_total', p_expected_total::numeric(14, 2)::text, 'total', open.total::text));
  perform guard(p_age_confirmed or not exists (
      select from jsonb_to_recordset(open.plan -> 'added') as a (product_id integer)
      join products p on p.id = a.product_id and p.age_restricted is not null),
    'AGE_CONFIRMATION_REQUIRED', jsonb_build_object('product_ids', (
      select jsonb_agg(p.id order by p.id) from jsonb_to_recordset(open.plan -> 'added') as a (product_id integer)
      join products p on p.id = a.product_id and p.age_restricted is not null)));
  select * into paid from payments p where p.order_id = p_order_id;
  -- What the card is to pay in all: store credit was spent first, and what came back of it is the customer's.
  card := greatest(open.total - paid.credit_amount + paid.refunded_amount, 0);
  amount := case
    when paid.mode = 'CHARGE' then greatest(open.difference, 0)
    when card + (open.plan -> 'least_margin')::numeric > paid.amount then card + (open.plan -> 'margin')::numeric
    else 0 end;
  order_id := p_order_id;
  difference := open.difference;
  products := array(
    select h.product_id from jsonb_to_recordset(open.plan -> 'added') as h (product_id integer)
    union select i.product_id from jsonb_to_recordset(open.plan -> 'kept') as k (item_id integer, quantity integer)
      join order_items i on i.id = k.item_id and i.quantity <> k.quantity);
  if amount = 0 then
    perform apply_amendment(p_amendment_id);
    update idempotency_keys k set response_status = 200, response_body = jsonb_build_object('order_id', p_order_id)
      where k.user_id = p_user_id and k.scope = 'AMENDMENT' and k.key = p_key;
    status := 'CONFIRMED';
    return next;
    return;
  end if;

  perform guard_amendment(p_amendment_id);
  select * into token from payment_tokens t
    where t.user_id = p_user_id and case when p_token_id is not null then t.id = p_token_id
      else t.is_active and (t.id = paid.payment_token_id or t.is_default) end
    order by t.id is distinct from paid.payment_token_id limit 1;
  perform guard(token.id is not null or p_token_id is null, 'PAYMENT_TOKEN_NOT_FOUND');
  perform guard(token.id is not null, 'PAYMENT_TOKEN_REQUIRED');
  perform guard(token.is_active, 'PAYMENT_TOKEN_INACTIVE');
  insert into payment_attempts as a (payment_id, payment_token_id, provider, idempotency_key, amount, request_key, amendment_id)
    values (paid.id, token.id, token.provider, next_payment_key(paid.id, placed.order_number), amount, p_key, p_amendment_id)
    returning a.id, a.idempotency_key, a.created_at into attempt_id, idempotency_key, created_at;
  update order_amendments a set status = 'PAYING' where a.id = p_amendment_id;
  -- As long as an answer of the provider may be missing.
  perform hold_amended(p_amendment_id, now() + interval '1 day');
  status := 'PENDING';
  user_id := p_user_id;
  provider := token.provider;
  provider_token := token.provider_token;
  provider_customer := token.provider_customer;
  currency := paid.currency;
  mode := paid.mode;
  return next;
end $$;

comment on function begin_amendment is 'nullable: attempt_id, user_id, provider, provider_token, provider_customer, currency, idempotency_key, mode, reference, created_at';
