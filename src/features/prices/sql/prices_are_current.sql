-- True, or MSDUE: for everything that reads the price of a product.
create or replace function prices_are_current() returns boolean language plpgsql stable as $$
begin
  perform until_price_change();
  return true;
end $$;
