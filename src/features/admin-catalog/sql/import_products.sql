-- Makes and changes products by the rows of a file, [{row_number, fields}]: good rows land, `outcome` names the others. A dry run does the
-- same and takes it back, so it answers what the import would.
create or replace function import_products(p_user_id integer, p_rows jsonb, p_is_dry_run boolean)
  returns table (outcome jsonb) language plpgsql rows 1 as $$
begin
  perform set_audit_action('product', 'BULK_IMPORT');
  -- By id, as everybody locks several of them.
  perform from products p
    where upper(p.sku) in (select upper(r.value -> 'fields' ->> 'sku') from jsonb_array_elements(p_rows) r)
    order by p.id for no key update;
  begin
    outcome := apply_products(p_rows);
    if p_is_dry_run then
      raise exception using errcode = 'MSDRY';
    end if;
  exception when sqlstate 'MSDRY' then
    null;
  end;
  return next;
end $$;
