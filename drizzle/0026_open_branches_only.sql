-- As before, but "anywhere" are the branches that customers see.
create or replace function cart_offer(p_cart_id integer, p_product_id integer, p_branch_id integer)
  returns table (product_id integer, in_cart integer, available integer, is_anywhere boolean)
  language plpgsql stable rows 1 as $$
#variable_conflict use_column
begin
  return query
    select p.id,
      coalesce((select ci.quantity from cart_items ci where ci.cart_id = p_cart_id and ci.product_id = p.id), 0),
      coalesce((select free_for_cart(i.id, i.on_hand, p_cart_id) from inventory i
        where i.product_id = p.id and i.branch_id = p_branch_id), 0),
      exists (select from inventory i join branches b on b.id = i.branch_id and b.is_active
        where i.product_id = p.id and free_for_cart(i.id, i.on_hand, p_cart_id) > 0)
    from products p
    where p.id = p_product_id and p.is_active and p.category_id not in (select hidden_categories());
end $$;
