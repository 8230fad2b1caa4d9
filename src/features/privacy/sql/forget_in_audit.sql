-- Takes the values of a person out of the audit. Its rows stay: who did what, and when. They are found by what they are about, or,
-- for what only the person could change (addresses, cards, reviews, claims), by who did it; both by index.
create or replace function forget_in_audit(p_person_id integer, p_email text, p_addresses integer[], p_orders integer[])
  returns void language plpgsql as $$
declare
  personal text[] := array['email', 'full_name', 'phone', 'address_line', 'city', 'postal_code', 'country', 'lat', 'lng', 'brand', 'last4',
    'exp_month', 'exp_year', 'provider_customer', 'title', 'body', 'note', 'reason', 'delivery_address', 'customer_name'];
  entry record;
begin
  for entry in
    select created_at, id from audit_log where entity_type = 'user' and entity_id = p_person_id
    union
    select created_at, id from audit_log where action = 'LOGIN_FAILURE' and context ->> 'email' = p_email
    union
    select created_at, id from audit_log where entity_type in ('address', 'payment_token', 'review', 'claim', 'claim_item') and actor_user_id = p_person_id
    union
    select created_at, id from audit_log where entity_type = 'address' and entity_id = any (p_addresses)
    union
    select created_at, id from audit_log where entity_type = 'order' and entity_id = any (p_orders)
    union
    select a.created_at, a.id from audit_log a join payment_tokens t on t.id = a.entity_id
      where a.entity_type = 'payment_token' and t.user_id = p_person_id
    union
    select a.created_at, a.id from audit_log a join reviews r on r.id = a.entity_id where a.entity_type = 'review' and r.user_id = p_person_id
    union
    select a.created_at, a.id from audit_log a join claims c on c.id = a.entity_id where a.entity_type = 'claim' and c.user_id = p_person_id
    union
    select a.created_at, a.id from audit_log a join claim_items l on l.id = a.entity_id join claims c on c.id = l.claim_id
      where a.entity_type = 'claim_item' and c.user_id = p_person_id
    union
    select a.created_at, a.id from audit_log a join credit_entries e on e.id = a.entity_id
      where a.entity_type = 'credit_entry' and e.user_id = p_person_id
    union
    select a.created_at, a.id from audit_log a join refund_requests q on q.id = a.entity_id
      where a.entity_type = 'refund_request' and q.order_id = any (p_orders)
  loop
    update audit_log set old_value = old_value - personal, new_value = new_value - personal, context = context - 'email'
      where created_at = entry.created_at and id = entry.id;
  end loop;
end $$;

revoke execute on function forget_in_audit(integer, text, integer[], integer[]) from public;
