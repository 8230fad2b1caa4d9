-- Who is switched on again is not erased; who has been erased stays off.
create or replace function user_reactivated() returns trigger language plpgsql as $$
begin
  perform guard(old.erased_at is null, 'USER_ERASED');
  new.erase_after := null;
  return new;
end $$;

create or replace trigger user_reactivated before update of is_active on users for each row
  when (new.is_active and not old.is_active) execute function user_reactivated();
