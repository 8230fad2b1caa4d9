-- Makes and changes products by the rows of a file, [{row_number, fields}]: good rows land, `outcome` names the others. A dry run answers
-- what the import would, locks nothing and writes nothing.
create or replace function import_products(p_user_id integer, p_rows jsonb, p_is_dry_run boolean)
  returns table (outcome jsonb) language plpgsql rows 1 as $$
begin
  perform set_audit_action('product', 'BULK_IMPORT');
  if not p_is_dry_run then
    -- By id, as everybody locks several of them.
    perform from products p
      where upper(p.sku) in (select upper(r.value -> 'fields' ->> 'sku') from jsonb_array_elements(p_rows) r)
      order by p.id for no key update;
  end if;
  -- After the lock: a price that falls due from now on waits for it, and finds the price of the file.
  perform prices_are_current();
  outcome := apply_products(p_rows, p_is_dry_run);
  return next;
end $$;
