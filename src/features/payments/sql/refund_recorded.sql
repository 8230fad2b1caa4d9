-- A payment knows the sum of its refunds that have not failed, so that a CHECK can refuse one too many.
create or replace function refund_recorded() returns trigger language plpgsql as $$
begin
  perform from payments where id = new.payment_id for no key update;
  update payments set refunded_amount = (
      select coalesce(sum(amount), 0) from refunds where payment_id = new.payment_id and status <> 'FAILED'
    ) where id = new.payment_id;
  if tg_op = 'INSERT' then
    insert into notifications (user_id, type, order_id, data)
      select o.user_id, 'REFUND', o.id, jsonb_build_object(
        'amount', new.amount::text, 'currency', o.currency, 'order_number', o.order_number, 'reason', new.reason)
      from orders o where o.id = new.order_id;
  end if;
  return null;
end $$;

create or replace trigger refund_inserted after insert on refunds for each row execute function refund_recorded();

create or replace trigger refund_changed after update on refunds for each row
  when (old.status is distinct from new.status or old.amount <> new.amount) execute function refund_recorded();
