-- Whether a refund was made before the money was captured, so that the receipt is less it already: what the lines as picked cost less
-- than the store credit that was spent (intend_capture), or of an order whose money was reserved as amended (settle_amended_money).
create or replace function is_before_capture(p_refund refunds) returns boolean language sql stable as $$
  select p_refund.reason = 'MISSING' and p_refund.order_item_id is null
    or p_refund.reason = 'AMENDMENT' and exists (select from payments p where p.id = p_refund.payment_id and p.mode = 'AUTHORIZE')
$$;
