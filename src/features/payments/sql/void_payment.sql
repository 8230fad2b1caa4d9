-- Makes the scheduled job void an authorisation or a charge, once for each key; without a reference, and of store credit, there
-- is nothing to void.
create or replace function void_payment(p_payment_id integer, p_provider text, p_reference text, p_idempotency_key text)
  returns void language sql as $$
  insert into payment_voids (payment_id, provider, reference, idempotency_key)
    select p_payment_id, p_provider, p_reference, p_idempotency_key where p_reference is not null and p_provider <> 'credit'
    on conflict (idempotency_key) do nothing
$$;
