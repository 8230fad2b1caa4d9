-- Locks the open cart of a user for a change, or makes it. Refuses one that is being paid for.
create or replace function lock_cart(p_user_id integer) returns carts language plpgsql as $$
declare
  cart carts;
begin
  loop
    select * into cart from carts c where c.user_id = p_user_id and c.status in ('ACTIVE', 'CHECKING_OUT') for update;
    exit when found;
    cart := make_cart(p_user_id);
    exit when cart.id is not null;
  end loop;
  if cart.status <> 'ACTIVE' then
    perform guard(false, 'CHECKOUT_IN_PROGRESS');
  end if;
  return cart;
end $$;
