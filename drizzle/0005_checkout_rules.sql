-- First statement of a batch that finishes what a user began, whatever has become of the session since: money has moved.
create function begin_as(p_user_id integer, p_request_id text) returns void language plpgsql as $$
begin
  perform set_config('app.actor_id', p_user_id::text, true), set_config('app.request_id', p_request_id, true);
end $$;
--> statement-breakpoint

-- Categories that are switched off, or lie below one that is: what stands in them is not on sale.
create function hidden_categories() returns setof integer language sql stable as $$
  with recursive hidden as (
    select id from categories where not is_active
    union
    select c.id from categories c join hidden on c.parent_id = hidden.id
  )
  select id from hidden
$$;
--> statement-breakpoint

-- A pickup begins at the first full hour that is at least two hours away and leaves two service hours.
create function pickup_starts_at(p_opens time, p_closes time, p_time_zone text) returns timestamptz language sql stable as $$
  select case
      when earliest < day + p_opens then day + p_opens
      when earliest + interval '2 hours' > day + p_closes then day + interval '1 day' + p_opens
      else earliest
    end at time zone p_time_zone
  from (select date_trunc('hour', (now() + interval '2 hours') at time zone p_time_zone + interval '59 minutes 59.999999 seconds') as earliest) rounded
  cross join lateral (select date_trunc('day', earliest) as day) calendar
$$;
