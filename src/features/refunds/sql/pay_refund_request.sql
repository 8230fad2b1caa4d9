-- Makes the refund of a request; its order is locked. Returns the refund's id.
create or replace function pay_refund_request(p_request refund_requests) returns integer language plpgsql as $$
declare
  made integer;
begin
  if p_request.items is null then
    made := make_refund(p_request.order_id, p_request.amount, p_request.target, 'STAFF');
  else
    made := refund_units(p_request.order_id, p_request.items, p_request.target, 'STAFF');
    perform guard(made is not null, 'NOTHING_LEFT_TO_REFUND');
  end if;
  perform mail_refund(p_request.order_id, r.amount, r.credit_amount, p_request.reason) from refunds r where r.id = made;
  return made;
end $$;
