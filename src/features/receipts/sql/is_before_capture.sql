-- Whether a refund was made before the money was captured, so that the receipt is less it already: what the lines as picked cost less
-- than the store credit that was spent (intend_capture).
create or replace function is_before_capture(p_refund refunds) returns boolean language sql immutable as $$
  select p_refund.reason = 'MISSING' and p_refund.order_item_id is null
$$;
