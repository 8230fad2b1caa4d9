-- Adds the charge of an amendment to what the order's payment took.
-- Owner's rights: the Worker's role cannot change the amount of a payment.
create or replace function add_charge(p_attempt_id integer) returns void
  language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  update payments p set amount = p.amount + a.amount
    from payment_attempts a
    where a.id = p_attempt_id and a.status = 'CAPTURED' and a.amendment_id is not null and p.id = a.payment_id and p.status = 'CAPTURED'
$$;
