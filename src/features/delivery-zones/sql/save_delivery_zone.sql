-- Makes (p_id is null) or changes a delivery zone. Zones that one branch delivers to share no postal code; the lock keeps two changes at
-- once from each missing the other.
create or replace function save_delivery_zone(p_user_id integer, p_id integer, p_change jsonb, p_source_branch_id integer)
  returns table (id integer) language plpgsql rows 1 as $$
#variable_conflict use_column
declare
  zone delivery_zones;
  other record;
begin
  perform pg_advisory_xact_lock(hashtext('delivery_zones'));
  if p_id is not null then
    select * into zone from delivery_zones z where z.id = p_id for update;
    perform guard(found, 'ZONE_NOT_FOUND');
  end if;
  zone := jsonb_populate_record(zone, p_change);
  zone.codes := postal_reach(zone.postal_codes);
  perform guard(zone.branch_id is null or exists (select from branches b where b.id = zone.branch_id), 'BRANCH_NOT_FOUND');
  select z.id, z.name, lower(z.codes * zone.codes) % 10000000000000000 as code,
      lower(z.codes * zone.codes) / 10000000000000000 as digits into other
    from delivery_zones z
    where z.codes && zone.codes and z.id is distinct from p_id
      and coalesce(z.branch_id, p_source_branch_id) = coalesce(zone.branch_id, p_source_branch_id)
    order by z.id limit 1;
  perform guard(other.id is null, 'ZONES_OVERLAP', jsonb_build_object('zone_id', other.id, 'name', other.name,
    'postal_code', lpad(other.code::text, other.digits::integer, '0')));
  if p_id is null then
    insert into delivery_zones (name, postal_codes, codes, fee, minimum, branch_id)
      values (zone.name, zone.postal_codes, zone.codes, zone.fee, zone.minimum, zone.branch_id) returning delivery_zones.id into id;
  else
    update delivery_zones z set name = zone.name, postal_codes = zone.postal_codes, codes = zone.codes, fee = zone.fee,
        minimum = zone.minimum, branch_id = zone.branch_id, updated_at = now()
      where z.id = p_id;
    id := p_id;
  end if;
  return next;
end $$;
