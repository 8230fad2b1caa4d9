-- Updates search rows and counts when products change.
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
    from (select id, name, sku, description, brand, translations from new_rows
          union select id, name, sku, description, brand, translations from old_rows) states
    group by id having count(*) > 1);
  if reworded <> '{}' then
    perform list_products(reworded, true);
  end if;
  changed := array(
    select id
    from (select id, category_id, price, old_price, is_organic, is_active, allergens, may_contain, dietary, rating_average, updated_at from new_rows
          union
          select id, category_id, price, old_price, is_organic, is_active, allergens, may_contain, dietary, rating_average, updated_at
            from old_rows) states
    group by id having count(*) > 1
    except select unnest(reworded));
  if changed <> '{}' then
    perform list_products(changed, false);
  end if;
  return null;
end $$;

create or replace trigger products_inserted after insert on products
  referencing new table as new_rows for each statement execute function products_changed();

create or replace trigger products_updated after update on products
  referencing old table as old_rows new table as new_rows for each statement execute function products_changed();
