-- Ledger: inserting an entry is the only way to change a customer's credit, so the balance always equals the sum of the entries. The
-- account's row is the lock and its CHECK the limit. The id is assigned under that lock: ids are in the order of the balances.
-- Owner's rights: the Worker's role may not update a balance itself.
create or replace function credit_entered() returns trigger language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
begin
  if new.amount > 0 then
    insert into credit_accounts as a (user_id, currency, balance) values (new.user_id, new.currency, new.amount)
      on conflict (user_id, currency) do update set balance = a.balance + excluded.balance
      returning a.balance into new.balance;
  else
    update credit_accounts a set balance = a.balance + new.amount
      where a.user_id = new.user_id and a.currency = new.currency returning a.balance into new.balance;
    if not found then
      raise exception using errcode = '23514', constraint = 'credit_accounts_not_negative', message = 'there is no credit to take';
    end if;
  end if;
  new.id := nextval('credit_entries_id_seq');
  return new;
end $$;

create or replace trigger credit_entered before insert on credit_entries for each row execute function credit_entered();
