-- An event for a new product and for each change of one; ratings follow from reviews and are none.
create or replace function product_event() returns trigger language plpgsql as $$
declare
  noise text[] := '{updated_at,rating_average,rating_count,name_key,description_key,translated_texts,version}';
begin
  if tg_op = 'UPDATE' and to_jsonb(old) - noise = to_jsonb(new) - noise then
    return null;
  end if;
  insert into public.events (type, entity_type, entity_id, version, data)
    values (case tg_op when 'INSERT' then 'product.created' else 'product.updated' end, 'product', new.id, new.version,
      jsonb_build_object('sku', new.sku, 'name', new.name, 'price', new.price::text, 'old_price', new.old_price::text,
        'category_id', new.category_id, 'is_active', new.is_active));
  return null;
end $$;

create or replace trigger product_event_insert after insert on products for each row execute function product_event();
create or replace trigger product_event_update after update on products for each row
  when (old.* is distinct from new.*) execute function product_event();
