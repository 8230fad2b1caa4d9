-- Takes the next number of a series. The counter stays locked until the commit, so that a transaction that rolls back leaves no gap:
-- call it as late as possible.
create or replace function next_serial(p_series text, p_branch_id integer, p_year integer) returns integer
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
declare
  number integer;
begin
  update receipt_counters set last_serial = last_serial + 1
    where series = p_series and branch_id = p_branch_id and year = p_year returning last_serial into number;
  if not found then
    -- The first of a year, or of several at once.
    insert into receipt_counters as c (series, branch_id, year, last_serial) values (p_series, p_branch_id, p_year, 1)
      on conflict (series, branch_id, year) do update set last_serial = c.last_serial + 1
      returning last_serial into number;
  end if;
  return number;
end $$;

revoke execute on function next_serial(text, integer, integer) from public;
