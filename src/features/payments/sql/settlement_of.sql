-- How the payment of an order stands.
create or replace function settlement_of(p_order_id integer)
  returns table (status text, order_id integer, order_number text, total_paid numeric, payment_reference text,
    decline_reason text)
  language plpgsql stable rows 1 as $$
#variable_conflict use_column
begin
  return query
    select p.status, o.id, o.order_number, o.total_amount, p.reference, p.decline_reason
    from payments p join orders o on o.id = p.order_id where o.id = p_order_id;
end $$;

comment on function settlement_of is 'nullable: payment_reference, decline_reason';
