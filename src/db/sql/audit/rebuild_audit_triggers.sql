-- Gives every audited table its triggers. The trigger for updates is generated from the columns: comparing each column costs much
-- less than making JSON of both rows and comparing that (docs/decisions/0014). Where thousands of rows are updated at once, one
-- statement compares them all: a trigger for each row takes several times as long. Its plan is kept from the first rows it met, and must
-- be good for ten thousand: no nested loop. `migrate` runs this after tables and functions.
create or replace function rebuild_audit_triggers() returns void language plpgsql as $make$
declare
  audited record;
  columns text[];
begin
  for audited in select * from audited_tables() loop
    columns := array(
      select attname from pg_attribute
      where attrelid = audited.name::regclass and attnum > 0 and not attisdropped
        and attname <> all (string_to_array(audited.secret || ',' || audited.noise, ','))
      order by attnum);
    execute case when audited.updated_in_bulk then audit_statement_body(audited.name, audited.entity, columns)
      else audit_row_body(audited.name, audited.entity, columns) end;
    execute format(case when audited.inserted_singly
      then 'create or replace trigger audit_insert after insert on %I for each row execute function audit_row(%L, %L, %L)'
      else 'create or replace trigger audit_insert after insert on %I referencing new table as new_rows
              for each statement execute function audit_change(%L, %L, %L)'
      end, audited.name, audited.entity, audited.secret, audited.noise);
    execute format(case when audited.updated_in_bulk
      then 'create or replace trigger audit_update after update on %1$I referencing old table as old_rows new table as new_rows
              for each statement execute function audit_update_of_%1$s()'
      else 'create or replace trigger audit_update after update on %1$I for each row execute function audit_update_of_%1$s()'
      end, audited.name);
    execute format('create or replace trigger audit_delete after delete on %I referencing old table as old_rows
        for each statement execute function audit_change(%L, %L, %L)',
      audited.name, audited.entity, audited.secret, audited.noise);
  end loop;
end $make$;

revoke execute on function rebuild_audit_triggers() from public;
