-- Every change of a cart: locks the open one (or makes it), checks and changes its lines, ends the hold of a checkout that
-- was begun, and returns the cart with the products that others can take again.
-- p_action: ADD p_quantity of p_product_id to what is there; SET the line p_item_id to p_quantity (of p_product_id, if given);
-- REMOVE that line; CLEAR them all; COUPON enters p_code, or without one takes the coupon away. p_substitution,
-- {policy, product_ids}, is what the customer takes instead of the product.
-- By index alone, whatever the size of the tables when the plan was made (docs/decisions/0041).
create or replace function change_cart(p_user_id integer, p_action text, p_branch_id integer, p_max_quantity integer,
    p_max_lines integer, p_item_id integer default null, p_product_id integer default null, p_quantity integer default null, p_code text default null,
    p_substitution jsonb default null)
  returns table (id integer, user_id integer, total_amount numeric, deposit_total numeric, reserved_until timestamptz, items json, discounts jsonb, coupon json, freed integer[])
  language plpgsql rows 1 set plan_cache_mode = force_generic_plan
  set enable_seqscan = off set enable_mergejoin = off set enable_hashjoin = off as $$
#variable_conflict use_column
declare
  cart carts;
  product integer := p_product_id;
  replaced integer;
  in_cart integer;
  wanted integer := p_quantity;
  lines integer;
  is_offered boolean;
  freed_products integer[];
begin
  cart := lock_cart(p_user_id);
  if p_action in ('SET', 'REMOVE') then
    select ci.product_id into replaced from cart_items ci where ci.id = p_item_id and ci.cart_id = cart.id;
    if not found then
      perform guard(false, 'NOT_FOUND');
    end if;
    product := coalesce(p_product_id, replaced);
  end if;
  if p_action in ('ADD', 'SET') then
    select max(ci.quantity) filter (where ci.product_id = product), count(*) into in_cart, lines
      from cart_items ci where ci.cart_id = cart.id;
    if p_action = 'ADD' then
      wanted := p_quantity + coalesce(in_cart, 0);
    end if;
    is_offered := check_offer(cart.id, product, wanted, p_branch_id, p_max_quantity);
    if in_cart is null then
      if p_action = 'ADD' and lines >= p_max_lines then
        perform guard(false, 'CART_FULL', jsonb_build_object('max_lines', p_max_lines));
      end if;
      insert into cart_items (cart_id, product_id, quantity) values (cart.id, product, wanted);
    else
      update cart_items ci set quantity = wanted where ci.cart_id = cart.id and ci.product_id = product;
    end if;
    if p_substitution is not null then
      perform guard_choice(p_substitution, product);
      update cart_items ci set substitution_policy = p_substitution ->> 'policy', substitution_ids = choice_of(p_substitution)
        where ci.cart_id = cart.id and ci.product_id = product;
    end if;
  end if;
  if p_action = 'REMOVE' or p_action = 'SET' and product <> replaced then
    delete from cart_items ci where ci.id = p_item_id;
  elsif p_action = 'CLEAR' then
    delete from cart_items ci where ci.cart_id = cart.id;
  elsif p_action = 'COUPON' then
    update carts c set coupon_id = find_coupon(p_code, cart, p_branch_id) where c.id = cart.id;
  end if;

  freed_products := cart_changed(cart);
  return query select c.*, freed_products from open_cart(p_user_id, p_branch_id) c;
end $$;

comment on function change_cart is 'nullable: reserved_until, coupon';
