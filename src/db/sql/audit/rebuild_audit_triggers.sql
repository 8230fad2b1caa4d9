-- Gives every audited table its triggers. The trigger for updates is generated from the columns: comparing each column costs much
-- less than making JSON of both rows and comparing that (docs/decisions/0014). `migrate` runs this after tables and functions.
create or replace function rebuild_audit_triggers() returns void language plpgsql as $make$
declare
  audited record;
  comparisons text;
begin
  for audited in select * from audited_tables() loop
    select string_agg(format($line$
      if new.%1$I is distinct from old.%1$I then
        was := was || jsonb_build_object(%1$L, old.%1$I);
        becomes := becomes || jsonb_build_object(%1$L, new.%1$I);
      end if;$line$, attname), '' order by attnum)
      into comparisons
      from pg_attribute
      where attrelid = audited.name::regclass and attnum > 0 and not attisdropped
        and attname <> all (string_to_array(audited.secret || ',' || audited.noise, ','));
    execute format($body$
      create or replace function audit_update_of_%1$s() returns trigger language plpgsql as $$
      declare
        was jsonb := '{}';
        becomes jsonb := '{}';
      begin %2$s
        if becomes <> '{}' then
          insert into public.audit_log (entity_type, entity_id, action, old_value, new_value)
            values (%3$L, new.id, coalesce(nullif(current_setting('app.action_%3$s', true), ''), 'UPDATE'), was, becomes);
        end if;
        return null;
      end $$$body$, audited.name, comparisons, audited.entity);
    execute format(case when audited.inserted_singly
      then 'create or replace trigger audit_insert after insert on %I for each row execute function audit_row(%L, %L, %L)'
      else 'create or replace trigger audit_insert after insert on %I referencing new table as new_rows
              for each statement execute function audit_change(%L, %L, %L)'
      end, audited.name, audited.entity, audited.secret, audited.noise);
    execute format('create or replace trigger audit_update after update on %1$I for each row execute function audit_update_of_%1$s()',
      audited.name);
    execute format('create or replace trigger audit_delete after delete on %I referencing old table as old_rows
        for each statement execute function audit_change(%L, %L, %L)',
      audited.name, audited.entity, audited.secret, audited.noise);
  end loop;
end $make$;

revoke execute on function rebuild_audit_triggers() from public;
