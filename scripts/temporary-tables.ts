/**
 * A temporary table of the name of a real one would stand before it in the search path of a function. Said with every run, because
 * the privileges of a database do not come along when it is restored or made from a template.
 */
export const REFUSE_TEMPORARY_TABLES = `do $$ begin
  execute format('revoke temporary on database %I from public', current_database());
end $$`;
