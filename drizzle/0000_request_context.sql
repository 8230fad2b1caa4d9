-- Who acts, and in which request: transaction-local settings that triggers and column defaults read.
-- A pooled connection reads an unset local setting as '', not NULL.
create function current_actor() returns integer language sql stable
  as $$ select nullif(current_setting('app.actor_id', true), '')::integer $$;
--> statement-breakpoint
create function current_request() returns text language sql stable
  as $$ select nullif(current_setting('app.request_id', true), '') $$;
--> statement-breakpoint

-- The batch's `if (!ok) throw`: code and details become the API error, the whole batch rolls back.
create function guard(condition boolean, code text, details jsonb default '{}') returns void language plpgsql as $$
begin
  if condition is not true then
    raise exception using errcode = 'MSGRD', message = code, detail = details::text;
  end if;
end $$;
