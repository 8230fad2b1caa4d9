-- Who acts: a transaction-local setting that triggers and column defaults read. A pooled connection reads an unset local
-- setting as '', not NULL.
create or replace function current_actor() returns integer language sql stable
  as $$ select nullif(current_setting('app.actor_id', true), '')::integer $$;
