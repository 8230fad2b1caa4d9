-- The product with the price of a nominal piece and the price per kilogram kept together, when one of them was changed alone.
create or replace function weighed(old products, new products) returns products language plpgsql immutable as $$
begin
  if new.sold_by <> 'WEIGHT' or old.sold_by is distinct from 'WEIGHT' then
    return new;
  end if;
  if new.price_per_kg is distinct from old.price_per_kg or new.nominal_grams is distinct from old.nominal_grams then
    if new.price = old.price then
      new.price := round(new.price_per_kg * new.nominal_grams / 1000, 2);
    end if;
  elsif new.price <> old.price then
    new.price_per_kg := round(new.price * 1000 / new.nominal_grams, 2);
  end if;
  return new;
end $$;
