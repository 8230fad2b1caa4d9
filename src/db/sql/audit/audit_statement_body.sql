-- As audit_row_body, for all rows of a statement at once. Old and new rows are joined by hash, whatever is off where they changed: a nested
-- loop is quadratic.
create or replace function audit_statement_body(p_table text, p_entity text, p_columns text[]) returns text
  language sql immutable as $make$
  select format($body$
      create or replace function audit_update_of_%1$s() returns trigger language plpgsql set enable_nestloop = off set enable_hashjoin = on as $$
      begin
        insert into public.audit_log (entity_type, entity_id, action, old_value, new_value)
          select %3$L, n.id, coalesce(nullif(current_setting('app.action_%3$s', true), ''), 'UPDATE'),
              '{}'::jsonb %4$s, '{}'::jsonb %5$s
            from old_rows o join new_rows n on n.id = o.id
            where %2$s;
        return null;
      end $$$body$, p_table,
      string_agg(format('n.%1$I is distinct from o.%1$I', name), ' or ' order by position), p_entity,
      string_agg(format($line$
                || case when n.%1$I is distinct from o.%1$I then jsonb_build_object(%1$L, o.%1$I) else '{}' end$line$, name),
        '' order by position),
      string_agg(format($line$
                || case when n.%1$I is distinct from o.%1$I then jsonb_build_object(%1$L, n.%1$I) else '{}' end$line$, name),
        '' order by position))
  from unnest(p_columns) with ordinality as columns (name, position)
$make$;
