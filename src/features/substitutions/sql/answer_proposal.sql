-- The customer's answer to a proposal: APPROVED makes the line REPLACED, REJECTED makes it MISSING. The first answer counts; the same again
-- changes nothing. The lock on the order decides between an answer, its deadline and what staff do meanwhile. Returns the products whose
-- stock changed.
create or replace function answer_proposal(p_user_id integer, p_order_id integer, p_proposal_id integer, p_status text)
  returns table (products integer[]) language plpgsql rows 1 as $$
declare
  asked substitution_proposals;
begin
  perform from orders where id = p_order_id and user_id = p_user_id and placed_at is not null for update;
  perform guard(found, 'NOT_FOUND');
  perform settle_proposals(p_order_id);
  select * into asked from substitution_proposals where id = p_proposal_id and order_id = p_order_id;
  perform guard(found, 'NOT_FOUND');
  products := '{}';
  if asked.status <> p_status then
    perform guard(asked.status = 'OPEN', 'PROPOSAL_CLOSED', jsonb_build_object('status', asked.status));
    -- By the clock of this moment: an answer that was sent in time and waited for the lock past the deadline is late, as it is for others.
    perform guard(asked.expires_at > clock_timestamp(), 'PROPOSAL_CLOSED', '{"status": "LAPSED"}');
    update substitution_proposals set status = p_status, answered_at = now() where id = asked.id;
    perform hold_proposals(p_order_id, asked.product_id);
    if p_status = 'APPROVED' then
      products := pick_line(p_order_id, asked.order_item_id, 'REPLACED', asked.product_id, asked.quantity, null, null, null);
      update order_items set picked_by = asked.created_by where id = asked.order_item_id;
    else
      update order_items set picked_status = 'MISSING', picked_by = asked.created_by, picked_at = now(), picked_as_of = now()
        where id = asked.order_item_id;
      products := array[asked.product_id];
    end if;
  end if;
  return next;
end $$;
