-- An event for each change of a payment: its statuses after PENDING, what goes back, a dispute.
create or replace function payment_event() returns trigger language plpgsql as $$
declare
  kind text := case when old.status <> new.status then 'payment.' || lower(new.status)
    when old.refunded_amount <> new.refunded_amount then 'payment.refunded'
    when old.disputed_at is null and new.disputed_at is not null then 'payment.disputed' end;
begin
  if kind is null then
    if to_jsonb(old) - '{checked_at,check_count,version}'::text[] = to_jsonb(new) - '{checked_at,check_count,version}'::text[] then
      return null;
    end if;
    kind := 'payment.updated';
  end if;
  insert into public.events (type, entity_type, entity_id, version, order_id, data)
    values (kind, 'payment', new.id, new.version, new.order_id, jsonb_build_object(
      'order_id', new.order_id, 'status', new.status, 'provider', new.provider, 'amount', new.amount::text,
      'captured_amount', new.captured_amount::text, 'credit_amount', new.credit_amount::text,
      'refunded_amount', new.refunded_amount::text, 'currency', new.currency));
  return null;
end $$;

create or replace trigger payment_event after update on payments for each row execute function payment_event();
