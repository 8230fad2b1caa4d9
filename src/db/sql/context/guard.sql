-- The batch's `if (!ok) throw`: code and details become the API error, and the whole batch rolls back.
create or replace function guard(condition boolean, code text, details jsonb default '{}') returns void language plpgsql as $$
begin
  if condition is not true then
    raise exception using errcode = 'MSGRD', message = code, detail = details::text;
  end if;
end $$;
