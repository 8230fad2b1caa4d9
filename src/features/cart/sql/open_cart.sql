-- The open cart of a user, as the API shows it.
-- By index alone, whatever the size of the tables when the plan was made (docs/decisions/0041).
create or replace function open_cart(p_user_id integer, p_branch_id integer)
  returns table (id integer, user_id integer, total_amount numeric, deposit_total numeric, reserved_until timestamptz, items json, discounts jsonb, coupon json)
  language plpgsql stable rows 1 set plan_cache_mode = force_generic_plan
  set enable_seqscan = off set enable_mergejoin = off set enable_hashjoin = off as $$
#variable_conflict use_column
declare
  is_current boolean := prices_are_current();
  hidden integer[] := hidden_category_ids();
  cart record;
  basket basket_line[];
  products integer[];
  priced basket_discounts;
begin
  select c.id, c.coupon_id, c.coupon_id is not null or exists (select from running_promotions) as has_promotions,
      u.substitution_policy into cart
    from carts c join users u on u.id = c.user_id where c.user_id = p_user_id and c.status in ('ACTIVE', 'CHECKING_OUT');
  if not found then
    return;
  end if;
  if cart.has_promotions then
    basket := cart_basket(cart.id);
    products := array(select b.product_id from unnest(basket) with ordinality b order by b.ordinality);
    priced := discount_basket(p_user_id, p_branch_id, cart.coupon_id, basket);
  end if;
  return query
    select cart.id, p_user_id, coalesce(lines.total + lines.deposits, 0)::numeric(14, 2), coalesce(lines.deposits, 0)::numeric(14, 2),
      (select min(h.expires_at) from hold_lines h where h.cart_id = cart.id and h.expires_at > now()),
      coalesce(lines.items, '[]'), coalesce((priced).applied, '[]'),
      case when cart.coupon_id is not null then cart_coupon(cart.coupon_id, p_user_id, p_branch_id, basket, priced) end
    from (
      select sum(l.price * l.quantity - l.discount) as total, coalesce(sum(l.deposit * l.quantity), 0) as deposits,
        json_agg(json_build_object(
          'id', l.id, 'product_id', l.product_id, 'quantity', l.quantity, 'unit_price', l.price,
          'line_total', l.price * l.quantity, 'discount', l.discount, 'deposit', l.deposit, 'product_name', l.name,
          'translations', l.translations, 'product_image', l.image_url, 'sku', l.sku, 'unit', l.unit, 'available_quantity', l.available, 'is_available', l.available >= l.quantity,
          'substitution', json_build_object('policy', l.substitution_policy, 'product_ids', coalesce(l.substitution_ids, '{}'))
        ) order by l.id) as items
      from (
        select ci.id, ci.product_id, ci.quantity, p.price, p.deposit,
          case when cart.has_promotions then coalesce((priced).lines[array_position(products, ci.product_id)] / 100.0, 0)::numeric(14, 2)
            else 0.00 end as discount, p.name, p.sku, p.unit, p.image_url, p.translations,
          coalesce(ci.substitution_policy, cart.substitution_policy) as substitution_policy, ci.substitution_ids,
          case when p.is_active and p.category_id <> all (hidden) then coalesce(stock.free, 0) else 0 end as available
        from cart_items ci
        join products p on p.id = ci.product_id
        left join inventory i on i.product_id = ci.product_id and i.branch_id = p_branch_id
        left join lateral stock_of(i.id, i.on_hand, cart.id) stock on true
        where ci.cart_id = cart.id
        offset 0
      ) l
    ) lines;
end $$;

comment on function open_cart is 'nullable: reserved_until, coupon';
