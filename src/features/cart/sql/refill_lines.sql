-- The lines of an order or of a list, one for each product, with the price at that time.
create or replace function refill_lines(p_user_id integer, p_order_id integer, p_list_id integer)
  returns table (product_id integer, quantity integer, unit_price numeric) language plpgsql stable as $$
#variable_conflict use_column
begin
  if p_order_id is not null then
    if not exists (select from orders o where o.id = p_order_id and o.user_id = p_user_id and o.placed_at is not null) then
      perform guard(false, 'NOT_FOUND');
    end if;
    return query
      select i.product_id, sum(i.quantity)::integer, max(i.unit_price) from order_items i
      where i.order_id = p_order_id group by i.product_id order by min(i.id);
  else
    if not exists (select from shopping_lists l where l.id = p_list_id and l.user_id = p_user_id) then
      perform guard(false, 'NOT_FOUND');
    end if;
    return query
      select i.product_id, i.quantity, i.unit_price from shopping_list_items i where i.list_id = p_list_id order by i.position;
  end if;
end $$;
