-- How much of an order's reserved money will not be taken after an amendment, and how much of it is for weighed goods.
-- Owner's rights: the Worker's role cannot change a margin.
create or replace function reserve_amended(p_amendment_id integer) returns void
  language sql security definer set search_path = pg_catalog, public, pg_temp as $$
  update payments p set
      released_amount = o.total_amount - p.credit_amount - greatest(a.total - p.credit_amount + p.refunded_amount, 0),
      margin_amount = (a.plan -> case when exists (select from payment_attempts t where t.amendment_id = a.id) then 'margin' else 'least_margin' end)::numeric
    from order_amendments a join orders o on o.id = a.order_id
    where a.id = p_amendment_id and p.order_id = o.id and p.mode = 'AUTHORIZE'
$$;

revoke execute on function reserve_amended(integer) from public;
