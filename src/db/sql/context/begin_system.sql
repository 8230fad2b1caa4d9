-- First statement of a batch without a signed-in user: sign-up, password reset, jobs.
create or replace function begin_system(p_request_id text) returns void language plpgsql as $$
begin
  perform set_config('app.actor_id', '', true), set_config('app.request_id', p_request_id, true);
end $$;
