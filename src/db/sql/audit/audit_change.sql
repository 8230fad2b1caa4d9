-- Writes one audit row for each row that a statement inserted or deleted.
-- Trigger arguments: entity type; comma-separated columns that are never recorded.
create or replace function audit_change() returns trigger language plpgsql as $$
declare
  unrecorded text[] := string_to_array(tg_argv[1], ',');
  named text := nullif(current_setting('app.action_' || tg_argv[0], true), '');
begin
  if tg_op = 'INSERT' then
    insert into public.audit_log (entity_type, entity_id, action, new_value)
      select tg_argv[0], n.id, coalesce(named, 'CREATE'), to_jsonb(n) - unrecorded from new_rows n;
  else
    insert into public.audit_log (entity_type, entity_id, action, old_value)
      select tg_argv[0], o.id, coalesce(named, 'DELETE'), to_jsonb(o) - unrecorded from old_rows o;
  end if;
  return null;
end $$;
