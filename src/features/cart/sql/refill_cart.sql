-- Puts what an order or a list names into the open cart: of each product the larger of the two quantities, so a repeat changes nothing.
-- A product that the shop cannot sell in that quantity is left as it is and named in `skipped`; `price_changes` names the others whose
-- price is not that of the order or the list.
-- By index alone, whatever the size of the tables when the plan was made (docs/decisions/0041).
create or replace function refill_cart(p_user_id integer, p_branch_id integer, p_max_quantity integer, p_max_lines integer,
    p_order_id integer default null, p_list_id integer default null)
  returns table (cart jsonb, skipped jsonb, price_changes jsonb, freed integer[])
  language plpgsql rows 1 set plan_cache_mode = force_generic_plan
  set enable_seqscan = off set enable_mergejoin = off set enable_hashjoin = off as $$
declare
  target carts;
  line record;
  hidden integer[] := hidden_category_ids();
  lines integer;
  reason text;
  is_changed boolean := false;
begin
  perform prices_are_current();
  target := lock_cart(p_user_id);
  lines := (select count(*) from cart_items ci where ci.cart_id = target.id);
  skipped := '[]';
  price_changes := '[]';
  freed := '{}';
  for line in
    select w.product_id, least(w.quantity, p_max_quantity) as quantity, w.unit_price, p.price, coalesce(ci.quantity, 0) as in_cart,
      p.is_active and p.category_id <> all (hidden) as is_offered, coalesce(stock.free, 0) as free
    from refill_lines(p_user_id, p_order_id, p_list_id) with ordinality as w (product_id, quantity, unit_price, place)
    join products p on p.id = w.product_id
    left join cart_items ci on ci.cart_id = target.id and ci.product_id = w.product_id
    left join inventory i on i.product_id = w.product_id and i.branch_id = p_branch_id
    left join lateral stock_of(i.id, i.on_hand, target.id) stock on true
    order by w.place
  loop
    reason := case
      when line.in_cart >= line.quantity then null
      when not line.is_offered then 'PRODUCT_INACTIVE'
      when line.free < line.quantity then
        case when exists (
            select from inventory i join branches b on b.id = i.branch_id and b.is_active
            cross join lateral stock_of(i.id, i.on_hand, target.id) stock
            where i.product_id = line.product_id and stock.free > 0
          ) then 'OUT_OF_STOCK_DELIVERY_BRANCH' else 'OUT_OF_STOCK_ANYWHERE' end
      when line.in_cart = 0 and lines >= p_max_lines then 'CART_FULL'
    end;
    if reason is not null then
      skipped := skipped || jsonb_build_object('product_id', line.product_id, 'reason', reason,
        'available_quantity', case when line.is_offered then line.free else 0 end);
      continue;
    end if;
    if line.unit_price <> line.price then
      price_changes := price_changes || jsonb_build_object(
        'product_id', line.product_id, 'previous_price', line.unit_price, 'price', line.price);
    end if;
    continue when line.in_cart >= line.quantity;
    is_changed := true;
    if line.in_cart = 0 then
      insert into cart_items (cart_id, product_id, quantity) values (target.id, line.product_id, line.quantity);
      lines := lines + 1;
    else
      update cart_items ci set quantity = line.quantity where ci.cart_id = target.id and ci.product_id = line.product_id;
    end if;
  end loop;
  if is_changed then
    freed := cart_changed(target);
  end if;
  cart := (select to_jsonb(c) from open_cart(p_user_id, p_branch_id) c);
  return next;
end $$;
