-- Records what became of an attempt to authorise an order anew, unless that is recorded already. An authorisation takes the place of
-- the payment's present one, which is voided; one that is not needed any more is voided itself. A renewal that was declined leaves the
-- payment FAILED; after another card that was declined, it stays as it is. An attempt of an amendment applies it, or gives the money back
-- where that came too late: `decline_reason` is the error code then. p_outcome is AUTHORIZED, CAPTURED, DECLINED or ACTION_REQUIRED.
create or replace function settle_attempt(p_attempt_id integer, p_outcome text, p_reference text default null,
    p_capture_before timestamptz default null, p_reason text default null, p_action jsonb default null,
    p_minutes integer default null)
  returns table (status text, order_id integer, order_number text, decline_reason text, action jsonb)
  language plpgsql rows 1 as $$
#variable_conflict use_column
declare
  attempt payment_attempts;
  present payments;
  bought orders;
  outcome text := p_outcome;
  reason text := p_reason;
begin
  select o.* into bought from orders o join payments p on p.order_id = o.id join payment_attempts a on a.payment_id = p.id
    where a.id = p_attempt_id for update of o;
  select * into present from payments p where p.order_id = bought.id for update;
  select * into attempt from payment_attempts a where a.id = p_attempt_id for update;
  order_id := bought.id;
  order_number := bought.order_number;
  if attempt.status not in ('PENDING', 'ACTION_REQUIRED') then
    status := attempt.status;
    decline_reason := attempt.decline_reason;
    return next;
    return;
  end if;
  if outcome = 'ACTION_REQUIRED' and attempt.action_expires_at <= now() then
    outcome := 'DECLINED';
    reason := 'action_expired';
  end if;
  if attempt.amendment_id is not null and outcome in ('AUTHORIZED', 'CAPTURED') then
    reason := settle_amendment(attempt.amendment_id);
    if reason is not null then
      outcome := 'DECLINED';
    end if;
  elsif attempt.amendment_id is not null and outcome = 'DECLINED' then
    perform close_amendment(attempt.amendment_id, 'DECLINED');
  end if;
  update payment_attempts a set status = outcome, reference = coalesce(p_reference, a.reference), decline_reason = reason,
      action_expires_at = case outcome
        when 'ACTION_REQUIRED' then coalesce(a.action_expires_at, now() + make_interval(mins => p_minutes)) end
    where a.id = p_attempt_id returning * into attempt;

  if outcome = 'CAPTURED' then
    perform add_charge(p_attempt_id);
  elsif outcome = 'AUTHORIZED' then
    if present.status in ('AUTHORIZED', 'FAILED')
        and (present.capture_amount is null or present.status = 'FAILED' or present.capture_before <= now()) then
      perform void_payment(present.id, present.provider, present.reference, present.idempotency_key);
      perform replace_authorization(p_attempt_id, p_capture_before);
    else
      perform void_payment(present.id, attempt.provider, attempt.reference, attempt.idempotency_key);
    end if;
  elsif outcome = 'DECLINED' then
    perform void_payment(present.id, attempt.provider, attempt.reference, attempt.idempotency_key);
    if attempt.request_key is null and reason <> 'not_charged' and present.capture_amount is null then
      perform payment_failed(bought.id, reason, present.idempotency_key);
    end if;
  else
    action := p_action || jsonb_build_object('expires_at', attempt.action_expires_at);
  end if;
  update idempotency_keys k set
      response_status = case when outcome in ('AUTHORIZED', 'CAPTURED') then 200 when outcome = 'DECLINED' then 402 else 202 end,
      response_body = case outcome
        when 'AUTHORIZED' then jsonb_build_object('order_id', bought.id)
        when 'CAPTURED' then jsonb_build_object('order_id', bought.id)
        when 'DECLINED' then jsonb_build_object('reason', reason)
        else jsonb_build_object('order_id', bought.id, 'order_number', bought.order_number, 'action', action) end
    where k.user_id = bought.user_id and k.scope = case when attempt.amendment_id is null then 'PAYMENT' else 'AMENDMENT' end and k.key = attempt.request_key;
  status := outcome;
  decline_reason := reason;
  return next;
end $$;

comment on function settle_attempt is 'nullable: decline_reason, action';
