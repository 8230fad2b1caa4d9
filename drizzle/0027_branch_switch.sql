-- Empty shelves too: one that is being filled at this moment is not seen as full yet, but its product's row is locked, and
-- waiting for it shows what became of it.
create or replace function branch_switched() returns trigger language plpgsql as $$
begin
  perform list_products(array(select product_id from inventory where branch_id = new.id), false);
  return null;
end $$;
