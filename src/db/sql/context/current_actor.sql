-- The acting user: a transaction-local setting read by triggers and column defaults. On a pooled connection, an unset local
-- setting reads as '', not NULL.
create or replace function current_actor() returns integer language sql stable
  as $$ select nullif(current_setting('app.actor_id', true), '')::integer $$;
