-- Like audit_change, for tables whose rows are inserted one at a time: a row trigger needs no transition table.
create or replace function audit_row() returns trigger language plpgsql as $$
begin
  insert into public.audit_log (entity_type, entity_id, action, new_value)
    values (tg_argv[0], new.id, coalesce(nullif(current_setting('app.action_' || tg_argv[0], true), ''), 'CREATE'),
      to_jsonb(new) - string_to_array(tg_argv[1], ','));
  return null;
end $$;
