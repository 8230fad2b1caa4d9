-- The inventory row of a product at a branch, looked up by its unique index for each row that asks. `offset 0` keeps PostgreSQL from
-- joining the whole table instead: without statistics it sorts all of it, or reads a whole branch for each row.
create or replace function shelf_of(p_product_id integer, p_branch_id integer) returns table (id integer, on_hand integer)
  language sql stable rows 1 as $$
  select i.id, i.on_hand from inventory i where i.product_id = p_product_id and i.branch_id = p_branch_id offset 0
$$;
