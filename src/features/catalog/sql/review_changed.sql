-- Maintains the rating of a product. The product is locked first, so that concurrent reviews are included.
create or replace function review_changed() returns trigger language plpgsql as $$
declare
  reviewed integer := coalesce(new.product_id, old.product_id);
begin
  perform from products where id = reviewed for no key update;
  update products p set (rating_average, rating_count) = (
      select round(avg(rating), 2), count(*) from reviews r where r.product_id = p.id
    ) where p.id = reviewed;
  return null;
end $$;

create or replace trigger review_changed after insert or update or delete on reviews
  for each row execute function review_changed();
