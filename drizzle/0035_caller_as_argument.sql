-- As before, but they answer the user: so they can stand in the place of p_user_id where one function is the whole transaction,
-- which takes no statement of their own then.
drop function begin_request(integer, integer, text[], text);
--> statement-breakpoint
drop function begin_as(integer, text);
--> statement-breakpoint
create function begin_request(p_session_id integer, p_user_id integer, p_roles text[], p_request_id text)
  returns integer language plpgsql as $$
declare
  role text;
  is_active boolean;
  is_stale boolean;
  done text;
begin
  select u.role, u.is_active, s.last_used_at < now() - interval '5 minutes'
    into role, is_active, is_stale
    from sessions s join users u on u.id = s.user_id
    where s.id = p_session_id and s.user_id = p_user_id and s.revoked_at is null and s.expires_at > now();
  if is_active is not true then
    raise exception using errcode = 'MS401', message = 'AUTH_REQUIRED';
  end if;
  if not role = any (p_roles) then
    raise exception using errcode = 'MS403', message = 'AUTHORIZATION_ERROR';
  end if;
  done := set_config('app.actor_id', p_user_id::text, true);
  done := set_config('app.request_id', p_request_id, true);
  if is_stale then
    update sessions set last_used_at = now() where id = p_session_id;
  end if;
  return p_user_id;
end $$;
--> statement-breakpoint

create function begin_as(p_user_id integer, p_request_id text) returns integer language plpgsql as $$
declare
  done text;
begin
  done := set_config('app.actor_id', p_user_id::text, true);
  done := set_config('app.request_id', p_request_id, true);
  return p_user_id;
end $$;
--> statement-breakpoint

-- As before; p_user_id is who acts.
create function capture_payment(p_user_id integer, p_order_id integer, p_reference text,
    p_mail_lease interval default null)
  returns table (status text, order_id integer, order_number text, total_paid numeric, payment_reference text,
    decline_reason text, mail json)
  language plpgsql rows 1 set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
declare
  paid payments;
  placed orders;
begin
  update payments p set status = 'CAPTURED', reference = p_reference, captured_at = now()
    where p.order_id = p_order_id and p.status = 'PENDING' returning * into paid;
  if not found then
    return query select s.*, null::json from settlement_of(p_order_id) s;
    return;
  end if;
  update orders set placed_at = now(), updated_at = now() where id = p_order_id returning * into placed;
  update carts set status = 'CHECKED_OUT', updated_at = now() where id = placed.cart_id;
  update idempotency_keys k set response_status = 201, response_body = jsonb_build_object(
      'order_id', placed.id, 'order_number', placed.order_number, 'total_paid', placed.total_amount::text,
      'payment_reference', p_reference)
    where k.order_id = p_order_id;
  insert into outbox as o (kind, payload, attempts, next_attempt_at)
    select 'ORDER_CONFIRMED', jsonb_build_object(
        'kind', 'ORDER_CONFIRMED',
        'to', jsonb_build_object('email', u.email, 'name', u.full_name),
        'params', jsonb_build_object(
          'order_number', placed.order_number, 'currency', placed.currency, 'total_amount', placed.total_amount::text,
          'delivery_fee', placed.delivery_fee::text, 'items', (
            select jsonb_agg(jsonb_build_object(
              'name', i.name, 'quantity', i.quantity, 'line_total', (i.unit_price * i.quantity)::text) order by i.id)
            from order_items i where i.order_id = p_order_id))),
        case when p_mail_lease is null then 0 else 1 end, now() + coalesce(p_mail_lease, interval '0')
      from users u where u.id = placed.user_id
    returning json_build_object('id', o.id, 'message_key', o.message_key, 'payload', o.payload, 'attempts', o.attempts)
      into mail;
  if paid.save_as_default then
    perform choose_default_card(placed.user_id, paid.payment_token_id);
  end if;

  status := 'CAPTURED';
  order_id := p_order_id;
  order_number := placed.order_number;
  total_paid := placed.total_amount;
  payment_reference := p_reference;
  if p_mail_lease is null then
    mail := null;
  end if;
  return next;
end $$;
--> statement-breakpoint

-- For the Worker before this one.
create or replace function capture_payment(p_order_id integer, p_reference text, p_mail_lease interval default null)
  returns table (status text, order_id integer, order_number text, total_paid numeric, payment_reference text,
    decline_reason text, mail json)
  language sql rows 1 as $$
  select * from capture_payment(p_user_id => null, p_order_id => p_order_id, p_reference => p_reference, p_mail_lease => p_mail_lease)
$$;
--> statement-breakpoint

-- The open cart of a user, made if there is none.
create function read_cart(p_user_id integer, p_branch_id integer)
  returns table (id integer, user_id integer, total_amount numeric, reserved_until timestamptz, items json)
  language plpgsql rows 1 as $$
#variable_conflict use_column
begin
  if not exists (select from carts c where c.user_id = p_user_id and c.status in ('ACTIVE', 'CHECKING_OUT')) then
    insert into carts (user_id) values (p_user_id) on conflict do nothing;
  end if;
  return query select c.* from open_cart(p_user_id, p_branch_id) c;
end $$;
--> statement-breakpoint

-- What the row of a key tells whoever comes with it again; null without a row.
create function known_key(p_user_id integer, p_key text) returns jsonb language plpgsql stable as $$
begin
  return (
    select jsonb_build_object(
      'fingerprint', fingerprint, 'status', response_status, 'body', response_body, 'order_id', order_id,
      'seconds_left', ceil(extract(epoch from leased_until - now()))::integer)
    from idempotency_keys where user_id = p_user_id and key = p_key);
end $$;
--> statement-breakpoint

-- As before, with `known_key`.
create or replace function claim_key(p_user_id integer, p_key text, p_fingerprint text, p_attempt text, p_lease_seconds integer,
    p_order_id integer) returns void language plpgsql as $$
declare
  claimed_until timestamptz := now() + make_interval(secs => p_lease_seconds);
begin
  insert into idempotency_keys as k (user_id, key, fingerprint, attempt, leased_until, order_id)
    values (p_user_id, p_key, p_fingerprint, p_attempt, claimed_until, p_order_id)
    on conflict (user_id, key) do update set
      fingerprint = excluded.fingerprint, attempt = excluded.attempt, leased_until = excluded.leased_until,
      order_id = excluded.order_id, response_status = null, response_body = null, created_at = now()
    where k.created_at < now() - interval '24 hours' and k.response_status is not null;
  if not found then
    perform guard(false, 'IDEMPOTENCY_IN_PROGRESS', jsonb_build_object('known', known_key(p_user_id, p_key)));
  end if;
end $$;
