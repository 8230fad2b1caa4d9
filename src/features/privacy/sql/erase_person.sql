-- Erases what is personal of one person: rows that serve nobody else are deleted; orders, receipts, payments, ledgers and ratings stay
-- without name, address and words. Last of all the audit forgets the values, also those that this erasure wrote into it.
-- Called by erase_people alone, with its rights.
create or replace function erase_person(p_person_id integer) returns void language plpgsql as $$
declare
  person users;
  own_addresses integer[];
  own_orders integer[];
  own_carts integer[];
begin
  select * into person from users where id = p_person_id;
  own_addresses := array(select id from addresses where user_id = p_person_id);
  own_orders := array(select id from orders where user_id = p_person_id);
  own_carts := array(select id from carts where user_id = p_person_id);
  perform set_config('app.erasing', 'on', true), set_audit_action('user', 'ERASE');

  delete from addresses where user_id = p_person_id;
  delete from sessions where user_id = p_person_id;
  delete from password_resets where user_id = p_person_id;
  delete from totp_recovery_codes where user_id = p_person_id;
  delete from totp_secrets where user_id = p_person_id;
  delete from provider_customers where user_id = p_person_id;
  delete from wishlist_items where user_id = p_person_id;
  delete from shopping_list_items where list_id in (select id from shopping_lists where user_id = p_person_id);
  delete from shopping_lists where user_id = p_person_id;
  delete from notifications where user_id = p_person_id;
  delete from idempotency_keys where user_id = p_person_id;
  delete from hold_lines where cart_id = any (own_carts);
  delete from slot_holds where cart_id = any (own_carts);
  delete from cart_items where cart_id = any (own_carts);
  delete from login_throttles where email = person.email;
  delete from registration_codes where email = person.email;
  delete from outbox where lower(payload -> 'to' ->> 'email') = person.email;

  update payment_tokens
    set provider_token = 'erased', provider_customer = null, brand = null, last4 = null, exp_month = null, exp_year = null,
        is_active = false, is_default = false
    where user_id = p_person_id;
  update reviews set title = null, body = null where user_id = p_person_id and coalesce(title, body) is not null;
  update claim_items set note = null
    where note is not null and claim_id in (select id from claims where user_id = p_person_id);
  update claims set note = null where user_id = p_person_id and note is not null;
  update credit_entries set reason = null where user_id = p_person_id and reason is not null;
  update refund_requests set reason = 'Erased' where order_id = any (own_orders);
  update orders set delivery_address = 'Erased' where id = any (own_orders) and delivery_address is not null;
  update order_amendments set before = before #- '{delivery,address}', after = after #- '{delivery,address}', plan = plan - 'address'
    where order_id = any (own_orders);
  update amended_receipts set delivery_address = null where order_id = any (own_orders);
  update receipts set customer_name = null where order_id = any (own_orders) and customer_name is not null;
  update users
    set email = format('erased-%s@erased.invalid', id), full_name = 'Deleted', phone = null, password_hash = '',
        default_branch_id = null, language = null, totp_enabled_at = null, erase_after = null, erased_at = now(), updated_at = now()
    where id = p_person_id;

  perform forget_in_audit(p_person_id, person.email, own_addresses, own_orders);
  perform set_config('app.erasing', '', true), set_audit_action('user', '');
end $$;

revoke execute on function erase_person(integer) from public;
