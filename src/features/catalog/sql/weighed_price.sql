-- Keeps the price of a nominal piece and the price per kilogram together when one of them is changed alone, whoever changes it.
create or replace function weighed_price() returns trigger language plpgsql as $$
begin
  if new.price_per_kg is distinct from old.price_per_kg or new.nominal_grams is distinct from old.nominal_grams then
    if new.price = old.price then
      new.price := round(new.price_per_kg * new.nominal_grams / 1000, 2);
    end if;
  elsif new.price <> old.price then
    new.price_per_kg := round(new.price * 1000 / new.nominal_grams, 2);
  end if;
  return new;
end $$;

create or replace trigger weighed_price before update on products for each row
  when (new.sold_by = 'WEIGHT' and old.sold_by = 'WEIGHT') execute function weighed_price();
