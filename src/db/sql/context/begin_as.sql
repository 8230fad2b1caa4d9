-- First statement of a batch that finishes a user's payment, even if the session has ended: money has moved.
-- Returns the user id, so that the call can be used as p_user_id.
create or replace function begin_as(p_user_id integer, p_request_id text) returns integer language plpgsql as $$
declare
  done text;
begin
  done := set_config('app.actor_id', p_user_id::text, true);
  done := set_config('app.request_id', p_request_id, true);
  return p_user_id;
end $$;
