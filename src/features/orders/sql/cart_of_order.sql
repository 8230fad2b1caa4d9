-- The cart that holds stock for a locked order after its purchase: its own. An imported order has none yet.
create or replace function cart_of_order(p_order orders) returns integer language plpgsql as $$
declare
  cart integer := p_order.cart_id;
begin
  if cart is null then
    insert into carts (user_id, status) values (p_order.user_id, 'CHECKED_OUT') returning id into cart;
    update orders set cart_id = cart where id = p_order.id;
  end if;
  return cart;
end $$;
