-- Products in stock at the branch that could be given instead of a line, best first: those that the customer named, then the nearest by
-- category, by price for the same measure and by dietary labels.
create or replace function suggested_substitutes(p_order_id integer, p_item_id integer, p_limit integer)
  returns table (product_id integer, name text, sku text, price numeric, unit text, image_url text, bin_location text,
    unit_price json, available_quantity integer, is_chosen boolean)
  language plpgsql stable rows 10 as $$
#variable_conflict use_column
begin
  return query
    select p.id, p.name, p.sku, p.price, p.unit, p.image_url, p.bin_location, unit_price_of(p), stock.free,
      coalesce(p.id = any (i.substitution_ids), false)
    from order_items i
    join orders o on o.id = i.order_id
    join products original on original.id = i.product_id
    join categories shelf on shelf.id = original.category_id
    join inventory v on v.branch_id = o.branch_id and v.on_hand > 0
    join products p on p.id = v.product_id
    join categories c on c.id = p.category_id
    cross join lateral stock_of(v.id, v.on_hand) stock
    where i.id = p_item_id and i.order_id = p_order_id and stock.free > 0 and p.is_active
      and p.category_id <> all (hidden_category_ids()) and is_safe_substitute(original, p)
      and (c.id = shelf.id or c.parent_id = shelf.parent_id or c.id = shelf.parent_id or c.parent_id = shelf.id
        or p.id = any (i.substitution_ids))
    order by coalesce(p.id = any (i.substitution_ids), false) desc, c.id <> shelf.id,
      abs(coalesce((unit_price_of(p) ->> 'amount')::numeric, p.price) - coalesce((unit_price_of(original) ->> 'amount')::numeric, original.price)),
      -- Fewest dietary labels of the original missing.
      cardinality(array(select unnest(original.dietary) except select unnest(p.dietary))), p.id
    limit p_limit;
end $$;

comment on function suggested_substitutes is 'nullable: unit, image_url, bin_location, unit_price';
