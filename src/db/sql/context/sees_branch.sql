-- The one rule for the branch that a caller is limited to, set by begin_request or begin_key; every query and command of the staff about
-- orders, stock and their requests asks it. Without a limit, or about no branch, it is true. Written with `coalesce`, because the planner would take a
-- plain comparison for one that few rows pass.
create or replace function sees_branch(p_branch_id integer) returns boolean language sql stable
  as $$ select coalesce(p_branch_id = nullif(current_setting('app.branch_id', true), '')::integer, true) $$;
