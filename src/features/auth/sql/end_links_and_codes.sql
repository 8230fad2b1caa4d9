-- Reset links and registration codes are valid only for the account's state when they were mailed: they end when the account is
-- created, and when its email, role, active state or password change, by any user or job.
create or replace function end_links_and_codes() returns trigger language plpgsql as $$
begin
  update password_resets set token_hash = null where user_id = new.id and token_hash is not null;
  delete from registration_codes where email in (new.email, old.email);
  return null;
end $$;

create or replace trigger end_codes after insert on users for each row execute function end_links_and_codes();

create or replace trigger end_links_and_codes after update on users for each row
  when (old.email <> new.email or old.role <> new.role or old.is_active <> new.is_active
    or old.password_changed_at <> new.password_changed_at)
  execute function end_links_and_codes();
