/**
 * A temporary table could hide a real table of the same name in the search path of a function. Applied in every run, because
 * the privileges of a database are not copied when it is restored or created from a template.
 */
export const REFUSE_TEMPORARY_TABLES = `do $$ begin
  execute format('revoke temporary on database %I from public', current_database());
end $$`;
