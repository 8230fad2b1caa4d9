-- A manager's decisions on an open claim, [{item_id, quantity, approve}]. Locks the order, then the claim.
create or replace function decide_claim(p_claim_id integer, p_decisions jsonb, p_note text) returns void language plpgsql as $$
declare
  claim claims;
  approved jsonb;
begin
  perform from orders o where o.id = (select c.order_id from claims c where c.id = p_claim_id) and sees_branch(o.branch_id) for update;
  perform guard(found, 'NOT_FOUND');
  select * into claim from claims where id = p_claim_id for update;
  perform guard(claim.user_id <> current_actor(), 'CANNOT_APPROVE_OWN');
  perform guard(claim.status = 'OPEN', 'INVALID_STATUS', jsonb_build_object('status', claim.status));
  perform guard(not exists (
    select from (
      select item_id, sum(quantity) as units
      from jsonb_to_recordset(p_decisions) as d (item_id integer, quantity integer) group by item_id
    ) decided
    where decided.units > (
      select coalesce(sum(quantity), 0) from claim_items l where l.claim_id = p_claim_id and l.order_item_id = decided.item_id)
  ), 'NOT_CLAIMED');
  select coalesce(jsonb_agg(d), '[]') into approved
    from jsonb_to_recordset(p_decisions) as d (item_id integer, quantity integer, approve boolean) where d.approve;
  perform settle_claim(p_claim_id, approved, p_note, false);
end $$;
