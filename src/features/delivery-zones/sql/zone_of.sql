-- The delivery zone of a postal code, with the branch that delivers there; of several branches that of p_branch_id, else the zone made
-- first. No row when no zone of an active branch has the code.
create or replace function zone_of(p_code text, p_source_branch_id integer, p_branch_id integer default null)
  returns table (zone_id integer, branch_id integer, fee numeric, minimum numeric) language plpgsql stable rows 1 as $$
begin
  return query
    select z.id, b.id, z.fee, z.minimum from delivery_zones z
    join branches b on b.id = coalesce(z.branch_id, p_source_branch_id) and b.is_active
    where z.codes @> postal_key(p_code)
    order by b.id is distinct from p_branch_id, z.id limit 1;
end $$;

comment on function zone_of is 'nullable: fee, minimum';
