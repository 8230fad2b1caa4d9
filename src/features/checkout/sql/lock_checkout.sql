-- Locks what a checkout decides on, in the one order everybody locks it: cart, stock by id, slot. Refuses a cart that no
-- checkout can go on with. Ends the cart's hold, which is renewed or becomes the order.
create or replace function lock_checkout(p_user_id integer, p_cart_id integer, p_branch_id integer, p_slot_id integer)
  returns locked_cart language plpgsql as $$
declare
  cart carts;
  shelves integer[];
begin
  select * into cart from carts
    where id = p_cart_id and user_id = p_user_id and status in ('ACTIVE', 'CHECKING_OUT') for update;
  if not found then
    perform guard(false, 'NOT_FOUND', '{"resource": "cart"}');
  end if;
  if not exists (select from branches where id = p_branch_id and is_active) then
    perform guard(false, 'NOT_FOUND', '{"resource": "branch"}');
  end if;
  if cart.status <> 'ACTIVE' then
    perform guard(false, 'CHECKOUT_IN_PROGRESS');
  end if;
  shelves := array(
    select i.id from inventory i join cart_items ci on ci.product_id = i.product_id
    where ci.cart_id = p_cart_id and i.branch_id = p_branch_id
    order by i.id for no key update of i);
  -- For bookings of all its dates, and against a change of its capacity.
  if p_slot_id is not null then
    perform from delivery_slots where id = p_slot_id for no key update;
  end if;
  -- Only a preview holds anything, and it leaves what it showed.
  if cart.shown_for is not null then
    delete from slot_holds where cart_id = p_cart_id;
    delete from hold_lines where cart_id = p_cart_id;
  end if;
  return (cart, shelves);
end $$;
