-- Activating or deactivating a branch changes where its products are listed. Inventory rows without stock are included:
-- list_products locks the product first, so it sees the result of a concurrent delivery.
create or replace function branch_switched() returns trigger language plpgsql as $$
begin
  perform list_products(array(select product_id from inventory where branch_id = new.id), false);
  return null;
end $$;

create or replace trigger branch_switched after update on branches for each row
  when (old.is_active <> new.is_active) execute function branch_switched();
