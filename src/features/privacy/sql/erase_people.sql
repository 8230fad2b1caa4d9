-- Erases the people whose time has come, at most p_limit of them, and returns how many. Whoever still has an order on its way or a
-- payment without a result waits for it.
-- Owner's rights: the Worker's role may change neither the audit nor the tables that are erased here.
create or replace function erase_people(p_limit integer) returns integer
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  person integer;
  erased integer := 0;
begin
  for person in
    select u.id from users u
    where u.erase_after <= now() and not u.is_active and u.erased_at is null
      and not exists (
        select from orders o join payments p on p.order_id = o.id
        where o.user_id = u.id and (p.status in ('PENDING', 'ACTION_REQUIRED')
          or o.placed_at is not null and o.status not in ('DELIVERED', 'CANCELED')))
    order by u.erase_after, u.id limit p_limit for no key update of u skip locked
  loop
    perform erase_person(person);
    erased := erased + 1;
  end loop;
  return erased;
end $$;
