-- Creates the open cart of a user; returns null when a concurrent request has created it. It takes over from the cart of the last order
-- how long the customer has been renewing holds: buying something small and canceling it gives no fresh hour.
create or replace function make_cart(p_user_id integer) returns carts language plpgsql as $$
declare
  cart carts;
begin
  insert into carts (user_id, hold_began_at, held_until)
  select p_user_id, before.hold_began_at, before.held_until
  from (values (p_user_id)) owner (id) left join lateral (
    select c.hold_began_at, c.held_until from orders o join carts c on c.id = o.cart_id
    where o.user_id = owner.id and o.placed_at is not null order by o.id desc limit 1
  ) before on true
  on conflict do nothing
  returning * into cart;
  return cart;
end $$;
