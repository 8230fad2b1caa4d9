-- Makes a card the default one, unless it was removed meanwhile. Locks the user first, so that two choices at the same moment
-- cannot both end as the default.
create or replace function choose_default_card(p_user_id integer, p_token_id integer) returns void language plpgsql as $$
begin
  perform from users where id = p_user_id for no key update;
  if exists (select from payment_tokens where id = p_token_id and is_active) then
    update payment_tokens set is_default = false where user_id = p_user_id and is_default and id <> p_token_id;
    update payment_tokens set is_default = true where id = p_token_id and not is_default;
  end if;
end $$;
