-- Begins a request of somebody who follows an order or the floor of a branch (the other id is null), by session or by API key, and
-- checks that they may see it. Raises what begin_request and begin_key raise, and NOT_FOUND.
create or replace function begin_following(p_session_id integer, p_key_hash text, p_user_id integer, p_order_id integer, p_branch_id integer,
    p_request_id text)
  returns void language plpgsql as $$
declare
  is_staff boolean;
begin
  perform set_config('app.branch_id', '', true), set_config('app.api_key_id', '', true);
  if p_key_hash is not null then
    perform begin_key(p_key_hash, p_user_id, '{events:read}', p_request_id);
    is_staff := true;
  else
    perform begin_request(p_session_id, p_user_id,
      case when p_order_id is null then '{EMPLOYEE,MANAGER,ADMIN}'::text[] else '{CUSTOMER,EMPLOYEE,MANAGER,ADMIN}' end, p_request_id, true);
    select role <> 'CUSTOMER' into is_staff from users where id = p_user_id;
  end if;
  if p_order_id is null then
    perform guard(exists (select from branches where id = p_branch_id and sees_branch(id)), 'NOT_FOUND');
  else
    perform guard(exists (select from orders where id = p_order_id and placed_at is not null
      and (user_id = p_user_id and p_key_hash is null or is_staff and sees_branch(branch_id))), 'NOT_FOUND');
  end if;
end $$;
