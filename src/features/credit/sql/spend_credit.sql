-- Spends a customer's store credit, up to an amount, on an order that is being placed; returns the amount spent. The account stays
-- locked until the commit, so that concurrent purchases cannot spend it twice.
-- Owner's rights: locking an account takes the right to change it.
create or replace function spend_credit(p_user_id integer, p_order_id integer, p_amount numeric, p_currency text)
  returns numeric language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  spent numeric;
begin
  select least(a.balance, p_amount) into spent from credit_accounts a
    where a.user_id = p_user_id and a.currency = p_currency for update;
  if spent > 0 then
    insert into credit_entries (user_id, currency, amount, kind, order_id)
      values (p_user_id, p_currency, -spent, 'SPENT', p_order_id);
  end if;
  return coalesce(spent, 0);
end $$;
