-- Keeps the two prices of a product sold by weight together, whoever changes one of them.
create or replace function weighed_price() returns trigger language plpgsql as $$
begin
  return weighed(old, new);
end $$;

create or replace trigger weighed_price before update on products for each row
  when (new.sold_by = 'WEIGHT' and old.sold_by = 'WEIGHT') execute function weighed_price();
