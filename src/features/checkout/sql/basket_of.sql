-- The lines of a priced cart as promotions see them.
create or replace function basket_of(p_lines priced_line[]) returns basket_line[] language sql immutable as $$
  select array_agg((l.product_id, l.category_id, l.price * 100, l.quantity)::basket_line order by l.id) from unnest(p_lines) l
$$;
