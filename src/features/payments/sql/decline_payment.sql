-- Records that the payment of a confirm was declined or never happened, unless someone has recorded its outcome already: the order is
-- canceled, stock, slot, promotions and credit go back, the cart can be paid for again, the idempotency key answers 402. As in accept_payment, the
-- payment is the first row touched. p_user_id is who acts. What the provider still has of it (p_reference, or the one that waits for an
-- action) is voided, so that it cannot be paid later.
create or replace function decline_payment(p_user_id integer, p_order_id integer, p_reason text, p_reference text default null)
  returns table (status text, order_id integer, order_number text, total_paid numeric, payment_reference text,
    decline_reason text)
  language plpgsql rows 1 as $$
#variable_conflict use_column
declare
  canceled_cart integer;
  ordered_at timestamptz;
  declined payments;
begin
  update payments p set status = 'DECLINED', decline_reason = p_reason, action_expires_at = null
    where p.order_id = p_order_id and p.status in ('PENDING', 'ACTION_REQUIRED') returning * into declined;
  if found then
    update orders o set status = 'CANCELED', canceled_at = now(), updated_at = now()
      where o.id = p_order_id returning o.cart_id, o.created_at into canceled_cart, ordered_at;
    update carts c set status = 'ACTIVE', updated_at = now() where c.id = canceled_cart;
    update idempotency_keys k set response_status = 402, response_body = jsonb_build_object('reason', p_reason)
      where k.order_id = p_order_id;
    perform from inventory i
      where i.id in (select m.inventory_id from stock_movements m where m.order_id = p_order_id and m.created_at >= ordered_at) order by i.id for update;
    insert into stock_movements (inventory_id, delta, reason, order_id)
      select m.inventory_id, -sum(m.delta)::integer, 'PAYMENT_DECLINED', p_order_id
      from stock_movements m where m.order_id = p_order_id and m.created_at >= ordered_at group by m.inventory_id order by m.inventory_id;
    perform release_promotions(p_order_id);
    if declined.credit_amount > 0 then
      insert into credit_entries (user_id, currency, amount, kind, order_id)
        select o.user_id, o.currency, declined.credit_amount, 'RETURNED', o.id from orders o where o.id = p_order_id;
    end if;
    perform void_payment(declined.id, declined.provider, coalesce(p_reference, declined.reference), declined.idempotency_key);
  end if;
  return query select s.* from settlement_of(p_order_id) s;
end $$;

comment on function decline_payment is 'nullable: payment_reference, decline_reason';
