-- A payment knows the sum of its refunds that have not failed, so that a CHECK can refuse one too many. The credit part
-- of a refund is entered in the customer's ledger at once, and stays there when the card's part fails.
create or replace function refund_recorded() returns trigger language plpgsql as $$
begin
  perform from payments where id = new.payment_id for no key update;
  update payments set (refunded_amount, refunded_credit) = (
      select coalesce(sum(case status when 'FAILED' then credit_amount else amount end), 0), coalesce(sum(credit_amount), 0)
      from refunds where payment_id = new.payment_id
    ) where id = new.payment_id;
  if tg_op = 'INSERT' then
    if new.credit_amount > 0 then
      insert into credit_entries (user_id, currency, amount, kind, order_id, refund_id)
        select o.user_id, o.currency, new.credit_amount, 'REFUND', o.id, new.id from orders o where o.id = new.order_id;
    end if;
    insert into notifications (user_id, type, order_id, data)
      select o.user_id, 'REFUND', o.id, jsonb_build_object(
        'amount', new.amount::text, 'credit_amount', new.credit_amount::text, 'currency', o.currency, 'order_number', o.order_number, 'reason', new.reason)
      from orders o where o.id = new.order_id;
  end if;
  return null;
end $$;

create or replace trigger refund_inserted after insert on refunds for each row execute function refund_recorded();

create or replace trigger refund_changed after update on refunds for each row
  when (old.status is distinct from new.status or old.amount <> new.amount) execute function refund_recorded();
