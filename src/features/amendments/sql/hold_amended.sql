-- Holds what a change of a locked order adds, and its place in another slot, until p_until; the inventory rows and the slot are locked.
create or replace function hold_amended(p_amendment_id integer, p_until timestamptz) returns void language plpgsql as $$
declare
  amendment order_amendments;
  cart integer;
begin
  select * into amendment from order_amendments where id = p_amendment_id;
  select o.cart_id into cart from orders o where o.id = amendment.order_id;
  insert into hold_lines (inventory_id, cart_id, quantity, expires_at)
    select h.inventory_id, cart, least(h.units, h.available), p_until
    from jsonb_to_recordset(amendment.plan -> 'added') as h (inventory_id integer, units integer, available integer)
    where h.available > 0 order by h.inventory_id
    on conflict (inventory_id, cart_id) do update set expires_at = excluded.expires_at;
  insert into slot_holds (cart_id, slot_id, delivery_date, expires_at)
    select cart, slot.id, slot.date, p_until
    from jsonb_to_record(amendment.plan -> 'slot') as slot (id integer, date date)
    where amendment.plan ->> 'slot' is not null
    on conflict (cart_id) do update set expires_at = excluded.expires_at;
end $$;
