-- True, or MSDUE: for everything that reads the price of a product. An assignment calls it at a fraction of what `perform` costs.
create or replace function prices_are_current() returns boolean language plpgsql stable as $$
declare
  wait float8 := until_price_change();
begin
  return true;
end $$;
