-- The request id of this transaction; see current_actor.
create or replace function current_request() returns text language sql stable
  as $$ select nullif(current_setting('app.request_id', true), '') $$;
