-- Sets the action of one entity's audit rows in this transaction, instead of CREATE, UPDATE or DELETE.
create or replace function set_audit_action(p_entity text, p_action text) returns void language plpgsql as $$
begin
  perform set_config('app.action_' || p_entity, p_action, true);
end $$;
