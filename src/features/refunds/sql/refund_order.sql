-- A manager's refund of an amount or of units of lines, under an idempotency key: made at once or, above the setting, left to a second
-- manager. The limits are checked now, and again at the approval. The answer is stored with the key in the same transaction; `known` is
-- the row of a key that was used before, and then nothing is changed.
create or replace function refund_order(p_user_id integer, p_order_id integer, p_amount numeric, p_items jsonb, p_target text,
    p_reason text, p_key text, p_fingerprint text)
  returns table (known jsonb, answer jsonb) language plpgsql rows 1 as $$
declare
  request refund_requests;
  wanted numeric := p_amount;
  possible record;
begin
  known := claim_key(p_user_id, 'REFUND', p_key, p_fingerprint, current_request(), 5);
  if known is not null then
    return next;
    return;
  end if;
  perform from orders where id = p_order_id and placed_at is not null and sees_branch(branch_id) for update;
  perform guard(found, 'NOT_FOUND');
  -- Before the capture, picking makes it smaller; store credit that was spent is not refunded alone.
  perform guard(exists (select from payments where order_id = p_order_id and status = 'CAPTURED'), 'NOTHING_LEFT_TO_REFUND',
    '{"card": "0.00", "total": "0.00"}');
  if p_items is not null then
    select sum(u.amount) into wanted from priced_units(p_order_id, p_items) u;
  end if;
  select * into possible from refundable(p_order_id);
  perform guard(wanted > 0 and wanted <= case p_target when 'CARD' then possible.card else possible.total end,
    'NOTHING_LEFT_TO_REFUND', jsonb_build_object('card', possible.card::text, 'total', possible.total::text));

  insert into refund_requests (order_id, amount, items, target, reason, requested_by)
    values (p_order_id, wanted, p_items, p_target, p_reason, p_user_id) returning * into request;
  if wanted <= coalesce((select refund_approval_over from settings), wanted) then
    update refund_requests set status = 'APPROVED', refund_id = pay_refund_request(request) where id = request.id;
  end if;
  select to_jsonb(v) into answer from staff_refunds v where v.id = request.id;
  update idempotency_keys set response_status = 201, response_body = answer
    where user_id = p_user_id and scope = 'REFUND' and key = p_key;
  return next;
end $$;

comment on function refund_order is 'nullable: known, answer';
