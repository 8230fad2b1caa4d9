-- The number of taken places of a slot on a date: orders, including those being paid for, and holds of other carts.
-- Lock the slot's row before deciding on the result. PL/pgSQL, because its plan is cached.
create or replace function slot_places_taken(p_slot_id integer, p_date date, p_except_cart integer default null)
  returns integer language plpgsql stable as $$
begin
  return (
    (select count(*) from orders o
      where o.delivery_slot_id = p_slot_id and o.delivery_date = p_date and o.status <> 'CANCELED')
    + (select count(*) from slot_holds h
        where h.slot_id = p_slot_id and h.delivery_date = p_date and h.expires_at > now()
          and h.cart_id is distinct from p_except_cart));
end $$;
