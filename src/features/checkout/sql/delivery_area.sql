-- Which branch fulfils a checkout, and the fee and minimum of the delivery zone (null: those of the settings). The postal code is
-- p_postal_code, else that of the saved address; an address typed as one line has none. Of several branches, that of the slot delivers.
-- is_covered is false for an address without a zone where the settings require one; without any address, nothing is refused yet.
create or replace function delivery_area(p_user_id integer, p_fulfillment_type text, p_branch_id integer, p_slot_id integer,
    p_address text, p_address_id integer, p_postal_code text, out branch_id integer, out zone_id integer, out fee numeric,
    out minimum numeric, out postal_code text, out is_covered boolean) language plpgsql stable as $$
#variable_conflict use_column
begin
  branch_id := p_branch_id;
  is_covered := true;
  if p_fulfillment_type = 'DELIVERY' then
    postal_code := p_postal_code;
    if postal_code is null and p_address is null then
      select a.postal_code into postal_code from addresses a
        where a.user_id = p_user_id and case when p_address_id is null then a.is_default else a.id = p_address_id end;
    end if;
    if postal_code is not null then
      select z.branch_id, z.zone_id, z.fee, z.minimum into branch_id, zone_id, fee, minimum
        from zone_of(postal_code, p_branch_id, (select d.branch_id from delivery_slots d where d.id = p_slot_id)) z;
    end if;
    if zone_id is null then
      branch_id := p_branch_id;
      is_covered := coalesce(postal_code, p_address) is null or not (select s.require_zone from settings s);
    end if;
  end if;
end $$;

comment on function delivery_area is 'nullable: zone_id, fee, minimum, postal_code';
