-- Refuses a replacement that the customer does not want for this line. One that the customer approved is wanted, as far as it was offered.
-- Returns how many units of it may be given.
create or replace function guard_substitution(p_line order_items, p_product_id integer) returns integer language plpgsql stable as $$
declare
  approved integer;
begin
  select quantity into approved from substitution_proposals
    where order_item_id = p_line.id and product_id = p_product_id and status = 'APPROVED' order by id desc limit 1;
  if found then
    return approved;
  end if;
  perform guard(p_line.substitution_policy <> 'NONE', 'SUBSTITUTION_REFUSED');
  perform guard(p_line.substitution_policy <> 'ASK', 'APPROVAL_REQUIRED');
  perform guard(p_line.substitution_policy <> 'SPECIFIC' or p_product_id = any (p_line.substitution_ids), 'NOT_IN_CHOICE',
    jsonb_build_object('product_ids', to_jsonb(p_line.substitution_ids)));
  return p_line.quantity;
end $$;
