-- From which charges p_amount is paid back to the card, [{attempt_id, amount}]: the first charge of the order goes first, then those of its
-- amendments. Null: all of it from the first one.
create or replace function refund_shares(p_payment_id integer, p_amount numeric) returns jsonb language plpgsql stable as $$
declare
  charge record;
  shares jsonb := '[]';
  rest numeric;
  part numeric;
begin
  if not exists (select from payment_attempts where payment_id = p_payment_id and status = 'CAPTURED') then
    return null;
  end if;
  select p_amount - (p.amount - (select sum(a.amount) from payment_attempts a where a.payment_id = p.id and a.status = 'CAPTURED')
      - coalesce((
        select sum(r.amount - r.credit_amount - (select coalesce(sum(s.amount), 0) from jsonb_to_recordset(r.shares) as s (amount numeric)))
        from refunds r where r.payment_id = p.id and r.status <> 'FAILED'), 0))
    into rest from payments p where p.id = p_payment_id;
  for charge in
    select a.id, a.amount - coalesce((
        select sum(s.amount) from refunds r cross join lateral jsonb_to_recordset(r.shares) as s (attempt_id integer, amount numeric)
        where r.payment_id = p_payment_id and r.status <> 'FAILED' and s.attempt_id = a.id), 0) as left
    from payment_attempts a where a.payment_id = p_payment_id and a.status = 'CAPTURED' order by a.id
  loop
    part := least(charge.left, rest);
    continue when part <= 0;
    shares := shares || jsonb_build_object('attempt_id', charge.id, 'amount', part);
    rest := rest - part;
  end loop;
  return nullif(shares, '[]');
end $$;

comment on function refund_shares is 'nullable: refund_shares';
