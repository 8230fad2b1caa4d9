-- Where a delivery goes, as one line: p_address, else that of p_address_id, else the default one.
create or replace function checkout_address(p_user_id integer, p_address text, p_address_id integer)
  returns text language plpgsql stable as $$
declare
  line text := p_address;
begin
  if line is null then
    select concat_ws(', ', a.address_line, a.city || ' ' || a.postal_code, a.country) into line from addresses a
      where a.user_id = p_user_id and case when p_address_id is null then a.is_default else a.id = p_address_id end;
    if not found then
      perform guard(p_address_id is null, 'ADDRESS_NOT_FOUND');
      perform guard(false, 'ADDRESS_REQUIRED');
    end if;
  end if;
  return line;
end $$;
