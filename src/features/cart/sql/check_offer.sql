-- Refuses to put more of a product into a cart than the shop can sell. Deliveries ship from one branch: its stock counts.
create or replace function check_offer(p_cart_id integer, p_product_id integer, p_wanted integer, p_branch_id integer,
    p_max_quantity integer) returns boolean language plpgsql stable as $$
declare
  offered integer;
  details jsonb;
begin
  select coalesce(stock.free, 0) into offered
    from products p
    left join inventory i on i.product_id = p.id and i.branch_id = p_branch_id
    left join lateral stock_of(i.id, i.on_hand, p_cart_id) stock on true
    where p.id = p_product_id and p.is_active and p.category_id <> all (hidden_category_ids());
  if not found then
    perform guard(false, 'PRODUCT_INACTIVE');
  end if;
  if p_wanted <= least(offered, p_max_quantity) then
    return true;
  end if;
  details := jsonb_build_object(
    'product_id', p_product_id, 'requested_quantity', p_wanted, 'available_quantity', offered);
  perform guard(p_wanted <= p_max_quantity, 'QUANTITY_TOO_LARGE', details);
  perform guard(exists (
      select from inventory i join branches b on b.id = i.branch_id and b.is_active
      cross join lateral stock_of(i.id, i.on_hand, p_cart_id) stock
      where i.product_id = p_product_id and stock.free > 0
    ), 'OUT_OF_STOCK_ANYWHERE', details);
  perform guard(false, 'OUT_OF_STOCK_DELIVERY_BRANCH', details);
  return false;
end $$;
