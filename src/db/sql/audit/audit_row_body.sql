-- The trigger function that compares the columns of one updated row and writes down those that changed: what rebuild_audit_triggers
-- executes.
create or replace function audit_row_body(p_table text, p_entity text, p_columns text[]) returns text language sql immutable as $make$
  select format($body$
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
      end $$$body$, p_table, string_agg(format($line$
        if new.%1$I is distinct from old.%1$I then
          was := was || jsonb_build_object(%1$L, old.%1$I);
          becomes := becomes || jsonb_build_object(%1$L, new.%1$I);
        end if;$line$, name), '' order by position), p_entity)
  from unnest(p_columns) with ordinality as columns (name, position)
$make$;
