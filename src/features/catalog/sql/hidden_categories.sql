-- Inactive categories and all categories below them: their products are not on sale.
create or replace function hidden_categories() returns setof integer language sql stable as $$
  with recursive hidden as (
    select id from categories where not is_active
    union
    select c.id from categories c join hidden on c.parent_id = hidden.id
  )
  select id from hidden
$$;
