-- Old and new rows are told apart by grouping, not by joining: a pooled connection keeps the plan that it made for one
-- row, and by that plan a join of 10,000 shelves with themselves takes nine seconds.
create or replace function shelves_changed() returns trigger language plpgsql as $$
declare
  changed integer[];
begin
  if tg_op = 'INSERT' then
    changed := array(select distinct product_id from new_rows where on_hand > 0);
  else
    changed := array(
      select distinct product_id
      from (select id, product_id, on_hand > 0 as is_stocked from new_rows
            union select id, product_id, on_hand > 0 from old_rows) states
      group by id, product_id having count(*) > 1);
  end if;
  if changed <> '{}' then
    perform list_products(changed, false);
  end if;
  return null;
end $$;
--> statement-breakpoint
create or replace function products_changed() returns trigger language plpgsql as $$
declare
  reworded integer[];
  changed integer[];
begin
  if tg_op = 'INSERT' then
    perform list_products(array(select id from new_rows), true);
    return null;
  end if;
  reworded := array(
    select id
    from (select id, name, sku, description from new_rows union select id, name, sku, description from old_rows) states
    group by id having count(*) > 1);
  if reworded <> '{}' then
    perform list_products(reworded, true);
  end if;
  changed := array(
    select id
    from (select id, category_id, price, old_price, is_organic, is_active, rating_average, updated_at from new_rows
          union
          select id, category_id, price, old_price, is_organic, is_active, rating_average, updated_at from old_rows) states
    group by id having count(*) > 1
    except select unnest(reworded));
  if changed <> '{}' then
    perform list_products(changed, false);
  end if;
  return null;
end $$;
