/** What must always be true of the lists of products and their counts; each query returns the rows that violate it. */
export const LIST_INVARIANTS: Readonly<Record<string, string>> = {
  'the counts of lists are those of the products': `
    select * from (
      select scope, category_id, is_organic, on_sale, price_band, sum(products) as products from product_counts
      group by 1, 2, 3, 4, 5 having sum(products) <> 0
    ) kept
    full join (
      select scope, p.category_id, p.is_organic, coalesce(p.old_price > p.price, false) as on_sale,
        price_band(p.price) as price_band, count(*) as products
      from products p
      cross join lateral (
        select 0 as scope
        union all select -1 where exists (
          select from inventory i join branches b on b.id = i.branch_id and b.is_active
          where i.product_id = p.id and i.on_hand > 0)
        union all select branch_id from inventory i where i.product_id = p.id and i.on_hand > 0
      ) scopes
      where p.is_active group by 1, 2, 3, 4, 5
    ) actual using (scope, category_id, is_organic, on_sale, price_band)
    where kept.products is distinct from actual.products`,
  'the rows that facets count are those of the lists': `
    select f.product_id from product_facets f full join product_search s using (product_id)
    where to_jsonb(f) - 'is_stocked' is distinct from (select jsonb_object_agg(key, value) from jsonb_each(to_jsonb(s)) where to_jsonb(f) - 'is_stocked' ? key)`,
  'the counts of categories are those of lists': `
    select scope, category_id, is_organic, on_sale from (select scope, category_id, is_organic, on_sale, products from category_counts
      union all select scope, category_id, is_organic, on_sale, -products from product_counts
    ) counts group by 1, 2, 3, 4 having sum(products) <> 0`,
};
