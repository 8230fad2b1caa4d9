-- The idempotency key of the next authorisation of a payment: MS-261126-ABCDEFGH-2 is the second one of its order.
create or replace function next_payment_key(p_payment_id integer, p_order_number text) returns text language sql stable as $$
  select p_order_number || '-' || 2 + (select count(*) from payment_attempts where payment_id = p_payment_id)
$$;
