-- Ends sessions when role, active state or password change, by any user or job.
create or replace function user_access_changed() returns trigger language plpgsql as $$
begin
  update sessions set revoked_at = now() where user_id = new.id and revoked_at is null;
  if old.role = 'ADMIN' and old.is_active and not (new.role = 'ADMIN' and new.is_active) then
    -- Two administrators demoting each other take turns; the second one sees the first one's commit.
    perform pg_advisory_xact_lock(hashtext('last_admin'));
    perform guard(exists (select from users where role = 'ADMIN' and is_active), 'LAST_ADMIN');
  end if;
  return null;
end $$;

create or replace trigger user_access_changed after update on users for each row
  when (old.role <> new.role or old.is_active <> new.is_active or old.password_changed_at <> new.password_changed_at)
  execute function user_access_changed();
