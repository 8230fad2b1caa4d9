-- The lines of a basket that a promotion covers.
create or replace function covered_places(p_promotion promotions, p_lines basket_line[]) returns integer[] language plpgsql stable as $$
begin
  return array(
    select l.place from unnest(p_lines) with ordinality as l (product_id, category_id, price, quantity, place)
    where is_promoted(p_promotion.product_ids, p_promotion.category_ids, l.product_id, category_path(l.category_id)) order by l.place);
end $$;
